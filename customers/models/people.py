"""Customers: people and firms, by company."""

from datetime import datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Reverse, Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.actor import Actor
from core.rows import HouseModel, Rows
from customers.models.finding import exactly_person, in_person, words_of

# a mobile number, a landline with its area code, a foreign number, a service number
PHONE_SHAPE = r"^(1[3-9][0-9]{9}|0[0-9-]{7,14}|\+[0-9]{6,15}|[48]00[0-9-]{7,9})$"


class CustomerRows(Rows):
    """Reads of customers."""

    def visible_to(self, actor: Actor) -> Self:
        """One's companies' customers; a record that was merged into another one is found there."""
        return super().visible_to(actor).living()

    def living(self) -> Self:
        """Records that were not merged into another one."""
        return self.filter(merged_into__isnull=True)

    def merged_for(self, actor: Actor) -> Self:
        """Records of one's companies that were merged into others, for the way there."""
        return super().visible_to(actor).filter(merged_into__isnull=False)

    def found_by(self, text: str) -> Self:
        """Customers by a piece of the name, the end of the phone or the pinyin initials; every word must fit.

        What stands on a record that was merged into another one finds that other one.
        """
        found = self
        for word in words_of(text):
            found = found.filter(pk__in=persons(in_person(word)))
        return found

    def ending_with(self, text: str) -> Self:
        """Customers whom the text names exactly: the whole name, the end of the phone, all of the initials."""
        words = words_of(text)
        return self.filter(pk__in=persons(exactly_person(words[0]))) if len(words) == 1 else self.none()


def persons(condition: Q) -> models.QuerySet:
    """The ids of customers that a condition finds; of a record merged into another one, the other's."""
    return Customer._base_manager.filter(condition).values_list(Coalesce("merged_into", "pk"), flat=True)


class Customer(HouseModel):
    """A person or firm that one company serves; phones are not unique, since families share them."""

    READ = "customers.see_customers"
    COMPANY = "company"
    HAS_ATTACHMENTS = True

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        FIRM = "firm", _("Firm")

    class Level(models.TextChoices):
        NONE = "", _("No membership")
        SILVER = "silver", _("Silver member")
        GOLD = "gold", _("Gold member")
        PLATINUM = "platinum", _("Platinum member")

    class Language(models.TextChoices):
        CHINESE = "zh-hans", _("Chinese")
        ENGLISH = "en", _("English")

    company = models.ForeignKey("core.Company", models.PROTECT, related_name="customers")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=80, blank=True)
    initials = models.CharField(_("pinyin initials"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.CharField(_("e-mail"), max_length=120, blank=True)
    level = models.CharField(_("membership"), max_length=8, choices=Level, default=Level.NONE, blank=True)
    language = models.CharField(_("language of messages"), max_length=7, choices=Language, default=Language.CHINESE)
    call_from = models.TimeField(_("may be called from"), null=True, blank=True)
    call_until = models.TimeField(_("may be called until"), null=True, blank=True)
    quiet_from = models.TimeField(_("not to be disturbed from"), null=True, blank=True)
    quiet_until = models.TimeField(_("not to be disturbed until"), null=True, blank=True)
    do_not_call = models.BooleanField(_("does not want calls"), default=False)
    keeper = models.ForeignKey(
        "core.Employee", models.PROTECT, null=True, blank=True, related_name="kept_customers", verbose_name=_("keeper")
    )
    city = models.CharField(_("city or area"), max_length=60, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=20, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    is_incomplete = models.BooleanField(_("incomplete"), default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    source = models.CharField(_("source"), max_length=40, blank=True)
    source_id = models.CharField(_("id in the source"), max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CustomerRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "source", "source_id"],
                condition=~Q(source=""),
                name="customer_source_once",
                violation_error_message=_("This customer of the old system is already here."),
            ),
            models.CheckConstraint(
                condition=Q(is_incomplete=True) | ~Q(name=""),
                name="customer_has_name",
                violation_error_message=_("Please enter the customer's name."),
            ),
            models.CheckConstraint(
                condition=Q(phone="") | Q(phone__regex=PHONE_SHAPE),
                name="customer_phone_shape",
                violation_error_message=_("This is not a phone number: a mobile number has 11 digits."),
            ),
            models.CheckConstraint(
                condition=Q(call_from__isnull=True, call_until__isnull=True) | Q(call_until__gt=F("call_from")),
                name="customer_call_hours_forward",
                violation_error_message=_("The hours for calls must have a beginning and a later end."),
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | (Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_until=F("quiet_from"))),
                name="customer_quiet_hours_two",
                violation_error_message=_("Hours in which not to disturb need a beginning and another time as end."),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")), name="customer_not_merged_into_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "name", "id"], name="customer_by_name"),
            models.Index(fields=["company", "-id"], name="customer_by_age"),
            models.Index(fields=["company", "phone"], name="customer_by_phone"),
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="customer_name_pieces"),
            GinIndex(models.Func(F("name"), function="bigrams"), name="customer_name_pairs"),
            models.Index(OpClass("name", "varchar_pattern_ops"), name="customer_name_start"),
            models.Index(OpClass("initials", "varchar_pattern_ops"), name="customer_initials"),
            models.Index(OpClass(Reverse("phone"), "text_pattern_ops"), name="customer_phone_end"),
            models.Index(OpClass("phone", "varchar_pattern_ops"), name="customer_phone_start"),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.source} {self.source_id}".strip() or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("customer", args=[self.pk])

    @property
    def is_member(self) -> bool:
        """Whether the follow-up rule for members (every visit is called) holds for this customer."""
        return bool(self.level)

    def is_quiet_at(self, moment: datetime, time_zone: str) -> bool:
        """Whether this person does not want to be disturbed at a moment, by the clock of a store's time zone."""
        if self.quiet_from is None or self.quiet_until is None:
            return False
        clock = moment.astimezone(ZoneInfo(time_zone)).time()
        if self.quiet_from < self.quiet_until:
            return self.quiet_from <= clock < self.quiet_until
        return clock >= self.quiet_from or clock < self.quiet_until  # over midnight

    def after_quiet(self, moment: datetime, time_zone: str) -> datetime:
        """The moment itself, or the end of the quiet hours in which it lies."""
        if not self.is_quiet_at(moment, time_zone):
            return moment
        local = moment.astimezone(ZoneInfo(time_zone))
        end = datetime.combine(local.date(), self.quiet_until or time(), local.tzinfo)
        return end if end > local else end + timedelta(days=1)
