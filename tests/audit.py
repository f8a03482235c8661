"""Where the logbook tells of each table: on a line of its own, on the line of its document, or nowhere, and why.

A new model is in none of these and fails tests/test_audit.py until somebody has thought about it.
"""

from typing import Any

from django.apps import apps

from core.events import KINDS
from core.rows import HouseModel

# Tables that the logbook does not tell of.
NOT_AUDITED: dict[str, str] = {
    "auth.Group": "the framework's; roles are a table in the code",
    "auth.Group_permissions": "the framework's; roles are a table in the code",
    "auth.Permission": "the framework's; roles are a table in the code",
    "contenttypes.ContentType": "the framework's",
    "core.Employee_groups": "the framework's; roles are a table in the code",
    "core.Employee_user_permissions": "the framework's; roles are a table in the code",
    "sessions.Session": "who is signed in",
    "usersessions.UserSession": "who is signed in",
    "account.EmailAddress": "nobody signs in by e-mail",
    "account.EmailConfirmation": "nobody signs in by e-mail",
    "core.AccessEntry": "the logbook of reads itself",
    "core.Detail": "the logbook itself",
    "core.Entry": "the logbook itself",
    "core.Subject": "the logbook itself",
    "core.Calendar": "laid on the console when a store is opened; told on the store's line",
    "core.Frame": "the calendar as rows, laid anew from its weeks",
    "core.Group": "laid on the console when the first company is",
    "core.HolidayYear": "public data of the year, loaded on the console",
    "core.PublicHoliday": "public data of the year, loaded on the console",
    "core.WeekFrame": "laid on the console when a store is opened; told on the store's line",
    "core.Counter": "the last number given; the document with the number is told",
    "core.Figure": "computed from documents",
    "core.TouchedDay": "what is to be computed again",
    "core.Heartbeat": "that the clock is alive",
    "core.KeyedRequest": "answers kept for a request that is sent again",
    "core.Mapping": "how a file is read; what is loaded through it has its line",
    "core.Notice": "what is told to somebody about a document whose line is there; reading it changes nothing",
    "core.Slot": "which run of a task is done",
    "core.VatRate": "the law's; brought by a migration",
    "service.GuaranteeRule": "the law's; brought by a migration",
}

# Tables whose rows are a part of a document: the names of the ways there, any of which has to be told.
PART_OF: dict[str, tuple[str, ...]] = {
    "core.Posting": ("employee",),
    "mfa.Authenticator": ("user",),
    "customers.CallAttempt": ("call",),
    "customers.ContactConsent": ("customer",),
    "customers.VisitNote_workers": ("visitnote",),
    "service.Job_helpers": ("job",),
    "service.MenuItem": ("menu",),
    "complaints.Clock": ("complaint", "outside"),
    "complaints.Complaint_problems": ("complaint",),
    "complaints.Bulletin_complaints": ("bulletin", "complaint"),
    "complaints.Compensation": ("option",),
    "finance.SettlementLine": ("settlement",),
    "finance.Payment": ("settlement", "deposit", "agreement"),
    "finance.AccountReceipt": ("agreement",),
}
# Tables that name their document in columns of their own: pairs of kind and id.
NAMED: dict[str, Any] = {
    "core.Attachment": lambda row: [(row.kind, row.object_id)],
    "customers.Merge": lambda row: [(row.of, row.kept_id)],
    # the calls of somebody wait because of a case
    "customers.CallHold": lambda row: [("complaint", row.case_id)],
    "customers.Apart": lambda row: [(row.of, row.first_id), (row.of, row.second_id)],
    # what the lower room remembers of a visit
    "customers.VisitNote": lambda row: [("visit", row.visit_id)],
    # an entry of the ledger carries the number of the paper it comes from
    "finance.LedgerEntry": lambda row: [pair for one in _numbered(row.document) for pair in documents_of(one)],
}
# Documents that come along with another one, whose line speaks for both.
ALONG: dict[str, Any] = {
    "customers.Message": lambda row: [(row.kind, row.object_id)],
    "finance.Deposit": lambda row: [("deposit", row.returns_id)],  # given back: the new one reverses the old one
    "finance.Settlement": lambda row: [("settlement", row.reverses_id)],
}
NUMBERED = ("finance.Settlement", "finance.Payment", "finance.Deposit", "finance.AccountReceipt")


def every_model() -> list[Any]:
    """All tables, those between two others too."""
    return list(apps.get_models(include_auto_created=True))


def kind_of(model: Any) -> str:
    """The name of a table's rows in the logbook."""
    return str(model.kind_name() if hasattr(model, "kind_name") else model._meta.model_name)


def is_document(model: Any) -> bool:
    """Whether its rows have lines of their own."""
    return kind_of(model) in KINDS and model._meta.label not in NOT_AUDITED


def ways(model: Any) -> tuple[str, ...]:
    """The names of the columns that lead a part to its document: said above, or the first step to its store."""
    said = PART_OF.get(model._meta.label)
    if said or not issubclass(model, HouseModel):
        return said or ()
    path = model.COMPANY or model.STORE
    return (path.split("__")[0],) if "__" in path else ()


def is_placed(model: Any) -> bool:
    """Whether somebody said where the logbook tells of it."""
    label = model._meta.label
    return label in NOT_AUDITED or label in NAMED or is_document(model) or bool(ways(model))


def documents_of(row: Any) -> list[tuple[str, int]]:
    """The documents, any of whose lines tells of a row: itself, or what it is a part of."""
    if row._meta.label in NAMED:
        return list(NAMED[row._meta.label](row))
    own = [(kind_of(type(row)), row.pk)] if is_document(type(row)) else []
    own += ALONG[row._meta.label](row) if row._meta.label in ALONG else []
    found = [getattr(row, name) for name in ways(type(row))]
    return own + [pair for one in found if one is not None for pair in documents_of(one)]


def _numbered(number: str) -> list[Any]:
    return [one for label in NUMBERED for one in apps.get_model(label)._base_manager.filter(number=number)]
