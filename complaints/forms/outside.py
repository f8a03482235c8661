"""What comes in about a case that others keep too: regulator, manufacturer, press."""

from typing import Any

from django import forms
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from complaints.forms.saying import OutgoingForm
from complaints.models import OutsideCase
from core.forms import HouseForm, PhotosField, Pills

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


def _text(label: Any, length: int, *, rows: int = 3, required: bool = True, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=length, required=required, widget=widget, **more)


class EditOutsideForm(HouseForm):
    """What is known of it there, and the days that a letter names."""

    columns = 2
    number = forms.CharField(label=_("Number there"), max_length=60, required=False)
    level = forms.ChoiceField(label=_("Level"), choices=OutsideCase.Level, widget=Pills)
    url = forms.URLField(label=_("Link"), max_length=500, required=False, assume_scheme="https")
    contact = forms.CharField(label=_("Person there"), max_length=80, required=False)
    answer_due = forms.DateField(
        label=_("To be answered by"), required=False, help_text=_("As the letter says; empty: by the rule in force.")
    )
    end_due = forms.DateField(
        label=_("To be closed by"), required=False, help_text=_("As the letter says; empty: by the rule in force.")
    )
    remark = _text(_("Remark"), 1000, required=False)

    @classmethod
    def known(cls, outside: OutsideCase) -> dict[str, Any]:
        """What is noted now, as the form's initial values; a day is typed only to move a deadline."""
        return {name: getattr(outside, name) for name in ("number", "level", "url", "contact", "remark")}


class NoteOutsideForm(EditOutsideForm):
    """Who keeps it, since when, and what was seen there."""

    body = forms.ChoiceField(label=_("Where"), choices=OutsideCase.Body)
    came_at = forms.DateTimeField(label=_("Came"), required=False, initial=now)
    screenshots = PhotosField(label=_("Screenshots and letters"), papers=True, required=False)
    level = forms.ChoiceField(
        label=_("Level"), choices=OutsideCase.Level, widget=Pills, initial=OutsideCase.Level.ORDINARY
    )
    field_order = ["body", "number", "level", "came_at", "url", "contact"]

    def clean(self) -> dict[str, Any]:
        """What is in public is found by its link or its picture."""
        found: dict[str, Any] = super().clean() or {}
        seen = found.get("url") or found.get("screenshots") or {"url", "screenshots"} & self.errors.keys()
        if found.get("body") in OutsideCase.MEDIA and not seen:
            self.add_error("url", _("Give the link or a screenshot of what is in public."))
        return found


class AnswerOutsideForm(HouseForm):
    """What was answered there first, or how the customer was reached."""

    words = _text(_("What was answered"), 1000)


class AppealForm(HouseForm):
    """Why the case is not the store's."""

    words = _text(_("Grounds of the appeal"), 1000, rows=5)
    files = PhotosField(label=_("Proof"), papers=True, required=False)  # type: ignore[assignment]


class SettleAppealForm(HouseForm):
    """What became of the appeal."""

    granted = forms.TypedChoiceField(
        label=_("Is the appeal granted?"), choices=YES_NO, coerce=lambda value: value == "yes", widget=Pills
    )
    words = _text(_("Remark"), 1000, required=False)


class DraftStatementForm(OutgoingForm):
    """What the house would say in public; words that are not said to a customer are not said there either (K-20)."""

    OUTGOING = ("statement",)
    statement = _text(
        _("Public statement"),
        2000,
        rows=8,
        help_text=_("Facts and what is done about it; no names, no plates, no blame."),
    )


class ApproveStatementForm(HouseForm):
    """Why it is said so."""

    reason = _text(_("Remark"), 400, required=False)


class PublishStatementForm(HouseForm):
    """Where it was published."""

    published_url = forms.URLField(label=_("Where it was published"), max_length=500, assume_scheme="https")


class CloseOutsideForm(HouseForm):
    """How it ended there."""

    result_words = _text(_("How it ended there"), 1000)
