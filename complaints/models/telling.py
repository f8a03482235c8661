"""By which ways a case came in, what was said in it afterwards, and tries to reach the customer."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.cases import Complaint
from core.rows import HouseModel, Rows


class Channel(HouseModel):
    """One way by which a case came in: one case may come by many (K-01)."""

    READ = "complaints.see_complaints"
    STORE = "complaint__store"

    class Way(models.TextChoices):
        PHONE = "phone", _("Phone")
        COUNTER = "counter", _("Counter")
        WEB = "web", _("QR code")
        REST = "rest", _("Another system")
        CALL = "call", _("Follow-up call")
        ORDER = "order", _("Repair order")
        MESSAGE = "message", _("Text message or WeChat")
        REGULATOR = "regulator", _("Regulator")
        OEM = "oem", _("Manufacturer's hotline")
        PRESS = "press", _("Press or social media")
        LOAD = "load", _("Loaded")

    complaint = models.ForeignKey(Complaint, models.CASCADE, related_name="channels")
    way = models.CharField(pgettext_lazy("case", "channel"), max_length=10, choices=Way)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("core.Employee", models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField(_("taken by"), max_length=80, blank=True)
    remark = models.CharField(_("remark"), max_length=400, blank=True)

    objects = Rows.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["way", "complaint"], name="channel_by_way")]

    def __str__(self) -> str:
        return self.get_way_display()


class Word(HouseModel):
    """Something said in a case after its beginning: by the customer through the link, or a note of the house."""

    READ = "complaints.see_complaints"
    STORE = "complaint__store"

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="said")
    at = models.DateTimeField(_("at"))
    by_name = models.CharField(_("by"), max_length=80, blank=True)
    is_customer = models.BooleanField(_("by the customer"), default=False)
    is_shown = models.BooleanField(_("shown to the customer"), default=False)
    text = models.TextField(_("text"), max_length=2000)

    objects = Rows.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["complaint", "at", "id"], name="word_of_complaint")]

    def __str__(self) -> str:
        return self.text[:60]


class Attempt(HouseModel):
    """One try to reach the complainant: proof for a case that ends as unreachable (失联)."""

    READ = "complaints.see_complaints"
    STORE = "complaint__store"

    class Outcome(models.TextChoices):
        REACHED = "reached", _("Reached")
        NO_ANSWER = "no_answer", _("No answer")
        WRONG_NUMBER = "wrong_number", _("Wrong number")
        REFUSED = "refused", _("Refuses to talk")

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="attempts")
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey("core.Employee", models.PROTECT, null=True, related_name="+")
    way = models.CharField(
        pgettext_lazy("case", "channel"), max_length=10, choices=Channel.Way, default=Channel.Way.PHONE
    )
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome)
    remark = models.CharField(_("remark"), max_length=400, blank=True)

    objects = Rows.as_manager()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.get_outcome_display()
