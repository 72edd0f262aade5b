"""What goes wrong on the way to any platform: each fault does what its sentence says, over plain HTTP and over TLS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import requests

from sla_sync.connector.simulation import Happened, Running
from sla_sync.connector.simulation.schedules import Line, Scripted, Seeded
from sla_sync.connector.simulation.trouble import TRANSPORT
from tests.connector.tiny import PATIENCE, ask, shelf, shelf_of

UNANSWERED = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
LOST = {"cut", "reset", "silence"}


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "tls"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with shelf(tmp_path_factory.mktemp("shelf"), tls=request.param) as served:
        yield served


@pytest.fixture
def running(kept: Running) -> Running:
    kept.trouble = None
    kept.happened.clear()
    return kept


def tried(running: Running, name: str, method: str = "PUT") -> requests.Response | None:
    """Let a fault happen to one request and return its answer, None where there was none."""
    running.trouble = Scripted((Line(name),))
    try:
        return ask(running, method, name)
    except UNANSWERED:
        return None


TWO_SIDED = sorted(name for name in TRANSPORT if name.endswith(("-before", "-after")))


@pytest.mark.parametrize("name", TWO_SIDED)
def test_a_fault_with_two_sides_happens_before_the_request_is_carried_out_or_after(running: Running, name: str) -> None:
    answer = tried(running, name)
    assert (name in shelf_of(running).things) is name.endswith("-after")
    assert [(each.fault, each.carried_out) for each in running.happened] == [(name, name.endswith("-after"))]
    what = name.partition("-")[0]
    assert (answer is None) is (what in LOST)
    if answer is not None:
        assert answer.status_code == (200 if what == "page" else int(what))
        assert answer.headers["Content-Type"].startswith("text/html")


def test_a_truncated_answer_breaks_off_and_a_shortened_one_looks_whole(running: Running) -> None:
    whole = ask(running, "PUT", "a thing").content
    running.trouble = Scripted((Line("truncated"),))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        ask(running)
    shortened, emptied = tried(running, "shortened", "GET"), tried(running, "emptied", "GET")
    assert shortened is not None
    assert emptied is not None
    assert (shortened.status_code, shortened.content) == (200, whole[: len(whole) // 2])
    assert (emptied.status_code, emptied.content) == (200, b"")


def test_a_stale_read_shows_what_was_there_before_the_last_write_and_only_once(running: Running) -> None:
    running.trouble = Scripted((Line("stale", call="GET *"),))
    before = ask(running).content
    assert running.happened == [], "nothing was written since, so that nothing can be stale"
    ask(running, "PUT", "something new")
    assert ask(running).content == before
    assert "something new" in ask(running).json()
    assert [(each.method, each.fault) for each in running.happened] == [("GET", "stale")]


def test_nobody_listens_while_a_platform_is_away_and_it_is_back_at_the_same_address(running: Running) -> None:
    url, asked = running.url, running.requests
    with running.away(), pytest.raises(requests.ConnectionError, match="refused"):
        ask(running)
    assert ask(running).ok
    assert (running.url, running.requests) == (url, asked + 1)


def test_a_silence_lasts_as_long_as_the_client_has_patience_and_lets_others_be_served(running: Running) -> None:
    running.trouble = Scripted((Line("silence-before"),))
    with pytest.raises(requests.Timeout) as raised:
        ask(running)
    assert f"read timeout={PATIENCE}" in str(raised.value)
    assert ask(running).ok


def test_a_platform_tells_its_own_time(running: Running) -> None:
    assert ask(running).headers["Date"] == "Thu, 01 Oct 2026 00:00:00 GMT"


def test_what_happened_is_a_script_that_lets_it_happen_again(tmp_path: Path) -> None:
    def asked(running: Running) -> list[Happened]:
        for number in range(60):
            try:
                ask(running, "PUT" if number % 3 else "GET", str(number))
            except UNANSWERED:
                continue
        return running.happened

    names = sorted(set(TRANSPORT) - {"silence-before", "silence-after"})
    with shelf(tmp_path / "chance") as running:
        running.trouble = Seeded(seed=7, rate=0.4, names=names)
        first = asked(running)
    assert len({each.fault for each in first}) > len(TRANSPORT) / 3
    with shelf(tmp_path / "script") as running:
        running.trouble = Scripted(tuple(Line(each.fault, number=each.number) for each in first))
        assert asked(running) == first
    assert all(one.number < two.number for one, two in pairwise(first))


def test_a_recording_says_which_request_met_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "requests.jsonl"
    with shelf(tmp_path / "data", record=file) as running:
        ask(running)
        tried(running, "502-after")
        tried(running, "cut-before")
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [(each.get("fault"), each["status"]) for each in lines] == [
        (None, 200),
        ("502-after", 502),
        ("cut-before", None),
    ]


def test_every_fault_says_in_one_sentence_what_it_does() -> None:
    for name, fault in TRANSPORT.items():
        assert fault.name == name
        assert fault.sentence.endswith(".")
        assert fault.sentence[0].isupper()
