"""How the files of an old system are read, kept under a name."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mapping(models.Model):
    """A saved mapping of a load: which column holds which field, which words mean what, how its dates are written."""

    kind = models.CharField(_("kind of load"), max_length=40)
    name = models.CharField(_("name"), max_length=40)
    has_headings = models.BooleanField(_("has headings"), default=True)
    maps = models.JSONField(default=list, help_text="pairs of column and field")
    replacements = models.JSONField(default=dict, help_text="field: old word: new word")
    date_format = models.CharField(max_length=3, blank=True)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="mapping_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"
