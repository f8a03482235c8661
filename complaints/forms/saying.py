"""What goes out to a customer: words that are not said to one are pointed out once, with what to say instead (K-20)."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.models import Phrase
from core.forms import HouseForm


def not_said(text: str) -> list[Phrase]:
    """The phrases in a text that are not said to a customer; told."""
    plain = text.casefold()
    return [one for one in Phrase.objects.filter(is_active=True) if one.words.casefold() in plain] if text else []


class OutgoingForm(HouseForm):
    """A form of which the customer, or the public, reads these fields; a warning is confirmed, it forbids nothing.

    The box to confirm it with stands in a page only once there was something to warn of; a program sends `anyway`.
    """

    OUTGOING: ClassVar[tuple[str, ...]] = ()
    anyway = forms.BooleanField(
        label=_("It is meant as it stands"), required=False, initial=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*(name for name in self.fields if name != "anyway"), "anyway"])

    def outgoing(self, found: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Name and text of each field that goes out, as it was sent."""
        for name in self.OUTGOING:
            yield name, found.get(name) or ""

    def warnings(self, name: str, text: str) -> Iterator[str]:
        """What is pointed out about a text that goes out."""
        for one in not_said(text):
            told = {"words": one.words, "instead": one.instead or "–"}
            yield gettext("“%(words)s” is not said to a customer. Say instead: %(instead)s") % told

    def clean(self) -> dict[str, Any]:
        """Warn once; whoever confirms it is asked no more, whatever else is still to be put right."""
        found: dict[str, Any] = super().clean() or {}
        meant = found.pop("anyway", False)
        warned = False
        if not meant:
            for name, text in self.outgoing(found):
                for sentence in self.warnings(name, text):
                    self.add_error(name, sentence)
                    warned = True
        if warned or meant:
            self.fields["anyway"].widget = forms.CheckboxInput()
        return found
