"""The outbox: what customers are told, by which way, and how far it came."""

from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.dateformat import format as format_date
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime, now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.links import PATH, address_of
from core.models import Queued
from core.models.queued import QueuedRows
from core.templatetags.ui import money, plate
from customers.models.consents import ContactConsent

FRESH = timedelta(days=2)  # what waited longer is not sent by itself any more: nobody wants to read last month's word


class MessageRows(QueuedRows):
    """Reads of the outbox."""

    def waiting(self) -> Self:
        """What is neither told nor given up."""
        return self.filter(done_at__isnull=True, failed_at__isnull=True)

    def sent(self) -> Self:
        """What a provider took."""
        return self.filter(done_at__isnull=False, by_hand=False)

    def told_by_hand(self) -> Self:
        """What somebody told."""
        return self.filter(done_at__isnull=False, by_hand=True)

    def given_up(self) -> Self:
        """What could not be sent and waits for somebody's decision."""
        return self.filter(failed_at__isnull=False, done_at__isnull=True)

    def to_send(self) -> Self:
        """What a provider may be given now: by a channel that has one, and not too long ago."""
        return self.filter(channel__in=list(settings.MESSAGE_GATEWAYS), due_at__gte=now() - FRESH)


class Message(Queued):
    """One message to a customer, stored as code and parameters and written in the customer's language when it is read.

    Where its channel has a provider it is sent by the clock; otherwise it waits for somebody who tells by hand.
    """

    READ = "customers.see_messages"

    class Code(models.TextChoices):
        CAR_READY = "car_ready", _("Your car is ready")
        NEW_PROMISE = "new_promise", _("Your car will be ready later")
        CONSENT_ASKED = "consent_asked", _("Please look at the estimate and answer")
        DUNNED = "dunned", _("A payment is still open")
        CASE_NEWS = "case_news", _("Please look at your case and answer")
        CASE_ANSWERED = "case_answered", _("Our answer to your complaint, question or suggestion")

    class Channel(models.TextChoices):
        SMS = "sms", _("SMS")
        PHONE = "phone", _("Phone")
        WECHAT = "wechat", _("WeChat")
        COUNTER = "counter", _("In person")

    Purpose = ContactConsent.Purpose

    class State(models.TextChoices):
        QUIET = "quiet", _("Waits for the end of quiet hours")
        WAITING = "waiting", _("Waiting")
        BY_HAND = "by_hand", _("Tell by hand")
        SENT = "sent", _("Sent")
        TOLD = "told", _("Told by hand")
        GIVEN_UP = "given_up", _("Given up")

    store = models.ForeignKey("core.Store", models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", models.PROTECT, null=True, related_name="messages")
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    code = models.CharField(_("message"), max_length=20, choices=Code)
    purpose = models.CharField(_("purpose"), max_length=9, choices=Purpose, default=Purpose.SERVICE)
    params = models.JSONField(default=dict)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    dedupe = models.CharField(
        max_length=80, unique=True, null=True, help_text="the same key is one message, here and at the provider"
    )
    kind = models.CharField(max_length=40, blank=True, help_text="of the document it is about")
    object_id = models.BigIntegerField(null=True, blank=True)
    address = models.CharField(max_length=200, blank=True, help_text="of the page of that document")
    by_hand = models.BooleanField(_("told by hand"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MessageRows.as_manager()  # type: ignore[misc]

    class Meta:
        indexes = [
            models.Index(fields=["store", "-id"], name="message_of_store"),
            models.Index(fields=["customer", "-id"], name="message_of_customer"),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(done_at__isnull=True, failed_at__isnull=True),
                name="message_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} · {self.customer or self.phone}"

    @property
    def has_gateway(self) -> bool:
        """Whether a provider takes messages of this channel."""
        return self.channel in settings.MESSAGE_GATEWAYS

    @property
    def state(self) -> "Message.State":
        """How far it came."""
        if self.done_at:
            return self.State.TOLD if self.by_hand else self.State.SENT
        if self.failed_at:
            return self.State.GIVEN_UP
        if not self.has_gateway or self.due_at < now() - FRESH:
            return self.State.BY_HAND
        return self.State.WAITING if self.due_at <= now() or self.attempts else self.State.QUIET

    @property
    def is_open(self) -> bool:
        """Whether somebody may still tell it by hand."""
        return self.done_at is None

    @property
    def why(self) -> str:
        """Why it could not be sent, in the reader's language where it was the house that said no."""
        known = {
            "Refused": gettext("The customer does not want to be told this way."),
            "NoPhone": gettext("No phone number is known."),
        }
        return known.get(self.last_error.split(":")[0], self.last_error)

    @property
    def text(self) -> str:
        """The message in the customer's language, as a provider sends it or somebody reads it out."""
        with translation.override(self.customer.language if self.customer else "zh-hans"):
            return written(self)


PATHS: dict[str, str] = {Message.Code.CASE_NEWS: "/k/{token}/"}  # what a link opens, where it is not an estimate


def written(message: Message) -> str:
    """A message as a sentence, in the language of the moment."""
    told = {"plate": plate(message.params["plate"])} if message.params.get("plate") else {}
    if message.params.get("nonce"):
        told["link"] = address_of(message.params["nonce"], PATHS.get(message.code, PATH))
    for name, value in message.params.items():
        if name.endswith(("_at", "until")) and (moment := parse_datetime(str(value))):
            told[name] = _on_the_day(moment)
        elif name == "amount":
            told[name] = money(value)
        elif name not in {"plate", "nonce", "told_by"}:
            told[name] = str(value)
    if message.code == Message.Code.CASE_ANSWERED and message.params.get("text"):
        # somebody's own words, greeting and farewell in them
        return gettext("[%(store)s] %(text)s") % {"store": message.store.name, "text": message.params["text"]}
    name = str(message.customer) if message.customer and message.customer.name else gettext("sir or madam")
    parts = {"name": name, "store": message.store.name} | told
    sentences = [gettext("[%(store)s] Dear %(name)s,") % parts, _sentence(message.code, parts)]
    if message.store.phone:
        sentences.append(gettext("Questions? Call %(phone)s.") % {"phone": message.store.phone})
    if message.purpose == Message.Purpose.MARKETING:
        sentences.append(gettext("Reply R to unsubscribe."))
    return ("" if translation.get_language() == "zh-hans" else " ").join(sentences)


def _on_the_day(moment: datetime) -> str:
    """A moment that says the same whenever the message is read: never “today”."""
    local = localtime(moment)
    # Translators: a date format of Django, day and month; Chinese: n月j日
    return f"{format_date(local, gettext('j M'))} {local:%H:%M}"


def _sentence(code: str, parts: dict[str, Any]) -> str:
    """What a message of a code says, with as much as is known."""
    car = gettext("your car %(plate)s") % parts if parts.get("plate") else gettext("your car")
    parts = parts | {"car": car}
    if code == Message.Code.CAR_READY:
        return gettext("%(car)s is ready and can be picked up.") % parts
    if code == Message.Code.NEW_PROMISE and parts.get("promised_at"):
        return gettext("%(car)s will be ready %(promised_at)s. We apologise for the delay.") % parts
    if code == Message.Code.CONSENT_ASKED:
        asked = gettext("please look at the estimate for %(car)s and answer.") % parts
        return f"{asked} {parts['link']}" if parts.get("link") else asked
    if code == Message.Code.CASE_NEWS and parts.get("link") and parts.get("number"):
        if parts.get("what") == "options":
            return gettext("these are our proposals for your case %(number)s, please choose: %(link)s") % parts
        return gettext("this is how we settle your case %(number)s, please look and accept: %(link)s") % parts
    if code == Message.Code.DUNNED and parts.get("amount") and parts.get("number") and parts.get("due_on"):
        return gettext("%(amount)s of settlement %(number)s is still to be paid; it was due on %(due_on)s.") % parts
    if code == Message.Code.DUNNED and parts.get("amount"):
        return gettext("%(amount)s for the work on %(car)s is still to be paid.") % parts
    return str(Message.Code(code).label)
