"""The working calendar as rows, so that Python and SQL read the same frames."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _


class Calendar(models.Model):
    """A pattern of working hours shared by stores: their opening hours, or the hours in which they call customers."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")

    def __str__(self) -> str:
        return self.name


class WeekFrame(models.Model):
    """One span of an ordinary week (day 0 is Monday) or of an official holiday (day 7); lunch is a gap between two."""

    HOLIDAY = 7

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="week")
    day = models.PositiveSmallIntegerField(_("day of the week"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    class Meta:
        ordering = ["day", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")),
                name="week_frame_forward",
                violation_error_message=_("A frame must end after it starts."),
            ),
            models.CheckConstraint(condition=Q(day__lte=7), name="week_frame_day"),
        ]


class PublicHoliday(models.Model):
    """An official day off, or a make-up working day, as the State Council's notice says."""

    day = models.DateField(_("day"), unique=True)
    name = models.CharField(_("name"), max_length=40)
    is_off = models.BooleanField(_("day off"))

    class Meta:
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class HolidayYear(models.Model):
    """A year whose official notice is loaded; frames of any other year are provisional and say so."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    source = models.CharField(_("source"), max_length=200)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["year"]


class Frame(models.Model):
    """A span of time on a real day in which a store is open or may call."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="frames")
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_provisional = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["calendar", "ends_at"], name="frame_next")]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="frame_forward"),
            ExclusionConstraint(
                name="frame_no_overlap",
                expressions=[
                    ("calendar", RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_at",
                            "ends_at",
                            RangeBoundary(),
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Two frames of a calendar overlap."),
            ),
        ]
