"""A workflow that was there all the time is not missed, whatever others make and delete while the list is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.connector import Action, FaultError
from sla_sync.connector.simulation.schedules import Line, Scripted
from sla_sync_hubspot import catalogue
from sla_sync_hubspot.names import manifest_property
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.steady import Entries, steady
from sla_sync_hubspot.types import WORKFLOW
from tests.connectors.hubspot.stories import AGREEMENT, Portal, portal, stamped
from tests.haste import examples

FLOW = {
    "type": "CONTACT_FLOW", "flowType": "WORKFLOW", "actions": [], "objectTypeId": "0-1", "isEnabled": False,
    "timeWindows": [], "blockedDates": [], "customProperties": {},
}  # fmt: skip
OURS = "ours"
EVENTS = st.lists(
    st.sampled_from(["pass", "pass", "delete first", "delete any", "make first", "make last"]), max_size=60
)


@settings(max_examples=examples(400), deadline=None)
@given(st.integers(1, 4), st.integers(0, 11), st.integers(0, 11), EVENTS, st.randoms(use_true_random=False))
def test_what_is_there_all_the_time_is_found_or_it_is_told_that_the_list_never_rests(
    size: int, before: int, after: int, events: list[str], random: object
) -> None:
    there = [*(f"a{number}" for number in range(before)), OURS, *(f"z{number}" for number in range(after))]
    left = list(events)
    made = iter(range(1000))

    def meanwhile() -> None:
        event = left.pop(0) if left else "pass"
        others = [each for each in there if each != OURS]
        if event == "delete first" and others:
            there.remove(others[0])
        elif event == "delete any" and others:
            there.remove(random.choice(others))  # type: ignore[attr-defined]
        elif event.startswith("make"):
            there.insert(0 if event == "make first" else len(there), f"n{next(made)}")

    def read() -> list[Entries]:
        pages: list[Entries] = []
        start = 0
        while True:
            page = there[start : start + size]
            pages.append([{"id": each} for each in page])
            start += len(page)
            if start >= len(there):
                return pages
            meanwhile()

    try:
        found = steady(read, lambda entries: OURS in {each["id"] for each in entries}, what="workflows")
    except FaultError:
        assert "delete first" in events or "delete any" in events
    else:
        assert OURS in {each["id"] for each in found}


def _crowded(served: Portal) -> None:
    """Let others have a page full of workflows before any of ours."""
    for number in range(100):
        served.client().call("POST", Api.FLOWS, body=FLOW | {"name": f"Passing by {number}"})


@pytest.mark.slow
def test_a_workflow_of_an_apply_that_died_before_its_manifest_is_not_made_twice_while_others_delete_theirs(
    tmp_path: Path,
) -> None:
    with portal(tmp_path) as served:
        _crowded(served)
        served.apply(stamped())
        served.client().call("DELETE", Api.PROPERTIES, f"/contacts/{manifest_property(AGREEMENT)}")
        served.running.trouble = Scripted((Line("others-delete"),))
        made = [each for each in served.changes(stamped()) if each.action is Action.CREATE]
        assert [each.fault for each in served.running.happened] == ["others-delete"]
        assert [each for each in made if each.address.type == WORKFLOW] == []


@pytest.mark.slow
@pytest.mark.parametrize("lags", [1, 2])
def test_a_workflow_whose_making_nobody_answered_is_not_made_twice_where_the_list_lags(
    tmp_path: Path, lags: int
) -> None:
    with portal(tmp_path) as served:
        made = "POST /automation/v4/flows"
        lost = Scripted((Line("truncated", call=made), Line("stale", call="GET /automation/v4/flows", times=lags)))
        served.running.trouble = lost
        served.apply(stamped())
        assert [each.fault for each in served.running.happened] == ["truncated", *["stale"] * lags]
        served.running.trouble = None
        names = [each["name"] for each in catalogue.flow_headings(served.client())]
        assert len(names) == len(set(names)) > 0


@pytest.mark.slow
def test_a_list_from_which_others_delete_all_the_time_is_told_and_nothing_is_made(tmp_path: Path) -> None:
    with portal(tmp_path) as served:
        _crowded(served)
        for number in range(8):
            served.client().call("POST", Api.FLOWS, body=FLOW | {"name": f"Passing by late {number}"})
        served.running.trouble = Scripted((Line("others-delete", times=100),))
        with pytest.raises(FaultError, match="Others deleted workflows each of the 6 times"):
            catalogue.flow_headings(served.client(), named={"Ours"})
        served.running.trouble = None
        before = served.running.requests
        assert len(catalogue.flow_headings(served.client())) == 102
        assert served.running.requests == before + 2, "who misses nobody by name reads it once"
