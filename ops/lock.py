"""Pins the newest allowed versions with their hashes, for every system and Python at once.

The locker (uv) is fetched for this alone. What this machine has configured for pip, a local folder of wheels
for example, is left out: its hashes would be of no use elsewhere, and no address of an index gets into the files.
"""

import os
import subprocess
import sys
import tempfile

from ops import places

FILES = {
    "requirements.in": "requirements.lock",
    "requirements-dev.in": "requirements-dev.lock",
    "frontend/node.in": "frontend/node.lock",
}
OPTIONS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--native-tls",
    "--quiet",
    "--upgrade",
]


def main() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_FIND", "UV_"))}
    with tempfile.TemporaryDirectory() as temporary:
        subprocess.run([sys.executable, "-m", "venv", temporary], check=True)
        subprocess.run([f"{temporary}/bin/pip", "install", "--quiet", "uv"], check=True)
        for source, target in FILES.items():
            command = [f"{temporary}/bin/uv", "pip", "compile", *OPTIONS, source, "--output-file", target]
            subprocess.run(command, cwd=places.ROOT, env=environment, check=True)


if __name__ == "__main__":
    main()
