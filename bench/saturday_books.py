"""The evening of the Saturday: what the house says of the day, compared with what was played, to the cent."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate

from bench.saturday_cars import Played
from bench.saturday_house import House
from tests.hard.web import Program

MONEY = ("cash", "card", "wechat", "alipay", "transfer")


class Books:
    """Everything is read through REST, as the managers see it."""

    def __init__(self, port: int, house: House, played: list[Played], ends: dict[str, str]) -> None:
        self.house, self.played, self.ends = house, played, ends
        self.as_role = {role: Program(port, token=crew[0].token) for role, crew in house.people.items()}
        self.port = port
        self.wrong: list[str] = []

    def differ(self, what: str, there: Any, played: Any) -> None:
        if there != played:
            self.wrong.append(f"{what}: the house says {there}, played was {played}")

    def rows(self, role: str, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """All rows of a list, page by page."""
        query |= {"size": 100}
        while True:
            answer = self.as_role[role].get(path, **query)
            assert answer.status == 200, (path, answer.status, answer.body[:200])
            found = answer.json()
            yield from found["results"]
            if not found["next"]:
                return
            query["after"] = found["next"].partition("after=")[2].partition("&")[0]

    def close(self) -> None:
        for one in self.as_role.values():
            one.close()

    def compare(self) -> list[str]:
        """All of it; what does not agree."""
        self.count_cash()
        return self.look()

    def look(self) -> list[str]:
        """What is there, without counting the drawers."""
        self.cars()
        self.settlements()
        self.ledger()
        self.figures()
        return self.wrong

    def owed(self) -> Counter[str]:
        return sum((one.owed for one in self.played), Counter())

    def count_cash(self) -> None:
        """Each cashier counts what lies in the drawer; a manager confirms it."""
        for person in self.house.people["cashier"]:
            body: dict[str, Any] = {"store": self.house.store, "business_date": localdate().isoformat()}
            sums: Counter[str] = Counter()
            for one in self.played:
                for cashier, method, amount in one.taken:
                    if cashier == person.pk:
                        sums[method] += amount
            body |= {method: str(sums[method]) for method in MONEY}
            cashier_ = Program(self.port, token=person.token)
            answer = cashier_.post("cash-counts/", body)
            cashier_.close()
            if answer.status != 201:
                self.wrong.append(f"the count of {person.name} {body}: {answer.status} {answer.body[:300]!r}")
                continue
            self.differ(f"difference of {person.name}", Decimal(answer.json()["difference"]), Decimal(0))
            confirmed = self.as_role["finance_manager"].post(f"cash-counts/{answer.json()['id']}/confirm/")
            self.differ("confirming the count", confirmed.status, 200)

    def cars(self) -> None:
        """No car is lost: each has left, or is where its story says."""
        there = {one["id"]: one for one in self.rows("advisor", "visits/")}
        self.differ("cars", len(there), len(self.played))
        for one in self.played:
            visit = there.get(one.visit)
            end = self.ends.get(one.plate)
            self.differ(f"{one.plate} ({one.story})", visit and visit["status"], end)
        passes = list(self.rows("guard", "gate-passes/"))
        used = sum(one["used_at"] is not None for one in passes)
        self.differ("gate passes used", used, sum(one.passes for one in self.played))
        self.differ("gate passes that lie about", sum(one["state"] in {"waiting", "outside"} for one in passes), 0)

    def settlements(self) -> None:
        """What each payer owes, and what is still to pay."""
        standing: Counter[str] = Counter()
        due: Counter[str] = Counter()
        for one in self.rows("cashier", "settlements/", status="standing"):
            standing[one["payer"]] += Decimal(one["amount"])
            due[one["payer"]] += Decimal(one["due"])
        self.differ("settled by payer", _tidy(standing), _tidy(self.owed()))
        paid = sum((one.paid for one in self.played), Counter())
        self.differ("still to pay by payer", _tidy(due), _tidy(_minus(self.owed(), paid)))

    def ledger(self) -> None:
        """Debits are credits, and each account holds what was played."""
        balance: Counter[str] = Counter()
        debit = credit = Decimal(0)
        for one in self.rows("finance_manager", "ledger/"):
            debit, credit = debit + Decimal(one["debit"]), credit + Decimal(one["credit"])
            balance[one["account"]] += Decimal(one["debit"]) - Decimal(one["credit"])
        self.differ("debits and credits", debit, credit)
        played: Counter[str] = Counter()
        for one in self.played:
            for _cashier, method, amount in one.taken:
                played[method] += amount
        played["receivable"] = sum((sum(one.owed.values()) - sum(one.paid.values()) for one in self.played), Decimal(0))
        played["deposits"] = -sum((one.deposits for one in self.played), Decimal(0))
        played["credit_account"] = sum((one.on_account for one in self.played), Decimal(0))
        revenue = balance.pop("revenue", Decimal(0)) + balance.pop("vat", Decimal(0))
        self.differ("revenue with its VAT", -revenue, sum(self.owed().values()))
        self.differ("accounts", _tidy(balance), _tidy(played))

    def figures(self) -> None:
        """The figures table of the day, once the clock has counted."""
        sums: dict[str, Counter[str]] = {}
        parts: Counter[str] = Counter()
        for one in self.rows("general_manager", "figures/"):
            sums.setdefault(one["code"], Counter())[one["dimension"]] += Decimal(one["numerator"])
            parts[one["code"]] += Decimal(one["denominator"])
        seen = {code: sum(found.values()) for code, found in sums.items()}
        self.differ("figure visits", seen.get("visits", 0), sum(one.counts for one in self.played))
        self.differ("figure revenue", seen.get("revenue", 0), sum(self.owed().values()))
        kinds: Counter[str] = sum((one.kinds for one in self.played if not one.off), Counter())
        found = sums.get("revenue", Counter())
        if not any(one.off for one in self.played):
            self.differ("figure revenue by payer and kind", _tidy(found), _tidy(kinds))
        for payer in {"customer", "manufacturer", "insurer"}:
            there = sum(amount for dimension, amount in found.items() if dimension.partition(":")[0] == payer)
            self.differ(f"figure revenue of {payer}", there, self.owed().get(payer, 0))
        self.differ("cars made ready under a promise", parts["on_time"], sum(one.ready for one in self.played))
        settled = [one for one in self.played if one.owed and any(one.owed.values())]
        self.differ("orders on a list", parts["order_value"], sum(one.orders for one in settled))
        net = sum(sums.get("revenue_net", Counter()).values())
        whole = sum(self.owed().values())
        # every line is rounded by itself, so the net of the day lies within a few fen of the whole's
        if whole and abs(net - whole / Decimal("1.13")) > Decimal("0.01") * 40 * len(self.played):
            self.wrong.append(f"net revenue {net} of {whole}")


def _tidy(sums: Counter[str]) -> dict[str, Decimal]:
    return {key: Decimal(value) for key, value in sorted(sums.items()) if value}


def _minus(whole: Counter[str], part: Counter[str]) -> Counter[str]:
    return Counter({key: whole[key] - part[key] for key in whole.keys() | part.keys()})


def spread_of(seconds: Iterable[float], percent: int) -> float:
    """The length of time that so many percent of the requests did not exceed."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else 0.0
