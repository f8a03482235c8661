"""Asks the web server of this container whether it is ready; exit status 0 means yes."""

import os
import sys
import urllib.error
import urllib.request
from urllib.parse import urlsplit

# as the reverse proxy asks: under the site's own name, else Django refuses the host
HOST = urlsplit(os.environ.get("SITE_URL", "http://localhost:8000")).netloc


def main() -> int:
    path = sys.argv[1] if len(sys.argv) > 1 else "readyz"
    request = urllib.request.Request(f"http://127.0.0.1:8000/{path}", headers={"Host": HOST})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:
            return 0 if answer.status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
