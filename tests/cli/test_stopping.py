"""Ctrl-C and SIGTERM: one sentence, the exit code of the signal, and what was held is given back."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from sla_sync.cli.stopping import Stopped, stoppable, stopped


@pytest.fixture(autouse=True)
def _as_in_a_process_of_its_own() -> Iterator[None]:
    """Let SIGTERM have no answer yet: where tests are traced, the tracer has one, and would end the whole worker."""
    before = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGINT, 130, "Ctrl-C"), (signal.SIGTERM, 143, "SIGTERM"), (signal.SIGHUP, 129, "SIGHUP")],
)
def test_a_signal_stops_what_runs_in_one_sentence_and_with_its_own_exit_code(
    number: int, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given_back = []

    def work() -> None:
        try:
            os.kill(os.getpid(), number)
        finally:
            given_back.append("lock")

    with stoppable() as came, pytest.raises(Stopped):
        work()
    came[0].add_note("3 of 9 changes were reported as done until then.")
    assert (stopped(came[0]), given_back) == (code, ["lock"])
    assert capsys.readouterr().err == (
        f"error: Stopped by {said} before it was done.\n"
        "3 of 9 changes were reported as done until then.\n"
        "  → Run the same command again: it goes on with what is left.\n"
    )


def test_a_signal_that_comes_while_the_first_is_obeyed_stops_that_too() -> None:
    def work() -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
        finally:
            os.kill(os.getpid(), signal.SIGTERM)

    with stoppable() as came, pytest.raises(Stopped):
        work()
    assert [each.number for each in came] == [signal.SIGINT, signal.SIGTERM]


def test_what_is_ignored_or_answered_already_stays_so_and_all_is_as_before_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    ignored = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stoppable() as came:
            os.kill(os.getpid(), signal.SIGHUP)
        assert came == []
    finally:
        signal.signal(signal.SIGHUP, ignored)
    assert signal.getsignal(signal.SIGINT) is before


def test_off_the_main_thread_nothing_is_changed() -> None:
    seen = []

    def elsewhere() -> None:
        with stoppable():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGTERM)]
