"""How every form of the house looks and reads, and the ground's own forms; one subject a file."""

from core.forms.approvals import AuthorityForm, DecideForm, DelegateForm
from core.forms.employees import AddEmployeeForm, PostForm, TokenForm
from core.forms.files import AttachForm, AttachToForm, PhotosField, PhotosInput, SignatureField, SignatureInput
from core.forms.manners import (
    HINTS,
    HOUSE_WIDGETS,
    TYPED,
    DateInput,
    DateTimeInput,
    HouseBoundField,
    HouseForm,
    HouseRenderer,
    MoneyField,
    MoneyInput,
    NumberInput,
    Pills,
    TimeInput,
    plain_number,
)
from core.forms.roster import AddAbsenceForm, TradeForm
from core.forms.tasks import AddTaskForm, DropTaskForm, EditTaskForm, FinishTaskForm, HandOnTaskForm

__all__ = [
    "HINTS",
    "HOUSE_WIDGETS",
    "TYPED",
    "AddAbsenceForm",
    "AddEmployeeForm",
    "AddTaskForm",
    "AttachForm",
    "AttachToForm",
    "AuthorityForm",
    "DateInput",
    "DateTimeInput",
    "DecideForm",
    "DelegateForm",
    "DropTaskForm",
    "EditTaskForm",
    "FinishTaskForm",
    "HandOnTaskForm",
    "HouseBoundField",
    "HouseForm",
    "HouseRenderer",
    "MoneyField",
    "MoneyInput",
    "NumberInput",
    "PhotosField",
    "PhotosInput",
    "Pills",
    "PostForm",
    "SignatureField",
    "SignatureInput",
    "TimeInput",
    "TokenForm",
    "TradeForm",
    "plain_number",
]
