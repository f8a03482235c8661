"""A house in which every word is a script: forty of them, put past all forms straight into what people type."""

import random
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Left, Mod

from core.events import TOLD
from core.logbook import record
from core.models import Entry, Store
from core.roles import LINK_VERBS, Role
from tests import access, audit
from tests.hard.addresses import addresses
from tests.hard.conftest import FULL
from tests.hard.pages import people_for
from tests.hard.world import day
from tests.test_access import cases_of, corrected, desk_of

RUN = "window.__ran=1"
PAYLOADS = (
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f'"><script>{RUN}</script>',
    f"'><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</option></select><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"</template><script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<scr<script>ipt>{RUN}</script>",
    f"<script\x0c>{RUN}</script>",
    f"<script/src=data:,{RUN}></script>",
    f"<script type=module>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror={RUN}>',
    f"'><img src=x onerror={RUN}>",
    f"<img/src/onerror={RUN}>",
    f"<image src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<math><mtext><img src=x onerror={RUN}></mtext></math>",
    f"<body onload={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    "<iframe srcdoc='<script>parent.__ran=1</script>'>",
    "<iframe src=javascript:parent.__ran=1>",
    "<object data=javascript:parent.__ran=1>",
    f'" onfocus={RUN} autofocus x="',
    f"' onmouseover={RUN} x='",
    f"javascript:{RUN}",
    f"<a href=javascript:{RUN}>a</a>",
    f"<form action=javascript:{RUN}><button>a</button></form>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    "<style>@import 'x';*{background:url(x)}</style><link rel=stylesheet href=x>",
    f"{{{{constructor.constructor('{RUN}')()}}}}${{{RUN}}}\\u003cscript\\u003e{RUN}",
)
WORDS_OF_LINES = [name for name in TOLD if name != "amount" and not name.endswith("_at")]
# what no person types: how a row is found again, whom it is signed in by, what the house itself writes and reads
KEPT = {"username", "password", "digest", "nonce", "path", "kind", "status", "code", "method", "language", "origin",
        "time_zone"}  # fmt: skip
HOUSE_KEPT = {"core_queued", "core_keyedrequest", "core_cache", "core_heartbeat", "core_entry", "core_subject",
              "core_accessentry", "finance_payment", "finance_settlementline", "finance_ledgerentry"}  # fmt: skip
OWN = ("core", "customers", "service", "complaints", "finance", "dealer")

# pages that need no verb
OPEN = ("/", "/account/me/", "/search/?q=<script>", "/account/sessions/", "/account/2fa/", "/account/password/",
        "/api/docs/")  # fmt: skip


def typed_columns() -> Iterator[tuple[Any, Any]]:
    """Every column of words that no list of choices and no machine fills."""
    for model in apps.get_models():
        if model._meta.app_label in OWN and model._meta.db_table not in HOUSE_KEPT:
            for field in model._meta.concrete_fields:
                words = isinstance(field, models.CharField | models.TextField) and not isinstance(
                    field, models.FileField
                )
                if words and not field.choices and not field.primary_key and field.name not in KEPT:
                    yield model, field


def poison(turn: int = 0) -> tuple[Counter[str], list[str]]:
    """Payloads into all columns, another one for each row and column and turn; how many took one, and which did not."""
    took: Counter[str] = Counter()
    left = []
    for n, (model, field) in enumerate(typed_columns()):
        whens = [When(turn=i, then=Value(payload)) for i, payload in enumerate(PAYLOADS)]
        rows = model._base_manager.annotate(turn=Mod(F("pk") + n + turn, len(PAYLOADS)))
        new: Any = Case(*whens, output_field=models.TextField())
        if field.max_length:
            new = Left(new, field.max_length)
        try:
            with transaction.atomic():
                took[model._meta.label] += bool(rows.update(**{field.name: new}))
        except DatabaseError as problem:  # Postgres allows only some shapes there: the second wall
            left.append(f"{model._meta.label}.{field.name}: {str(problem).splitlines()[0][:90]}")
    return took, left


