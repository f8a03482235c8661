"""What a customer agreed to (授权同意): for which purpose, by which channel, since when, told by whom."""

from typing import NamedTuple, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.rows import HouseModel, Rows
from customers.models.people import Customer


class ConsentRows(Rows):
    """Reads of consents."""

    def in_force(self) -> Self:
        """The newest word for each customer, purpose and channel: the one that counts."""
        return self.order_by("customer", "purpose", "channel", "-at", "-id").distinct("customer", "purpose", "channel")


class ContactConsent(HouseModel):
    """One word of a customer, given or taken back. Words are added, never changed; the newest one counts.

    Until somebody says otherwise the work on one's car may be talked about (contract need), and nothing else
    may be done: no marketing, no sharing of data with another company (rules 26, 28 to 30 of the market rules).
    """

    READ = "customers.see_customers"
    COMPANY = "customer__company"

    class Purpose(models.TextChoices):
        SERVICE = "service", _("Service")
        MARKETING = "marketing", _("Marketing")
        SHARING = "sharing", _("Sharing of data")

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone")
        SMS = "sms", _("SMS")
        WECHAT = "wechat", _("WeChat")
        NONE = "", _("No channel")

    class Via(models.TextChoices):
        COUNTER = "counter", _("In person")
        PHONE = "phone", _("Phone")
        SMS = "sms", _("SMS")
        WECHAT = "wechat", _("WeChat")
        PAPER = "paper", _("Signature on paper")
        LOAD = "load", _("Old system")
        MERGE = "merge", _("From a merged record")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="consents")
    purpose = models.CharField(_("purpose"), max_length=9, choices=Purpose)
    channel = models.CharField(_("channel"), max_length=6, choices=Channel, blank=True)
    is_given = models.BooleanField(_("given"))
    at = models.DateTimeField(_("said"))
    via = models.CharField(_("said by"), max_length=7, choices=Via)
    by_name = models.CharField(_("noted by"), max_length=80)
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    objects = ConsentRows.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose="sharing", channel="") | (~Q(purpose="sharing") & ~Q(channel="")),
                name="consent_channel_of_purpose",
                violation_error_message=_("Contact needs a channel; the sharing of data has none."),
            )
        ]
        indexes = [models.Index(fields=["customer", "purpose", "channel", "-at", "-id"], name="consent_in_force")]


# every purpose with the channels by which somebody is asked for it
MATTERS: tuple[tuple[str, str], ...] = tuple(
    (purpose, channel)
    for purpose in ContactConsent.Purpose.values
    for channel in ContactConsent.Channel.values
    if (purpose == ContactConsent.Purpose.SHARING) == (channel == ContactConsent.Channel.NONE)
)


# the same by the name of its field in a form
ANSWERS: dict[str, tuple[str, str]] = {"_".join(filter(None, matter)): matter for matter in MATTERS}


class Word(NamedTuple):
    """What counts for one purpose and channel, and where it comes from (None: the rule, nobody said anything)."""

    purpose: str
    channel: str
    is_given: bool
    said: ContactConsent | None


def words_of_customer(customer: Customer) -> list[Word]:
    """What counts for every purpose and channel. Calls about the car go by `do_not_call`, which the planner reads."""
    said = {(one.purpose, one.channel): one for one in ContactConsent.objects.filter(customer=customer).in_force()}
    found = []
    for purpose, channel in MATTERS:
        one = said.get((purpose, channel))
        is_given = one.is_given if one else purpose == ContactConsent.Purpose.SERVICE
        if (purpose, channel) == CALLS:
            is_given = not customer.do_not_call
            one = one if one and one.is_given == is_given else None
        found.append(Word(purpose, channel, is_given, one))
    return found


CALLS = (ContactConsent.Purpose.SERVICE.value, ContactConsent.Channel.PHONE.value)


def may_contact(customer: Customer, purpose: str, channel: str) -> bool:
    """Whether a customer may be contacted for a purpose by a channel, or their data shared."""
    if (purpose, channel) == CALLS:
        return not customer.do_not_call
    newest = ContactConsent.objects.filter(customer=customer, purpose=purpose, channel=channel).order_by("-at", "-id")
    said = newest.values_list("is_given", flat=True).first()
    return bool(said) if said is not None else purpose == ContactConsent.Purpose.SERVICE
