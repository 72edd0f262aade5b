"""The way to a deal, in the agreements that come with the project and in odd ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import parse_duration
from sla_sync.agreement.source import read_text_source
from sla_sync.measures.way import Step, exits, steps, way, won_stage
from tests.measures.pasts import acme
from tests.semantics.leads import agreement

CONFIGS = Path(__file__).parents[2] / "configs"


def example(name: str) -> Agreement:
    text = (CONFIGS / "examples" / name / "agreement.yaml").read_text(encoding="utf-8")
    return Agreement.model_validate(dict(read_text_source(text).data or {}))


def step(start: str, goal: str, within: str) -> Step:
    return Step(start, goal, parse_duration(within))


def test_the_way_of_the_example_has_the_times_of_its_commitments_and_the_usual_ones() -> None:
    assert steps(acme()) == (
        step("mql", "sal", "14 days"),
        step("sal", "sql", "30 days"),
        step("sql", "opportunity", "30 days"),
        step("opportunity", "won", "180 days"),
    )


@pytest.mark.parametrize(
    ("said", "time"),
    [({}, "3 days"), ({"where": "country is DE"}, "14 days"), ({"measure": "sal to won within 3 days"}, "14 days")],
)
def test_a_commitment_about_some_leads_or_another_step_sets_no_time(said: dict[str, str], time: str) -> None:
    quality = {"by": "vp_marketing", "measure": "mql to sal within 3 days", "target": "70%", **said}
    assert steps(agreement(commitments={"quality": quality}))[0] == step("mql", "sal", time)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("startup", (step("mql", "sal", "14 days"), step("sal", "customer", "180 days"))),
        ("agency", (step("tql", "accepted", "5 days"), step("accepted", "order", "180 days"))),
        ("first", (step("mql", "sal", "14 days"),)),
    ],
)
def test_other_agreements_have_their_own(name: str, found: tuple[Step, ...]) -> None:
    assert steps(example(name)) == found


def stages(**following: tuple[str, ...]) -> Agreement:
    """Return an agreement with these stages and what follows each; `won` is won, and `lost` is lost."""
    told: dict[str, dict[str, object]] = {name: {"means": name, "next": list(each)} for name, each in following.items()}
    for end in ("won", "lost"):
        if end in told:
            told[end]["end"] = end
    return agreement(stages=told, commitments={"by_hand": {"by": "vp_sales", "measure": "manual"}}, routing=None)


@pytest.mark.parametrize(
    ("following", "found"),
    [
        ({"a": ("b", "c"), "b": ("c",), "c": ()}, ("a", "b", "c")),
        ({"a": ("won", "b"), "b": ("won",), "won": ()}, ("a", "b", "won")),
        ({"a": ("won", "b"), "b": ("c",), "c": (), "won": ()}, ("a", "won")),
        ({"a": ("lost", "b"), "b": ("a",), "lost": ()}, ("a", "b")),
        ({"b": (), "a": ("b",)}, ("a",)),
    ],
    ids=["the longest", "the longest that is won", "rather won than long", "no exit and never back", "never up"],
)
def test_the_way_leads_forward_in_the_order_of_the_agreement(
    following: dict[str, tuple[str, ...]], found: tuple[str, ...]
) -> None:
    assert way(stages(**following), "a") == found


def test_exits_are_where_a_cycle_ends_without_being_won() -> None:
    assert exits(acme()) == ("lost", "recycled", "disqualified")
    assert won_stage(acme()) == "won"
    assert (exits(stages(a=())), won_stage(stages(a=())), way(stages(a=()), "nowhere")) == ((), None, ())
