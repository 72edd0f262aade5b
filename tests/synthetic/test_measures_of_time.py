"""What is measured of a made-up quarter is what is true of it: exactly where the sample is counted, else within intervals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration, Unit
from sla_sync.attainment.attainment import Attainment, Period
from sla_sync.attainment.derived import with_derived
from sla_sync.attainment.engines import measure
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.measures.effort import effort
from sla_sync.measures.figures import Figure
from sla_sync.measures.hygiene import hygiene
from sla_sync.measures.overdue import overdue
from sla_sync.measures.speed import Waited, speed
from sla_sync.synthetic.parameters import Parameters, Policy
from sla_sync.synthetic.truth import Truth
from tests.measures.pasts import acme, past_of_tables

pytestmark = pytest.mark.slow
WHOLE = Period(date(2026, 10, 1), date(2026, 12, 31), "America/New_York")


def version(policy: Policy) -> Agreement:
    """Return the agreement of the example with the limits of a policy, from its first day on."""
    under = acme()
    limits = {name: Duration(seconds, Unit.SECOND, business=True) for name, seconds in policy.within.items()}
    response = under.commitments["first-response"].model_copy(update={"within": limits})
    effective = under.metadata.effective.model_copy(update={"start": policy.since, "until": None})
    metadata = under.metadata.model_copy(update={"effective": effective, "version": policy.name})
    commitments = {**under.commitments, "first-response": response}
    return under.model_copy(update={"metadata": metadata, "commitments": commitments})


@pytest.fixture(scope="module")
def past(quarter_tables: dict[str, pa.Table], quarter_truth: Truth) -> Past:
    versions = {each.name: version(each) for each in Parameters().policies}
    as_of = datetime.fromisoformat(quarter_truth.as_of)
    *_, newest = versions.values()
    return with_derived(past_of_tables(newest, as_of, quarter_tables, agreements=versions))


@pytest.fixture(scope="module")
def attained(past: Past) -> Attainment:
    return measure(past.engine, past.tables["legs"], past.agreements, WHOLE, past.as_of).attainment


@pytest.fixture(scope="module")
def waited(past: Past) -> Mapping[tuple[str, str], Waited]:
    return {(each.step, each.clock): each for each in speed(past, WHOLE)}


@pytest.mark.parametrize("cut", ["all", "owner", "priority", "source"])
def test_attainment_is_what_is_true_of_the_sample(attained: Attainment, quarter_truth: Truth, cut: str) -> None:
    for word, kept in quarter_truth.first_response[cut].items():
        found = attained.of("first-response", *(("", None) if cut == "all" else (cut, word)))
        assert found is not None
        assert (found.on_time, found.late, found.overdue) == (kept.on_time, kept.late, kept.overdue), word


def test_attainment_of_the_population_lies_in_the_interval(attained: Attainment, quarter_truth: Truth) -> None:
    found, kept = attained.of("first-response"), quarter_truth.first_response["all"]["all"]
    assert found is not None
    assert found.attained.interval is not None
    low, high = found.attained.interval
    assert low <= (kept.expected or 0) <= high


def test_verdicts_by_a_clock_that_runs_on_are_what_is_true_of_the_sample(
    attained: Attainment, quarter_truth: Truth
) -> None:
    found, kept = attained.of("verdict"), quarter_truth.verdict["all"]["all"]
    assert found is not None
    assert (found.on_time, found.late, found.overdue) == (kept.on_time, kept.late, kept.overdue)


def test_speed_counts_who_still_waits_and_knows_the_naive_figure(
    waited: Mapping[tuple[str, str], Waited], quarter_truth: Truth
) -> None:
    found, truth = waited["raised to touched", "wall"], quarter_truth.raised_to_touched
    assert found.basis.n == truth.number
    assert found.naive_median.value == truth.answered_only[0]
    for percent, real in zip((50, 75, 90), truth.sample, strict=True):
        assert covers(found.quantiles[percent], real), percent


def covers(figure: Figure, real: float | None) -> bool:
    """Return whether a quantile and its interval hold what is true."""
    if figure.value is None or real is None:
        return real is None and figure.at_least
    if figure.interval is None:
        return figure.value <= real
    return figure.interval[0] <= real <= figure.interval[1]


def test_effort_is_what_is_true_of_the_sample(past: Past, quarter_truth: Truth) -> None:
    (found,) = effort(past, WHOLE)
    assert found.kept == Share(quarter_truth.follow_up.kept, quarter_truth.follow_up.exits)
    assert found.kept.interval is not None
    assert found.kept.interval[0] <= quarter_truth.follow_up.expected <= found.kept.interval[1]
    assert sum(found.touches.values()) == found.kept.whole


def test_what_is_overdue_was_overdue_in_the_attainment_and_still_runs(past: Past, attained: Attainment) -> None:
    found = overdue(past, most=10_000)
    response = attained.of("first-response")
    assert response is not None
    assert 0 < found.count["first-response"] <= response.overdue
    assert len(found.late) == sum(found.count.values()) == found.basis.n
    ages = [each.open_seconds for each in found.late]
    assert ages == sorted(ages, reverse=True)
    assert all(0 <= each.open_seconds <= each.wall_seconds for each in found.late)
    assert all(past.as_of - each.due_at == timedelta(seconds=each.wall_seconds) for each in found.late)


def test_open_cycles_of_the_one_who_left_are_found(past: Past) -> None:
    found = hygiene(past)
    assert 0 < len(found.orphaned) < found.open_cycles
    assert {owner for _, owner in found.orphaned} == {"SYN-U-ben"}
    assert found.unassigned == ()
