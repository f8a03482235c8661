"""What stands on the printed statement (对账单) of a credit account."""

from typing import Any

from core.models import Store
from core.prints import day, head, in_chinese, moment, money, plain
from finance.figures import Statement
from finance.models import CreditAgreement
from finance.prints.capitals import capitals


def account_statement(agreement: CreditAgreement, statement: Statement) -> dict[str, Any]:
    """The data of a printed statement: what was put on the account, what was paid off, what is owed."""
    store = Store.objects.filter(company=agreement.company_id).select_related("company").order_by("code").first()
    with in_chinese():
        return {
            "title": "记账客户对账单",
            "number": agreement.number,
            "state": "已终止" if agreement.ended_at else "",
            "date": f"{day(statement.first)} 至 {day(statement.last)}",
            "head": head(store) if store else {"company": str(agreement.company)},
            "meta": [
                ["客户", str(agreement.customer)],
                ["电话", agreement.customer.phone or "–"],
                ["授信额度", money(agreement.limit)],
                ["账期", f"{plain(agreement.terms_days)} 天"],
            ],
            "before": money(statement.before),
            "rows": [
                [
                    moment(one.at, store) if store else day(one.at.date()),
                    one.number,
                    one.what,
                    money(one.charged) if one.charged is not None else "",
                    money(one.paid) if one.paid is not None else "",
                    money(one.balance),
                ]
                for one in statement.rows
            ],
            "after": money(statement.after),
            "capitals": capitals(statement.after),
        }
