"""List tables of the ground."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.events import sentence_of
from core.lists import HouseTable
from core.models import Entry


class EntryTable(HouseTable):
    """Lines of the logbook."""

    at = tables.DateTimeColumn(verbose_name=_("When"), format="Y-m-d H:i:s")
    verb = tables.Column(verbose_name=_("What"))
    kind = tables.Column(verbose_name=_("Document"))
    object_id = tables.Column(verbose_name=_("Id"))
    store = tables.Column(verbose_name=_("Store"))
    by_id = tables.Column(verbose_name=_("By"))
    door = tables.Column(verbose_name=_("Through"))

    def render_verb(self, value: str) -> str:
        return sentence_of(value)[2]

    def value_verb(self, value: str) -> str:
        return value

    class Meta:
        model = Entry
        fields = ["at", "verb", "kind", "object_id", "store", "by_id", "door"]
