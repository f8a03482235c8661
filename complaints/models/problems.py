"""What complaints are about: classes of problems and their codes, as data."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def reads_chinese() -> bool:
    """Whether the reader's language is Chinese, for names that are data in two languages."""
    return (get_language() or "zh").startswith("zh")


class ProblemClass(models.Model):
    """A class of problems (发动机/电动机, 服务态度), known by the letter that its codes begin with."""

    class Kind(models.TextChoices):
        """What a class is about; decides which route a complaint takes (K-10)."""

        QUALITY = "quality", _("Quality of car or repair")
        SERVICE = "service", _("Service")
        OTHER = "other", _("Other")

    letter = models.CharField(_("letter"), max_length=4, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.OTHER)
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["letter"]

    def __str__(self) -> str:
        return self.name_zh if reads_chinese() or not self.name_en else self.name_en


class Problem(models.Model):
    """One problem of a class (A9 异响). An unknown code of a loaded file is kept here too, so that it stays visible."""

    problem_class = models.ForeignKey(
        ProblemClass, models.PROTECT, null=True, blank=True, related_name="problems", verbose_name=_("class")
    )
    code = models.CharField(_("code"), max_length=80, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    is_unknown = models.BooleanField(_("not in the list of codes"), default=False)
    is_active = models.BooleanField(_("offered"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["problem_class", "code"], name="problem_of_class")]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh if reads_chinese() or not self.name_en else self.name_en}"
