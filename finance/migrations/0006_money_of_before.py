"""What was settled before: gross amounts, due days, payers, free gates, and the ledger it would have written."""

from django.db import migrations

# settlements and visits of before this version say what the new columns ask
FILL = [
    "UPDATE finance_settlement SET gross = amount WHERE gross = 0 AND discount = 0 AND rounding = 0 AND amount <> 0",
    "UPDATE finance_settlement s SET due_on = s.settled_on + COALESCE(p.terms_days, 0) FROM finance_settlement o "
    "LEFT JOIN service_party p ON p.id = o.party_id WHERE o.id = s.id AND s.due_on IS NULL",
    "UPDATE finance_settlement s SET customer_id = COALESCE(v.payer_id, v.customer_id) FROM service_visit v "
    "WHERE v.id = s.visit_id AND s.payer = 'customer' AND s.customer_id IS NULL",
    "UPDATE service_visit SET explained_at = settled_at WHERE settled_at IS NOT NULL AND explained_at IS NULL",
    "UPDATE service_visit v SET cleared_at = COALESCE(v.settled_at, v.left_at) WHERE v.cleared_at IS NULL "
    "AND (v.settled_at IS NOT NULL OR v.left_at IS NOT NULL) AND NOT EXISTS (SELECT FROM finance_settlement s "
    "WHERE s.visit_id = v.id AND s.payer = 'customer' AND s.paid < s.amount AND s.reversed_at IS NULL "
    "AND s.reverses_id IS NULL)",
]
# Everything settled and paid in the house itself; what was loaded from an old system stands in that system's books.
POST = [
    """
    WITH s AS MATERIALIZED (SELECT *, gen_random_uuid() AS posting FROM finance_settlement WHERE origin = '')
    INSERT INTO finance_ledgerentry (store_id, business_date, at, posting, account, debit, credit, document,
        settlement_number, payer, party_id, customer_id)
    SELECT s.store_id, s.settled_on, s.settled_at, s.posting, a.account, GREATEST(a.x, 0), GREATEST(-a.x, 0),
        s.number, s.number, s.payer, s.party_id, s.customer_id
    FROM s CROSS JOIN LATERAL (VALUES ('receivable', s.amount), ('revenue', -s.net), ('vat', s.net - s.amount))
        a(account, x)
    WHERE a.x <> 0 ORDER BY s.id
    """,
    """
    WITH p AS MATERIALIZED (
        SELECT p.*, gen_random_uuid() AS posting, s.number AS of_list, s.payer, s.party_id, s.customer_id
        FROM finance_payment p JOIN finance_settlement s ON s.id = p.settlement_id WHERE s.origin = '')
    INSERT INTO finance_ledgerentry (store_id, business_date, at, posting, account, debit, credit, document,
        settlement_number, payer, party_id, customer_id)
    SELECT p.store_id, p.business_date, p.at, p.posting, a.account, GREATEST(a.x, 0), GREATEST(-a.x, 0),
        p.number, p.of_list, p.payer, p.party_id, p.customer_id
    FROM p CROSS JOIN LATERAL (VALUES (p.method, p.amount), ('receivable', -p.amount)) a(account, x) ORDER BY p.id
    """,
]


class Migration(migrations.Migration):
    dependencies = [("finance", "0005_discounts_receipts"), ("service", "0005_catalogue_holds_links")]
    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(POST, "DELETE FROM finance_ledgerentry"),
    ]