# columns of structured values in which somebody's words stand
VALUES = {"core.Approval": "facts", "core.Task": "params", "core.Notice": "params", "customers.Message": "params",
          "customers.Merge": "values", "complaints.MonthSheet": "figures", "dealer.MonthlyReport": "facts"}  # fmt: skip


def poison_values(turn: int = 0) -> int:
    """The same for words inside of structured values; how many took one."""
    took = 0
    for label, name in VALUES.items():
        for row in apps.get_model(label)._base_manager.all():
            was = getattr(row, name)
            value = worse(was, PAYLOADS[(row.pk + turn) % len(PAYLOADS)])
            took += apps.get_model(label)._base_manager.filter(pk=row.pk).update(**{name: value}) if value != was else 0
    return took


def worse(value: Any, payload: str) -> Any:
    """A structured value with other words; codes, dates, numbers and addresses stay."""
    if isinstance(value, dict):
        return {key: worse(one, payload) for key, one in value.items()}
    if isinstance(value, list):
        return [worse(one, payload) for one in value]
    return payload if isinstance(value, str) and not value.isascii() else value


NAMES = [one for one in PAYLOADS if len(one) <= 80]  # as long as the name of an actor may be


def tell_scripts(by: Any) -> int:
    """A line of the logbook about the newest documents of every kind, with scripts where it says words; how many."""
    told = 0
    for model in audit.every_model():
        if not audit.is_document(model):
            continue
        verb = Entry.objects.filter(kind=audit.kind_of(model)).values_list("verb", flat=True).first()
        for row in model._base_manager.order_by("-pk")[:3] if verb else ():
            words = {name: PAYLOADS[(row.pk + n) % len(PAYLOADS)] for n, name in enumerate(WORDS_OF_LINES)}
            record(str(verb), row, by=replace(by, name=NAMES[row.pk % len(NAMES)]), **words)
            told += 1
    return told


class Walk:
    """A populated house in which every word is a script."""

    def __init__(self, cast: Any) -> None:
        self.cast = cast
        dice = random.Random(23)
        day(cast, dice)
        from service.models import ConsentLink, Visit

        visit = Visit.objects.filter(status="closed").first() or Visit.objects.first()
        self.case = cases_of(visit, cast.people["advisor"], "")["complaints"]
        for role in {self.role(one.verb) for one in access.doors() if one.verb and one.verb not in LINK_VERBS}:
            desk_of(cast.people[role], visit.store)
            corrected(visit.store, cast.people[role], "")
        self.links = [f"/c/{ConsentLink.objects.latest('pk').token}/"]
        self.told = tell_scripts(cast.by(Role.ADVISOR))
        self.turn(0)
        from complaints.models.pages import page_token

        self.case.refresh_from_db()
        self.links += [f"/k/{self.case.token}/", f"/complain/{page_token(Store.objects.get(pk=cast.store.pk))}/"]

    def turn(self, n: int) -> None:
        """Scripts into every column, other ones than in the turn before."""
        self.took, self.left = poison(n)
        self.values = poison_values(n)

    def role(self, verb: str) -> str:
        people = [one for one in people_for(self.cast, verb) if one not in {Role.INTEGRATION, Role.GROUP_MANAGER}]
        others = [one for one in people_for(self.cast, verb) if one != Role.INTEGRATION]
        return str((people or others or [Role.INTEGRATION])[-1])

    def pages(self) -> Iterator[tuple[str, str]]:
        """Who opens which page: of each address the newest row that is there."""
        for one in access.doors():
            if one.is_api or one.verb in LINK_VERBS or one.method not in {"GET", "*"} or not one.verb:
                continue
            for path in list(addresses(one, {"complaints": self.case}))[: 3 if FULL else 1]:
                yield self.role(one.verb), path
        yield from ((str(Role.ADVISOR), path) for path in OPEN)


def is_a_file(path: str) -> bool:
    """Whether an address is a paper, a picture or a picture code and no page; told by its name."""
    return bool(
        re.search(r"/(pdf|xlsx|print|rejected|archive|receipt|qr|poster|download|job-card|sheet)/?$", path)
    ) or (re.match(r"/attachments/\d+/$", path) is not None)
