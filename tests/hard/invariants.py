"""What must be true of orders and money after every step, asked of the database in one question."""

from django.db import connection

# sentence -> the rows of which it is not true
RULES: dict[str, str] = {
    "debits are credits in every posting": """
        SELECT document FROM finance_ledgerentry GROUP BY posting, document HAVING sum(debit) <> sum(credit)""",
    "receivables are what is still to pay": """
        SELECT 'receivable' WHERE (SELECT coalesce(sum(debit - credit), 0) FROM finance_ledgerentry
            WHERE account = 'receivable') <> (SELECT coalesce(sum(amount - paid), 0) FROM finance_settlement
            WHERE reversed_at IS NULL AND reverses_id IS NULL)""",
    "the deposits account is what is left of deposits": """
        SELECT 'deposits' WHERE (SELECT coalesce(sum(credit - debit), 0) FROM finance_ledgerentry
            WHERE account = 'deposits') <> (SELECT coalesce(sum(amount - used - returned), 0) FROM finance_deposit
            WHERE returns_id IS NULL)""",
    "the credit accounts are what their customers owe": """
        SELECT 'credit_account' WHERE (SELECT coalesce(sum(debit - credit), 0) FROM finance_ledgerentry
            WHERE account = 'credit_account') <> (SELECT coalesce(sum(balance), 0) FROM finance_creditagreement)""",
    "nothing is paid below zero or beyond what is settled": """
        SELECT number FROM finance_settlement
        WHERE reverses_id IS NULL AND (paid < 0 OR paid > amount) OR reverses_id IS NOT NULL AND paid <> 0""",
    "what is paid is the sum of its payments": """
        SELECT s.number FROM finance_settlement s
        WHERE s.paid <> (SELECT coalesce(sum(p.amount), 0) FROM finance_payment p WHERE p.settlement_id = s.id)""",
    "the lines of a settlement add up to it": """
        SELECT s.number FROM finance_settlement s
        WHERE (s.amount, s.net, s.cost, s.discount, s.rounding) <> (SELECT coalesce(sum(l.amount), 0),
            coalesce(sum(l.net), 0), coalesce(sum(l.cost), 0), coalesce(sum(l.discount), 0),
            coalesce(sum(l.rounding), 0) FROM finance_settlementline l WHERE l.settlement_id = s.id)""",
    "a counter-entry takes back exactly what it reverses": """
        SELECT c.number FROM finance_settlement c JOIN finance_settlement s ON s.id = c.reverses_id
        WHERE (c.amount, c.net, c.cost) <> (-s.amount, -s.net, -s.cost) OR s.reversed_at IS NULL""",
    "the shares of a line add up to it": """
        SELECT l.id::text FROM service_line l
        WHERE l.amount <> (SELECT coalesce(sum(s.amount), 0) FROM service_share s WHERE s.line_id = l.id)""",
    "a line is settled once and wholly": """
        SELECT concat_ws(' ', l.id, l.name, l.consent, l.amount, 'on a list:', settled.whole)
        FROM service_line l JOIN service_job j ON j.id = l.job_id
        JOIN service_order o ON o.id = j.order_id JOIN service_visit v ON v.id = o.visit_id
        LEFT JOIN LATERAL (SELECT sum(x.amount + x.discount + x.rounding) AS whole FROM finance_settlementline x
            JOIN finance_settlement s ON s.id = x.settlement_id
            WHERE x.line_id = l.id AND s.reversed_at IS NULL AND s.reverses_id IS NULL) settled ON true
        WHERE coalesce(settled.whole, 0) <> CASE WHEN v.settled_at IS NOT NULL AND l.consent = 'authorised'
            THEN l.amount ELSE 0 END""",
    "an order comes to its counted lines": """
        SELECT o.number FROM service_order o
        WHERE o.amount <> (SELECT coalesce(sum(l.amount), 0) FROM service_line l JOIN service_job j ON j.id = l.job_id
            WHERE j.order_id = o.id AND l.consent IN ('asked', 'authorised'))""",
    "settled only after it was explained": """
        SELECT v.id::text FROM service_visit v WHERE v.settled_at IS NOT NULL AND v.explained_at IS NULL
        AND EXISTS (SELECT FROM finance_settlement s WHERE s.visit_id = v.id AND s.reversed_at IS NULL)""",
    "handed over only after it was settled": """
        SELECT id::text FROM service_visit WHERE status IN ('handed_over', 'left') AND settled_at IS NULL""",
    "out of the gate only on one used pass after service": """
        SELECT v.id::text FROM service_visit v WHERE (v.status = 'left') <> ((SELECT count(*) FROM finance_gatepass g
            WHERE g.visit_id = v.id AND g.kind = 'service' AND g.used_at IS NOT NULL) = 1)""",
    "no pass after service while the customer's share is open": """
        SELECT v.id::text FROM service_visit v JOIN finance_gatepass g ON g.visit_id = v.id
        WHERE g.kind = 'service' AND g.cancelled_at IS NULL AND v.status <> 'left'
        AND EXISTS (SELECT FROM finance_settlement s WHERE s.visit_id = v.id AND s.payer = 'customer'
            AND s.reversed_at IS NULL AND s.reverses_id IS NULL AND s.paid < s.amount AND s.released_at IS NULL)""",
    "the gate is free exactly when the customer's share is": """
        SELECT v.id::text FROM service_visit v WHERE v.status <> 'left'
        AND (v.cleared_at IS NOT NULL) <> (v.settled_at IS NOT NULL AND NOT EXISTS (
            SELECT FROM finance_settlement s WHERE s.visit_id = v.id AND s.payer = 'customer'
            AND s.reversed_at IS NULL AND s.reverses_id IS NULL AND s.paid < s.amount AND s.released_at IS NULL))""",
    "no car leaves while it is outside on another pass": """
        SELECT v.id::text FROM service_visit v JOIN finance_gatepass g ON g.visit_id = v.id
        WHERE v.status = 'left' AND g.kind IN ('road_test', 'sublet') AND g.cancelled_at IS NULL
        AND g.back_at IS NULL""",
    "nothing is ready with work or answers open": """
        SELECT v.id::text FROM service_visit v JOIN service_order o ON o.visit_id = v.id
        JOIN service_job j ON j.order_id = o.id LEFT JOIN service_line l ON l.job_id = j.id
        WHERE v.status IN ('ready', 'handed_over', 'left')
        AND (j.status NOT IN ('done', 'dropped') OR l.consent = 'asked')""",
    "nothing is done that nobody agreed to": """
        SELECT j.id::text FROM service_job j WHERE j.status IN ('dispatched', 'in_work', 'checking', 'done')
        AND NOT EXISTS (SELECT FROM service_line l WHERE l.job_id = j.id AND l.consent = 'authorised')""",
    "a job waits for consent exactly while a line of it waits": """
        SELECT j.id::text FROM service_job j WHERE EXISTS (SELECT FROM service_hold h WHERE h.job_id = j.id
            AND h.kind = 'consent' AND h.ended_at IS NULL) <> EXISTS (SELECT FROM service_line l
            WHERE l.job_id = j.id AND l.consent = 'asked')""",
}


