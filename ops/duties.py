"""Rows of docs/duties.md that no test proves: `@pytest.mark.duty("C-27")` on a test is the proof of C-27."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def rows(path: Path) -> dict[str, str]:
    """ID and words of every row of the Markdown tables whose first column is an ID."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = re.match(r"\|\s*`?([A-Z]+-\d+)`?\s*\|\s*(.*?)\s*\|", line)
        if match:
            found[match[1]] = match[2]
    return found


def proven(folder: Path) -> set[str]:
    return {duty for path in sorted(folder.rglob("test_*.py")) for duty in _marks(path)}


def _marks(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "duty":
            yield from (
                word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)
            )


def main() -> None:
    page = ROOT / "docs" / "duties.md"
    if not page.is_file():
        raise SystemExit("There is no docs/duties.md yet.")
    wanted, have = rows(page), proven(ROOT / "tests")
    for duty, words in wanted.items():
        if duty not in have:
            print(f"{duty:<6} {words}")
    unknown = sorted(have - set(wanted))
    print(f"{len(set(wanted) & have)} of {len(wanted)} duties have a proof")
    if unknown:
        raise SystemExit(f"Tests name duties that docs/duties.md does not list: {', '.join(unknown)}")


if __name__ == "__main__":
    main()
