"""As root: a folder that belongs to the unprivileged user whom the servers run as, and to nobody else.

Postgres refuses to run as root, and another user often cannot even enter the folder that a project lies in.
"""

import os
import pwd
import time
from pathlib import Path
from typing import Any

from ops import places

SERVER_USER = "nobody"


def identity() -> dict[str, Any]:
    """The unprivileged user that servers run as when we are root; no user is added to the machine."""
    try:
        entry = pwd.getpwnam(SERVER_USER)
    except KeyError:
        places.refuse(
            f"run this as a plain user: Postgres refuses root, and there is no user {SERVER_USER} to run it as."
        )
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def give_away(folder: Path) -> None:
    """A folder and all that is in it to the server's user, and to nobody else."""
    who = identity()
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, who["user"], who["group"], follow_symlinks=False)
    folder.chmod(0o700)


def private_root() -> Path | None:
    """As root: a folder of this project alone under /var/lib, for the server's user alone. Else none is needed.

    Its name comes from the path of `var/`; a file in both tells whether they belong together. When `var/` was
    thrown away its passwords went with it, so the data that is left over is put aside and a new start is made.
    """
    if os.geteuid() != 0:
        return None
    var = places.var().resolve()
    root = Path("/var/lib") / f"after-sales-{places.digest(str(var))}"
    mark = places.secret(var / "private-root.id", 8)
    kept = root / "id"
    if root.is_dir() and not (kept.is_file() and kept.read_text(encoding="utf-8").strip() == mark):
        root.rename(root.with_name(f"{root.name}.{time.strftime('%Y%m%d-%H%M%S')}"))
        print(f"Data of an earlier copy of this project was put aside beside {root}; delete it if nobody misses it.")
    if not root.is_dir():
        root.mkdir(mode=0o700)
        places.write_private(kept, mark + "\n")
        places.write_private(root / "project", f"{places.ROOT}\n")
        give_away(root)
    return root
