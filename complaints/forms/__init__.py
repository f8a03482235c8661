"""What comes in at the complaints room, by subject."""

from complaints.forms.cases import (
    AddChannelForm,
    AddWordForm,
    AssignForm,
    CaseField,
    EditComplaintForm,
    FindCase,
    LinkCaseForm,
    NoteAttemptForm,
    ProblemsField,
    RegisterForm,
    TakeForm,
    UnlinkCaseForm,
)

__all__ = [
    "AddChannelForm",
    "AddWordForm",
    "AssignForm",
    "CaseField",
    "EditComplaintForm",
    "FindCase",
    "LinkCaseForm",
    "NoteAttemptForm",
    "ProblemsField",
    "RegisterForm",
    "TakeForm",
    "UnlinkCaseForm",
]
