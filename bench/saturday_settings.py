"""Settings of the web server on the Saturday: a throw-away database, connections kept as in a real dealership."""

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["CONN_MAX_AGE"] = 60
