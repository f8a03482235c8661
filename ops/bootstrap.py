"""Makes the virtual environment and what belongs into it, then becomes the program that was asked for.

python ops/bootstrap.py run|dev|keep -- ARGUMENTS OF PYTHON…
python ops/bootstrap.py clean

`run` has the application's packages, `dev` also those of tests and checks, `keep` takes what is there.
Runs on the system's Python with nothing installed, and installs only what changed: a second start costs no pip.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  (said in a sentence, before anything newer is used)
    sys.exit("This needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 run")

import hashlib
import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"run": ["requirements.lock"], "dev": ["requirements.lock", "requirements-dev.lock"]}


def main() -> None:
    arguments = sys.argv[1:]
    if arguments == ["clean"]:
        clean()
        return
    if len(arguments) < 3 or arguments[1] != "--" or arguments[0] not in ("run", "dev", "keep"):
        sys.exit(__doc__)
    os.chdir(ROOT)
    for folder in (ROOT, VENV, ROOT / "var"):
        if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
            sys.exit(f"{folder} belongs to another user: run this as that user, or from a copy of your own.")
    kind = arguments[0]
    if kind != "keep" or not works():
        with OnlyOne():
            make_venv()
            for lock in LOCKS["run" if kind == "keep" else kind]:
                install(lock)
            install_project()
            freshen()
    # our own folders first on the path, and no .pyc of another Python's environment in the way
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}
    environment["PATH"] = f"{VENV / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    environment["VIRTUAL_ENV"] = str(VENV)
    os.execve(PYTHON, [str(PYTHON), *arguments[2:]], environment)


class OnlyOne:
    """Two terminals must not install into one environment at a time."""

    def __enter__(self) -> None:
        import fcntl

        (ROOT / "var").mkdir(mode=0o700, exist_ok=True)
        self.file = (ROOT / "var" / "install.lock").open("w")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another make in this folder to finish its installation")
            fcntl.flock(self.file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self.file.close()


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def works() -> bool:
    """An environment whose Python is gone or was another version (a moved folder, an upgraded system) is made anew."""
    complete = VENV / ".complete"
    if complete.is_file():
        return PYTHON.exists() and complete.read_text() == f"{VENV} {platform.python_version()}"
    # made by hand, perhaps: good enough if its Python is the same and it has pip
    look = [str(PYTHON), "-c", "import platform, pip; print(platform.python_version())"]
    if not PYTHON.exists():
        return False
    if subprocess.run(look, capture_output=True, text=True, check=False).stdout.strip() != platform.python_version():
        return False
    complete.write_text(f"{VENV} {platform.python_version()}")
    return True


def make_venv() -> None:
    if works():
        return
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        sys.exit("Python's venv module is missing: install it (Debian: apt install python3-venv) and try again.")
    say("making .venv")
    if VENV.is_dir():
        shutil.rmtree(VENV)
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    (VENV / ".complete").write_text(f"{VENV} {platform.python_version()}")


def changed(name: str, digest: str) -> bool:
    stamp = VENV / f".{name}.stamp"
    return not (stamp.is_file() and stamp.read_text() == digest)


def stamp(name: str, digest: str) -> None:
    (VENV / f".{name}.stamp").write_text(digest)


def pip(*arguments: str, environment: dict[str, str] | None = None) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", *arguments]
    if subprocess.run(command, check=False, env={**os.environ, **(environment or {})}).returncode:
        sys.exit("The installation failed; what pip said is above. Is the package index reachable from this machine?")


def install(lock: str) -> None:
    digest = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    if changed(lock, digest):
        say(f"installing {lock}")
        pip("--require-hashes", "--no-deps", "-r", lock)
        stamp(lock, digest)


def install_project() -> None:
    """Editable, so that the working copy runs; its build hook fetches the browser files."""
    parts = [ROOT / "pyproject.toml", ROOT / "hatch_build.py"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()
    if not changed("project", digest):
        return
    say("installing the project, building the browser files")
    with Node() as environment:
        pip("--no-deps", "--no-build-isolation", "-e", ".", environment=environment)
    stamp("project", digest)


def freshen() -> None:
    """What the hook makes, made again when its sources changed since."""
    from ops import assets

    if not assets.fresh(ROOT):
        say("building the browser files")
        with Node() as environment:
            subprocess.run([str(PYTHON), "-m", "ops.assets"], check=True, env={**os.environ, **environment})
    for source in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.is_file() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns:
            subprocess.run([str(PYTHON), "-m", "ops.translations", "compile"], check=True)
            break


class Node:
    """npm for the build: the machine's own, or the one in a wheel that is thrown away afterwards."""

    def __enter__(self) -> dict[str, str]:
        from ops import assets

        self.folder = ""
        if assets.fresh(ROOT) or assets.npm_on_path():
            return {}
        say("no npm here: fetching one for this build")
        self.folder = tempfile.mkdtemp()
        pip("--require-hashes", "--no-deps", "--target", self.folder, "-r", "frontend/node.lock")
        return {"PYTHONPATH": self.folder}

    def __exit__(self, *_: object) -> None:
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


def clean() -> None:
    if PYTHON.is_file() and (VENV / ".complete").is_file():
        subprocess.run([str(PYTHON), "-m", "ops.stop", "--destroy"], cwd=ROOT, check=False)
    for name in (".venv", "var", "staticroot", "static/vendor", ".mypy_cache", ".ruff_cache", ".pytest_cache"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for path in ROOT.glob("locale/*/LC_MESSAGES/*.mo"):
        path.unlink()


if __name__ == "__main__":
    main()