# word -> the rows that make it true
THERE: dict[str, str] = {
    "room": "(SELECT 1) yard WHERE (SELECT count(*) FROM service_visit WHERE status <> 'left') < 4",
    "in_store": "service_visit WHERE status <> 'left'",
    "arrived": "service_visit WHERE status = 'arrived'",
    "received": "service_visit WHERE status = 'received'",
    "unsettled": "service_visit WHERE status = 'ready' AND settled_at IS NULL",
    "job": "service_job WHERE status NOT IN ('done', 'dropped')",
    "work": "service_job WHERE status IN ('dispatched', 'in_work')",
    "checking": "service_job WHERE status = 'checking'",
    "line": "service_line WHERE consent IN ('asked', 'authorised')",
    "asked": "service_line WHERE consent = 'asked'",
    "answer": "service_line WHERE consent IN ('asked', 'declined', 'deferred')",
    "held": "service_hold WHERE ended_at IS NULL",
    "approval": "core_approval WHERE status = 'asked'",
    "standing": "finance_settlement WHERE reversed_at IS NULL AND reverses_id IS NULL",
    "to_pay": "finance_settlement WHERE reversed_at IS NULL AND reverses_id IS NULL AND paid < amount",
    "payment": "finance_payment WHERE refunds_number IS NULL",
    "deposit": "finance_deposit",
    "owed": "finance_creditagreement WHERE balance > 0",
    "pass": "finance_gatepass",
    "outside": "finance_gatepass WHERE kind <> 'service' AND used_at IS NOT NULL AND back_at IS NULL",
}


def _asked(name: str, text: str) -> list[tuple[str, ...]]:
    """The rows of a question that is asked after every step, and so is planned once a connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name = %s", [name])
        if cursor.fetchone() == (0,):
            cursor.execute(f"PREPARE {name} AS {text}")
        cursor.execute(f"EXECUTE {name}")
        found: list[tuple[str, ...]] = cursor.fetchall()
    return found


def there() -> set[str]:
    """What there is to try something on."""
    text = " UNION ALL ".join(f"SELECT '{word}' WHERE EXISTS (SELECT FROM {rows})" for word, rows in THERE.items())
    return {word for (word,) in _asked("hard_there", text)}


def broken() -> list[str]:
    """Which of the rules do not hold, and for which row."""
    text = " UNION ALL ".join(
        f"(SELECT '{rule.replace(chr(39), chr(39) * 2)}', x.* FROM ({sql}) x(which) LIMIT 3)"
        for rule, sql in RULES.items()
    )
    return [f"{rule}: {which}" for rule, which in _asked("hard_broken", text)]
