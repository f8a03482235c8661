"""A short Saturday: everybody at their desk at once, over real HTTP; in the evening the books are what was played."""

from pathlib import Path
from typing import Any

import pytest

from bench.saturday import play, told
from tests.hard.conftest import FULL

pytestmark = [pytest.mark.hard, pytest.mark.django_db(transaction=True)]


@pytest.mark.duty("F-26")
def test_a_saturday_ends_with_the_books_as_played(environment: dict[str, str], tmp_path: Path) -> None:
    outcome: Any = play(environment, tmp_path, cars=40 if FULL else 8, seed=1)
    print(told(outcome))
    assert outcome.wrong == []
    assert sum(outcome.ends.values()) == (40 if FULL else 8)
    assert len(outcome.requests) > (700 if FULL else 100)
    assert max(one.status for one in outcome.requests) < 500
    wrong = " ".join(outcome.control)
    for word in ("settled by payer", "still to pay", "accounts", "figure revenue", "(quick)"):
        assert word in wrong, f"control: {word} is not found out in {outcome.control}"
