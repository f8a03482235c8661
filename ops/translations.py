"""Translations without tools on the user's machine: compiled with Babel, checked against the code.

python -m ops.translations compile|check
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE = "zh_Hans"
# makemessages walks everything below it; these hold no text of ours
NOT_OURS = ("var", "staticroot", "static/vendor", "frontend", "tests", "ops", "bench", "docs", ".venv", "node_modules")

HEADER = """msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def compile_all(root: Path = ROOT) -> None:
    """Every django.po that is newer than its django.mo."""
    for source in sorted(root.glob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        temporary = target.with_name(f".{target.name}.{os.getpid()}")
        with temporary.open("wb") as file:
            write_mo(file, read(source))
        temporary.replace(target)


def make_messages(root: Path = ROOT) -> None:
    """Bring the catalogue up to date with the code; no line numbers, nothing obsolete, so that diffs stay small."""
    path = root / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER, encoding="utf-8")
    ignored = [f"--ignore={name}" for name in NOT_OURS]
    common = ["--no-location", "--no-wrap", "--no-obsolete", "--locale", LANGUAGE, *ignored]
    code = (
        "import django;from django.conf import settings;"
        f"settings.configure(LOCALE_PATHS=[{str(root / 'locale')!r}],USE_I18N=True);django.setup();"
        "import sys;from django.core.management import call_command;call_command('makemessages',*sys.argv[1:])"
    )
    subprocess.run([sys.executable, "-c", code, "--verbosity=0", *common], cwd=root, check=True)
    subprocess.run(["msgattrib", "--sort-output", "--no-wrap", "--no-obsolete", "-o", path, path], check=True)
    # a date that changes at every run would be in every diff
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "POT-Creation-Date" not in line), encoding="utf-8")


def check(root: Path = ROOT) -> int:
    """How many messages of the code have no Chinese; each is printed."""
    kept = root / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
    if not kept.is_file():
        print(f"There is no {kept.relative_to(root)}: make messages")
        return 1
    if not shutil.which("xgettext"):
        print(
            "Whether the translations are complete was not checked: that needs gettext (Debian: apt install gettext)."
        )
        return 1 if os.environ.get("CI") == "true" else 0
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "copy"
        ignore = shutil.ignore_patterns(*[Path(name).name for name in NOT_OURS], ".git", "__pycache__", ".*_cache")
        shutil.copytree(root, copy, ignore=ignore, symlinks=True)
        make_messages(copy)
        needed = read(copy / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po")
    catalogue = read(kept)
    wrong = []
    for message in needed:
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        text = message.id[0] if isinstance(message.id, tuple) else message.id
        if known is None:
            wrong.append(f"missing: {text!r}")
        elif known.fuzzy:
            wrong.append(f"fuzzy: {text!r}")
        elif not (all(known.string) if isinstance(known.string, (tuple, list)) else known.string):
            wrong.append(f"untranslated: {text!r}")
        elif problems := _placeholders_lost(known.id, known.string):
            wrong.append(f"placeholders {problems} lost: {text!r}")
    print("\n".join(sorted(wrong)) if wrong else f"translations: {len(needed)} messages, all in Chinese")
    if wrong:
        print(f"{len(wrong)} of {len(needed)} messages are not ready in {kept.relative_to(root)}: make messages")
    return len(wrong)


def _placeholders_lost(source: object, text: object) -> str:
    """A translation that names other variables than the message breaks the page that shows it."""

    def names(value: object) -> set[str]:
        last = value[-1] if isinstance(value, (tuple, list)) else value
        return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", str(last)))

    return ", ".join(sorted(names(source) ^ names(text)))


def main() -> None:
    asked = sys.argv[1:]
    if asked == ["compile"]:
        compile_all()
    elif asked == ["make"]:
        if not shutil.which("xgettext"):
            sys.exit("make messages needs gettext (Debian: apt install gettext).")
        make_messages()
        compile_all()
    elif asked == ["check"]:
        sys.exit(1 if check() else 0)
    else:
        sys.exit("python -m ops.translations compile|make|check")


if __name__ == "__main__":
    main()
