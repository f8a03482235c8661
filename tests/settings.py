"""Settings of the tests: the throw-away services, a fast hasher; everything else as in a real dealership."""

import os

if "TEST_RUN" not in os.environ:
    # the first process of a run starts the services and holds a share in them until it ends;
    # xdist's workers and programs that tests start inherit the environment
    import atexit

    from ops import services

    _share = services.Use("test")
    atexit.register(_share.drop)
    os.environ.update(_share.environment)
    os.environ.update(
        TEST_RUN=str(os.getpid()),
        SITE_URL="http://localhost:8000",
        DEBUG="0",
        # as in the demo, managers come in without a second factor
        DEMO=os.environ.get("DEMO", "1"),
        # Playwright's event loop runs in the thread of the test; Django would refuse its ORM there
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
    )
    for _name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "SITE_URL"):
        os.environ.pop(f"{_name}_FILE", None)

from dealer.settings import *  # noqa: F403
from dealer.settings import DATABASES, INSTALLED_APPS, STORAGES, VAR

INSTALLED_APPS = ["tests.plumbing", *INSTALLED_APPS]  # first, so that its `flush` is the one that is found
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MEDIA_ROOT = VAR / "test" / "files" / os.environ.get("PYTEST_XDIST_WORKER", "main")
for _database in DATABASES.values():
    _database["CONN_MAX_AGE"] = 0  # threads of a live server must not keep connections that a flush waits for
