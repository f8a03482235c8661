"""No test is skipped in silence: two printed reasons are allowed, every other skip fails the run."""

import os
from collections import Counter

import pytest

ALLOWED = {"no chromium:": "REQUIRE_BROWSER", "no shared data:": "REQUIRE_SHARED"}


def skip_or_fail(reason: str) -> None:
    """Skip for one of the allowed reasons, or fail where the environment says that the thing must be there."""
    switch = next(switch for start, switch in ALLOWED.items() if reason.startswith(start))
    if os.environ.get(switch) == "1":
        pytest.fail(f"{reason} ({switch}=1 says it must be there)", pytrace=False)
    pytest.skip(reason)


def _why_not(reason: str) -> str | None:
    """What is wrong with a skip, or nothing."""
    for start, switch in ALLOWED.items():
        if reason.startswith(start):
            return f"{switch}=1 forbids this skip" if os.environ.get(switch) == "1" else None
    return f"the only reasons to skip start with {' or '.join(map(repr, ALLOWED))}"


class Policy:
    def __init__(self) -> None:
        self.refused: list[str] = []
        self.executed: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self._judge(report.nodeid, report)
        elif report.when == "call":
            self.executed["tests"] += 1
            for kind in ("browser", "shared", "hard"):
                if kind in report.keywords:
                    self.executed[kind] += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self._judge(report.nodeid, report)

    def _judge(self, nodeid: str, report: pytest.TestReport | pytest.CollectReport) -> None:
        if hasattr(report, "wasxfail"):
            self.refused.append(f"{nodeid}: expected to fail ({report.wasxfail}); mend it or take it out")
            return
        told = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = told.removeprefix("Skipped: ")
        wrong = _why_not(reason)
        if wrong:
            self.refused.append(f"{nodeid}: {reason!r}; {wrong}")
        else:
            self.skipped[reason] += 1

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.refused and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.executed.items()) if kind != "tests")
        terminalreporter.section("executed")
        terminalreporter.line(f"{self.executed['tests']} tests executed{f', among them {kinds}' if kinds else ''}")
        for reason, count in sorted(self.skipped.items()):
            terminalreporter.line(f"{count} skipped: {reason}")
        for line in self.refused:
            terminalreporter.line(f"REFUSED SKIP {line}", red=True)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # the controller sees the reports of all workers
        config.pluginmanager.register(Policy(), "skip-policy")
