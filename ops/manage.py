"""manage.py with the services of `make run` up; started for this command alone if they are not running."""

import os
import subprocess
import sys

from ops import places, services
from ops.run import write_environment


def main() -> None:
    with services.used("run") as given:
        environment = write_environment(given)
        try:
            code = subprocess.run(
                [sys.executable, "manage.py", *sys.argv[1:]], cwd=places.ROOT, env=environment
            ).returncode
        except KeyboardInterrupt:
            code = 130
    sys.exit(code)


if __name__ == "__main__":
    os.umask(0o077)
    main()
