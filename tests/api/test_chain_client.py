"""The whole chain through the REST door, by a Python client generated from the door's own description."""

import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from django.utils.timezone import now

from core.actions import make_token
from core.actor import CONSOLE
from customers import actions as customers
from customers.models import Call, Customer
from service.models import Party

BIN = Path(sys.executable).parent


@pytest.fixture(scope="session")
def description(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The description of the REST door, complete and without a warning."""
    from django.core.management import call_command

    path = tmp_path_factory.mktemp("description") / "openapi.yaml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(path))
    return path


@pytest.fixture(scope="session")
def aftersales(description: Path, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The generated client, as another firm's programmers would make it."""
    folder = tmp_path_factory.mktemp("client")
    done = subprocess.run(
        [
            BIN / "openapi-python-client",
            "generate",
            "--path",
            description,
            "--output-path",
            folder / "aftersales",
            "--meta",
            "none",
            "--fail-on-warning",
        ],
        env=os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    return importlib.import_module("aftersales")


class Caller:
    """Calls the client's functions by name and takes the answer out of the envelope."""

    def __init__(self, stack: ExitStack, package: ModuleType, base: str, token: str) -> None:
        client = importlib.import_module(f"{package.__name__}.client")
        self.package = package.__name__
        asked = client.AuthenticatedClient(base_url=base, token=token, timeout=httpx.Timeout(20))
        self.client = stack.enter_context(asked)
        self.keys = 0

        self.models = importlib.import_module(f"{package.__name__}.models")

    def choice(self, operation: str, name: str, value: Any) -> Any:
        """A query parameter with choices is an Enum of the client's."""
        kind = getattr(self.models, f"{operation}_{name}".replace("_", " ").title().replace(" ", ""), None)
        return kind(value) if kind else value

    def __call__(self, operation: str, *ids: int, expect: int = 200, body: Any = None, **more: Any) -> Any:
        rows = next(r for r in ROWS if operation.startswith(f"{r}_"))
        module = importlib.import_module(f"{self.package}.api.{rows}.{operation}")
        if "idempotency_key: str" in Path(module.__file__ or "").read_text():
            self.keys += 1
            more["idempotency_key"] = f"chain-{self.keys}"
        if body is not None:
            name, values = body
            more["body"] = getattr(self.models, name).from_dict(values)
        more = {name: self.choice(operation, name, value) for name, value in more.items()}
        answer = module.sync_detailed(*ids, client=self.client, **more)
        assert answer.status_code == expect, answer.content.decode()
        return answer.parsed


ROWS = ("calls", "customers", "employees", "gate_passes", "jobs", "lines", "messages", "orders", "parties",
        "settlements", "stores", "vehicles", "visits")  # fmt: skip


@pytest.fixture
def caller(cast: Any, live: str, aftersales: ModuleType) -> Iterator[Callable[[str], Caller]]:
    """A program that asks in the name of one of the cast."""
    with ExitStack() as stack:

        def caller(name: str) -> Caller:
            text = make_token(name="program", by=CONSOLE, employee=cast.people[name]).text
            return Caller(stack, aftersales, live, text)

        yield caller


def test_a_program_takes_a_car_through_the_house(cast, caller):
    maker = Party.objects.create(company=cast.store.company, kind="manufacturer", name="一汽奥迪")
    ask = caller("integration")

    store = ask("stores_list").results[0]
    assert (store.id, store.code) == (cast.store.pk, "HD01")
    arrival = {"store": store.id, "plate": "沪A·D03918", "vin": "LSVAA49J132047371", "brand": "奥迪", "model": "Q5L",
               "customer_name": "王海燕", "phone": "+86 139 1234 5678"}  # fmt: skip
    visit = ask("visits_create", expect=201, body=("ArriveRequest", arrival))
    assert (visit.status.value, visit.vehicle.name, visit.customer.name) == ("arrived", "沪AD03918", "王海燕")

    reception = {
        "driver_name": "李师傅",
        "driver_phone": "13700001111",
        "mileage": 41210,
        "promised_at": (now() + timedelta(hours=4)).isoformat(),
        "waits": True,
        "jobs": [{"words": "空调不制冷", "kind": "repair"}],
    }
    visit = ask("visits_receive", visit.id, body=("ReceiveRequest", reception))
    assert (visit.status.value, visit.advisor.name) == ("received", str(cast.integration))
    job = ask("orders_retrieve", visit.orders[0].id).jobs[0]

    lines = [
        {"kind": "labour", "name": "检查空调系统", "quantity": "1.50", "price": "380.00"},
        {"kind": "part", "code": "8W0820803", "name": "空调压缩机", "quantity": "1.00", "price": "3260.00",
         "cost": "2150.00"},
    ]  # fmt: skip
    labour, part = ask("jobs_add_lines", job.id, body=("AddLinesRequest", {"lines": lines})).lines
    assert (labour.amount, part.amount, part.cost) == ("570.00", "3260.00", "2150.00")
    split = [
        {"payer": "customer", "reason": "repair", "amount": "1260.00"},
        {"payer": "manufacturer", "party": maker.pk, "reason": "goodwill"},
    ]
    part = ask("lines_share", part.id, body=("ShareLineRequest", {"shares": split}))
    assert [share.amount for share in part.shares] == ["1260.00", "2000.00"]

    agreed = {
        "answers": [{"line": one.id, "answer": "authorised"} for one in (labour, part)],
        "via": "phone",
        "consent_by": "王海燕",
    }
    order = ask("orders_authorise", visit.orders[0].id, body=("AuthoriseRequest", agreed))
    assert order.status.value == "to_dispatch"
    technician = ask("employees_list", role="technician").results[0]
    ask("jobs_dispatch", job.id, body=("DispatchRequest", {"technician": technician.id}))
    ask("jobs_start", job.id)
    ask("jobs_finish", job.id, body=("FinishRequest", {"cause": "压缩机卡死", "remedy": "更换压缩机，加注冷媒"}))
    job = ask("jobs_check", job.id, body=("CheckRequest", {"passed": True}))
    assert (job.status.value, job.technician.id, job.inspector.id) == ("done", technician.id, cast.integration.pk)

    assert ask("visits_ready", visit.id, body=("ReadyRequest", {"channel": "sms"})).status.value == "ready"
    ask("visits_explain", visit.id, body=("ExplainRequest", {}))
    own, theirs = ask("visits_settle", visit.id, expect=201).settlements
    assert [(one.payer.value, one.payer_name, one.due) for one in (own, theirs)] == [
        ("customer", "王海燕", "1830.00"),
        ("manufacturer", "一汽奥迪", "2000.00"),
    ]
    paid = ask("settlements_pay", own.id, body=("PayRequest", {"amount": own.due, "method": "wechat"}))
    assert (paid.paid, paid.due, len(paid.payments)) == ("1830.00", "0.00", 1)
    hand_over = {"explained": True, "operation_explained": True, "belongings_back": True}
    assert ask("visits_hand_over", visit.id, body=("HandOverRequest", hand_over)).status.value == "handed_over"
    gate_pass = ask("visits_gate_pass", visit.id, expect=201)
    gate_pass = ask("gate_passes_let_out", gate_pass.id, body=("LetOutRequest", {"plate_seen": "3918"}))
    assert gate_pass.used_at is not None
    visit = ask("visits_retrieve", visit.id)
    assert (visit.status.value, visit.exit_.value, visit.orders[0].status.value) == ("left", "served", "closed")

    assert customers.plan_calls(by=cast.by("care_manager")) == 1
    call = ask("calls_list", status="planned").results[0]
    assert (call.name, call.phone, call.note.visit_id) == ("李师傅", "13700001111", visit.id)
    refused = ask("calls_call", call.id, expect=409, body=("CallRequest", {"outcome": "no_answer"}))
    assert refused.code == "refused"  # the integration worked on this car, so somebody else calls
    Call.objects.update(not_before=now() - timedelta(minutes=5), not_after=now() + timedelta(hours=1), is_agreed=True)
    call = caller("care_agent")(
        "calls_call", call.id, body=("CallRequest", {"outcome": "reached", "answer": "satisfied"})
    )
    assert (call.status.value, call.answer.value, call.tries[0].outcome.value) == ("reached", "satisfied", "reached")

    listed = ask("settlements_list", status="to_pay").results
    assert [(one.number, one.due) for one in listed] == [(theirs.number, "2000.00")]
    assert [one.code.value for one in ask("messages_list").results] == ["car_ready"]
    _read_and_edit(ask, visit.customer.id)


def _read_and_edit(ask: Caller, customer: int) -> None:
    """The customer is read, changed with the ETag that was read, and the older one is refused."""
    found = ask("customers_retrieve", customer)
    assert (found.phone, found.version) == ("13912345678", 1)
    etag = f'"{found.version}"'
    level = ("PatchedEditCustomerRequest", {"level": "gold"})
    assert ask("customers_partial_update", customer, if_match=etag, body=level).level.value == "gold"
    assert ask("customers_partial_update", customer, if_match=etag, body=level, expect=412).code == "stale"
    assert Customer.objects.get(pk=customer).version == 2
