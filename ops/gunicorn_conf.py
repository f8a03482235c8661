"""How the web server runs, in `make run` and in the container; measured in docs/decisions/002-web-server.md."""

import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "8"))
preload_app = True  # one start of Django instead of one for each worker
timeout = 60
graceful_timeout = 4
keepalive = 30
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112
# requests are seen in the reverse proxy's log or in the browser; here they would hide what matters
accesslog = os.environ.get("ACCESS_LOG") or None
control_socket_disable = True
