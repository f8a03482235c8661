"""The console door of the loads: `manage.py load KIND FILE --store CODE --source NAME`; see docs/load.md."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from complaints.imports import COMPLAINTS, OPINIONS, PROBLEMS
from core.actor import CONSOLE
from core.imports import Load, run
from core.models import Company, Mapping, Store
from core.rows import Refused, atomic, refused_by_database
from customers.imports import CUSTOMERS, HOLIDAYS, VEHICLES
from finance.imports import SERVICE_ORDERS
from service.imports import CATALOGUE, MENUS

_ALL = (CUSTOMERS, VEHICLES, SERVICE_ORDERS, HOLIDAYS, CATALOGUE, MENUS, PROBLEMS, COMPLAINTS, OPINIONS)
KINDS = {kind.name: kind for kind in _ALL}


class Command(BaseCommand):
    help = (
        "Load an old system's customers, vehicles, finished orders or complaints, a price list, menus, a list of "
        "problems, or the official holidays. "
        "See docs/load.md."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        fields = "\n".join(f"  {k.name}: {', '.join(c.field for c in k.columns)}" for k in KINDS.values() if k.columns)
        kwargs |= {"formatter_class": RawDescriptionHelpFormatter, "epilog": f"fields for --map and --value:\n{fields}"}
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(KINDS))
        parser.add_argument("file", type=Path, help="CSV (UTF-8, GB18030) or xlsx; for holidays JSON or ics too")
        parser.add_argument("--store", default="", help="code of the store the rows belong to")
        parser.add_argument("--company", default="", help="name of the company, for a price list or menus")
        parser.add_argument("--source", default="", help="name of the old system; keeps the ids of two systems apart")
        parser.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD", help="- leaves a column out")
        parser.add_argument("--value", action="append", default=[], metavar="FIELD:OLD=NEW", help="* is any other one")
        parser.add_argument("--date-format", choices=["dmy", "mdy"], default="", help="what 01/02/2026 means")
        parser.add_argument("--sheet", default="", help="sheet of an xlsx file; the first one otherwise")
        parser.add_argument("--no-headings", action="store_true", help="the columns are called 1, 2, 3 …")
        parser.add_argument("--mapping", default="", metavar="NAME", help="read the file as it was saved under NAME")
        parser.add_argument("--save-mapping", default="", metavar="NAME", help="keep how this file is read as NAME")
        parser.add_argument(
            "--rejected", type=Path, metavar="FILE", help="where rejected rows go; beside FILE otherwise"
        )
        parser.add_argument("--dry-run", action="store_true", help="do everything, say the counts, keep nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, path = KINDS[options["kind"]], options["file"]
        load = Load(
            path=path,
            by=CONSOLE,
            store=_store(options["store"] or _store_of(options["company"]), kind.needs_store),
            source=_source(options["source"], kind.needs_store and kind.needs_source),
            maps=[_pair(one, "=", "--map COLUMN=FIELD") for one in options["map"]],
            replacements=_replacements(options["value"]),
            date_format=options["date_format"],
            sheet=options["sheet"],
            has_headings=not options["no_headings"],
        )
        if options["mapping"]:
            _use_mapping(load, kind.name, options["mapping"])
        rejected_path = options["rejected"] or path.with_name(f"{path.stem}.rejected.csv")
        try:
            run(kind, load, rejected_path=rejected_path, dry=options["dry_run"])
        except Refused as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        except DatabaseError as problem:
            told = refused_by_database(problem)
            if told is None:
                raise
            raise CommandError(_("%(why)s Nothing was loaded.") % {"why": told[1]}) from problem
        if options["save_mapping"] and not options["dry_run"]:
            _save_mapping(load, kind.name, options["save_mapping"])
        self._tell(load, rejected_path, options["dry_run"])

    def _tell(self, load: Load, rejected_path: Path, dry: bool) -> None:
        for sentence in load.sentences:
            self.stdout.write(sentence)
        for line, field, sentence, _cells in sorted(load.rejected, key=lambda one: one[0])[:10]:
            place = f"{_('Line')} {line}" + (f", {field}" if field else "")
            self.stdout.write(f"{place}: {sentence}")
        if load.rejected:
            self.stdout.write(_("All rejected rows are in “%(file)s”, each with its reason.") % {"file": rejected_path})
        if dry:
            self.stdout.write(_("This was a dry run: nothing was kept."))
        speed = load.read / load.seconds if load.seconds else 0
        self.stdout.write(
            _("%(rows)s rows in %(seconds)s s, %(speed)s rows/s")
            % {"rows": load.read, "seconds": f"{load.seconds:.1f}", "speed": f"{speed:.0f}"}
        )
        self.stdout.write(load.last_line())


def _use_mapping(load: Load, kind: str, name: str) -> None:
    """Read the file as it was read before; what is said on the command line comes first."""
    saved = Mapping.objects.filter(kind=kind, name=name).first()
    if saved is None:
        names = ", ".join(Mapping.objects.filter(kind=kind).order_by("name").values_list("name", flat=True))
        raise CommandError(
            _("No mapping of %(kind)s is saved as “%(name)s”. There are: %(names)s.")
            % {"kind": kind, "name": name, "names": names or "–"}
        )
    given = {column for column, _field in load.maps}
    load.maps += [(column, field) for column, field in saved.maps if column not in given]
    load.replacements = saved.replacements | load.replacements
    load.date_format = load.date_format or saved.date_format
    load.has_headings = load.has_headings and saved.has_headings


@atomic
def _save_mapping(load: Load, kind: str, name: str) -> None:
    """Keep how a file was read, so that the next one of that system needs one word."""
    Mapping.objects.update_or_create(
        kind=kind,
        name=" ".join(name.split())[:40],
        defaults={
            "has_headings": load.has_headings,
            "maps": [list(one) for one in load.maps],
            "replacements": load.replacements,
            "date_format": load.date_format,
        },
    )


def _store(code: str, is_needed: bool) -> Store | None:
    if not code and not is_needed:
        return None
    store = Store.objects.select_related("company").filter(code=code).first()
    if store is None:
        codes = ", ".join(Store.objects.order_by("code").values_list("code", flat=True))
        raise CommandError(
            _("No store has the code “%(code)s”. There are: %(codes)s. Say which one: --store CODE.")
            % {"code": code, "codes": codes or "–"}
        )
    return store


def _store_of(company: str) -> str:
    """A company is reached by any of its stores."""
    if not company:
        return ""
    store = Store.objects.filter(company__name=company).first()
    if store is None:
        names = ", ".join(Company.objects.order_by("name").values_list("name", flat=True))
        raise CommandError(
            _("No company has the name “%(name)s”. There are: %(names)s.") % {"name": company, "names": names or "–"}
        )
    return store.code


def _source(name: str, is_needed: bool) -> str:
    name = " ".join(name.split())
    if is_needed and not name:
        raise CommandError(_("Name the old system: --source NAME. It keeps the ids of two systems apart."))
    if len(name) > 40:
        raise CommandError(_("The name of the source has at most 40 characters."))
    return name


def _pair(text: str, mark: str, shape: str) -> tuple[str, str]:
    left, found, right = text.rpartition(mark)
    if not found or not left.strip():
        raise CommandError(
            _("“%(text)s” is not understood. Write it like this: %(shape)s.") % {"text": text, "shape": shape}
        )
    return left.strip(), right.strip()


def _replacements(texts: list[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for text in texts:
        what, new = _pair(text, "=", "--value 'FIELD:OLD=NEW'")
        name, mark, old = what.partition(":")
        if not mark:
            raise CommandError(
                _("“%(text)s” is not understood. Write it like this: %(shape)s.")
                % {"text": text, "shape": "--value 'FIELD:OLD=NEW'"}
            )
        found.setdefault(name.strip(), {})[" ".join(old.split()).casefold()] = new
    return found
