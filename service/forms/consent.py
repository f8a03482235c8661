"""What comes in about the customer's answer: at the counter, by phone, on paper, and by the link."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, Pills, SignatureField
from core.shapes import Rows
from customers.models import Message
from service.models import ConsentLink, Line


class AnswerForm(HouseForm):
    """The customer's answer to one line."""

    line = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            (Line.Consent.AUTHORISED, _("Agreed")),
            (Line.Consent.DEFERRED, _("Later")),
            (Line.Consent.DECLINED, _("Not wanted")),
            (Line.Consent.ASKED, _("No answer yet")),
        ],
        widget=Pills,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("label"):
            self.fields["answer"].label = self.initial["label"]


class AuthoriseForm(HouseForm):
    """The customer's answer to each line, by whom and how; on screen the customer signs, on paper nothing is drawn."""

    answers = Rows(AnswerForm, label=_("Lines"), spare=0)
    via = forms.ChoiceField(label=_("Consent given by"), choices=Line.Via, widget=Pills, initial=Line.Via.SIGNATURE)
    consent_by = forms.CharField(label=_("Name of the person who agreed"), max_length=80)
    signature = SignatureField(label=_("Signature"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        via: Any = self.fields["via"]
        via.choices = [one for one in Line.Via.choices if one[0] != Line.Via.LINK]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        on_screen = found.get("via") == Line.Via.SIGNATURE
        if on_screen and not found.get("signature") and "signature" not in self.errors:
            self.add_error("signature", _("Let the customer sign here, or choose “Signature on paper”."))
        if not on_screen:
            found["signature"] = None
        return found


class SendLinkForm(HouseForm):
    """How the customer gets the link, and for how long it opens."""

    to = forms.ChoiceField(label=_("Who answers"), choices=ConsentLink.To, widget=Pills, initial=ConsentLink.To.DRIVER)
    channel = forms.ChoiceField(
        label=_("Sent by"), choices=Message.Channel, widget=Pills, initial=Message.Channel.WECHAT
    )
    hours = forms.IntegerField(
        label=_("Opens for so many hours"), min_value=1, max_value=168, initial=24, help_text=_("At most a week.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        channel: Any = self.fields["channel"]  # an address is not read out on the phone; at the counter it is scanned
        channel.choices = [one for one in Message.Channel.choices if one[0] != Message.Channel.PHONE]


class LinkForm(HouseForm):
    """What the customer says on the page of the link."""

    answers = Rows(AnswerForm, label=_("Lines"), spare=0, required=False)
    name = forms.CharField(label=_("Your name"), max_length=80)
    signature = SignatureField(label=_("Your signature, if you like"), required=False)
    question = forms.CharField(
        label=_("A question to your service advisor"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    call_back = forms.BooleanField(label=_("Please call me"), required=False, initial=False)
