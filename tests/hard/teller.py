"""The sweep of escalations with accidents: the step of one case kills its process, that of another never comes back.

For tests only. Read from the environment: KILLS and HANGS, the ids of the two cases.
"""

import os
import signal
import time
from typing import Any

import django

django.setup()

from complaints.actions import escalations  # noqa: E402  (models are looked for while it is being imported)

_give = escalations.give_task


def _give_or_die(*given: Any, row: Any, **more: Any) -> Any:
    if str(row.pk) == os.environ["KILLS"]:
        os.kill(os.getpid(), signal.SIGKILL)
    if str(row.pk) == os.environ["HANGS"]:
        time.sleep(600)
    return _give(*given, row=row, **more)


escalations.give_task = _give_or_die
escalations.escalate()
