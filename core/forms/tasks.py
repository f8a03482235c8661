"""What comes in about tasks."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from core.actions import colleagues
from core.forms.approvals import choose_store
from core.forms.manners import HouseForm
from core.models import Employee, Store, Task


def _tomorrow() -> datetime:
    return make_aware(datetime.combine(localdate() + timedelta(days=1), time(10)))


class EditTaskForm(HouseForm):
    """What is to be done, and by when."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    due_at = forms.DateTimeField(label=_("Due"), initial=_tomorrow)
    remark = forms.CharField(
        label=_("Remark"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    @staticmethod
    def known(task: Task) -> dict[str, Any]:
        """What the task says now, as the form's data."""
        return {"title": task.title, "due_at": task.due_at, "remark": task.remark}


class AddTaskForm(EditTaskForm):
    """A task for a colleague of one's stores, or for oneself."""

    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none(), empty_label=None)
    assignee = forms.ModelChoiceField(label=_("Whose it is"), queryset=Employee.objects.none(), empty_label=_("Choose"))
    field_order = ["title", "store", "assignee", "due_at", "remark"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assignee: Any = self.fields["assignee"]
        assignee.queryset = colleagues(choose_store(self, "core.add_task"))


class FinishTaskForm(HouseForm):
    """What came of a task."""

    outcome = forms.CharField(
        label=_("What came of it"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class HandOnTaskForm(HouseForm):
    """Somebody else for a task."""

    assignee = forms.ModelChoiceField(label=_("Whose it is"), queryset=Employee.objects.none(), empty_label=_("Choose"))
    remark = forms.CharField(label=_("Remark"), max_length=400, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assignee: Any = self.fields["assignee"]
        assignee.queryset = colleagues(Store.objects.for_verb(self.by, "core.finish_task"))


class DropTaskForm(HouseForm):
    """Why a task is given up."""

    reason = forms.CharField(label=_("Reason"), max_length=400)
