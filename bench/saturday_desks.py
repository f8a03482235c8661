"""Who does what on the Saturday: a thread for each person on duty, a queue for each desk, a story for each car.

A story is a generator: it says what somebody of a role is to do next and is sent the answer. Nobody waits by the
clock; who has nothing to do waits at the queue of the desk.
"""

import itertools
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bench.saturday_house import House, Person
from tests.hard.web import Answer, Program


class Do(NamedTuple):
    """A verb asked of somebody: POST (or another method), what it must answer with."""

    role: str
    path: str
    body: Any = None
    expected: tuple[int, ...] = (200, 201)
    method: str = "POST"
    person: int | None = None  # the very one who began it


class Look(NamedTuple):
    """Something read by somebody."""

    role: str
    path: str


class Visitor(NamedTuple):
    """What a customer does with a link, without an account."""

    run: Callable[[int], Any]


class Start(NamedTuple):
    """More stories begin here (the cars of a fleet that came together)."""

    stories: list[Any]


Story = Generator[Any, Any, str]


class Lost(Exception):
    """A car whose story could not go on, and where."""


@dataclass
class Request:
    """One request as it was seen by whoever made it."""

    what: str
    status: int
    seconds: float


@dataclass
class Day:
    """The desks, and what happened at them."""

    port: int
    house: House
    requests: list[Request] = field(default_factory=list)
    ends: dict[str, str] = field(default_factory=dict)  # plate: how the car's day ended
    lost: list[str] = field(default_factory=list)
    open_stories: int = 0

    def __post_init__(self) -> None:
        self.crew = [one for people in self.house.people.values() for one in people]
        self.queues: dict[Any, queue.SimpleQueue[Any]] = {one.pk: queue.SimpleQueue() for one in self.crew}
        self.queues["visitor"] = queue.SimpleQueue()
        self.turns = {role: itertools.cycle([one.pk for one in people]) for role, people in self.house.people.items()}
        self.is_over, self.guard = threading.Event(), threading.Lock()

    # Playing

    def play(self, stories: Iterable[tuple[str, Story]]) -> None:
        """Everybody works until every story has ended."""
        threads = [threading.Thread(target=self._work, args=(one,), name=one.name) for one in self.crew]
        threads.append(threading.Thread(target=self._visit, name="visitor"))
        self.begin(list(stories))
        for thread in threads:
            thread.start()
        self.is_over.wait()
        for one in self.queues.values():
            one.put(None)
        for thread in threads:
            thread.join(30)

    def begin(self, stories: list[tuple[str, Story]]) -> None:
        """Stories that begin now."""
        with self.guard:
            self.open_stories += len(stories)
        for name, story in stories:
            self._go_on(name, story, None)

    def _work(self, person: Person) -> None:
        program = Program(self.port, token=person.token)
        while (task := self.queues[person.pk].get()) is not None:
            name, story, do = task
            self._go_on(name, story, lambda do=do: self._ask(program, do, person))
        program.close()

    def _visit(self) -> None:
        while (task := self.queues["visitor"].get()) is not None:
            name, story, do = task
            self._go_on(name, story, lambda do=do: do.run(self.port))

    def _seat(self, do: Any) -> Any:
        """Whose turn it is: the one who began it, or the next of the role."""
        if isinstance(do, Visitor):
            return "visitor"
        if getattr(do, "person", None) is not None:
            return do.person
        with self.guard:
            return next(self.turns[do.role])

    def _go_on(self, name: str, story: Story, answer: Callable[[], Any] | None) -> None:
        """The next step of a story, at the desk where it is done."""
        try:
            do = story.send(answer() if answer else None)
            while isinstance(do, Start):
                self.begin(do.stories)
                do = story.send(None)
        except StopIteration as end:
            self._end(name, str(end.value))
        except Exception as problem:
            self.lost.append(f"{name}: {type(problem).__name__}: {str(problem)[:400]}")
            self._end(name, "lost")
        else:
            self.queues[self._seat(do)].put((name, story, do))

    def _end(self, name: str, end: str) -> None:
        with self.guard:
            self.ends[name] = end
            self.open_stories -= 1
            if not self.open_stories:
                self.is_over.set()

    # Asking

    def _ask(self, program: Program, do: Do | Look, person: Person) -> Any:
        began = time.perf_counter()
        if isinstance(do, Look):
            answer = program.get(do.path)
            self.note("GET", do.path, answer, began)
            if answer.status != 200:
                raise Lost(f"GET {do.path} by {do.role}: {answer.status} {answer.body[:200]!r}")
            return answer.json()
        if do.method == "POST":
            answer = program.post(do.path, do.body)
        else:
            answer = program.json(do.method, do.path, do.body)
        self.note(do.method, do.path, answer, began)
        if answer.status not in do.expected:
            told = answer.body[:300].decode(errors="replace")
            raise Lost(f"{do.path} {do.body} by {do.role}: {answer.status} {told}")
        found = answer.json()
        return found | {"by": person.pk} if isinstance(found, dict) else found

    def note(self, method: str, path: str, answer: Answer, began: float) -> None:
        """One request for the statistics; ids do not matter there."""
        bare = "/".join("N" if part.isdigit() else part for part in path.partition("?")[0].split("/"))
        self.requests.append(Request(f"{method} {bare}", answer.status, time.perf_counter() - began))
