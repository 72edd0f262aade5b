"""What a reader sees beside settings becomes findings that weigh what the promises weigh, with the harm that was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.connector import (
    TRAIL,
    Address,
    Concern,
    Consequence,
    ForbiddenError,
    Harm,
    KeyPath,
    Observation,
    Snapshot,
    Translation,
    Unseen,
    Watched,
    Witness,
)
from sla_sync.pipeline.watching import joined, watch, with_harm
from sla_sync.reconcile.drift import Drift, DriftClass, Finding, Trace
from sla_sync.testing.memory import MemoryPlatform, MemoryReader
from tests.connectors.hubspot.clockwork import bound, needed
from tests.explain.stories import example

NOW = datetime(2026, 11, 4, 8, tzinfo=UTC)
ASKED = Watched(needed(), bound(), Translation((), ()), Snapshot({}), NOW)
RESPONSE = ("commitments", "first-response")
ROUTER = Observation(
    Concern.SHADOWED, "Flow 'Old router'", "It writes the owner.", ("stages", "mql"), who="Dana", when=NOW
)


@dataclass
class Watching(MemoryReader):
    """A reader in memory that was told what it sees, and keeps what it was asked."""

    told: Iterable[Observation | Unseen] = ()
    refuses: bool = False
    asked: list[tuple[KeyPath, datetime]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(MemoryPlatform("acme-inbound"))

    def watch(self, asked: Watched) -> Iterable[Observation | Unseen]:
        """Yield it, and at the end refuse the rest where that was wanted."""
        assert asked is ASKED
        yield from self.told
        if self.refuses:
            raise ForbiddenError("The user may not see leads.", call="leads")

    def harm(self, asked: Watched, origin: KeyPath, since: datetime) -> Harm | None:
        """Keep the question, and count one record for each."""
        assert asked is ASKED
        self.asked.append((origin, since))
        return Harm(f"{len(self.asked)} leads without due time.", 1, 1, ("00Q1",))

    def first_due(self, asked: Watched) -> datetime | None:
        """Return a quarter of an hour from now."""
        return asked.now + timedelta(minutes=15)


def finding(**changes: object) -> Finding:
    place = Address("Field", "due")
    plain = Finding(
        DriftClass.CHANGED, Consequence.BREACH, place, ("length",), 1, 1, 2, "Dana", NOW, RESPONSE, target="t"
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def audit_of(*findings: Finding) -> Drift:
    return Drift("t", findings, 0, (), at=NOW)


@pytest.fixture(scope="module")
def acme() -> Agreement:
    return example("acme")


def test_what_is_observed_is_a_finding_of_its_class_under_a_name_that_counts_do_not_change() -> None:
    first = Observation(
        Concern.BEHAVIOUR, "Legs", "3 of 5 have no due time.", RESPONSE, witnesses=(Witness("a"),), wrong=3, of=5
    )
    more = replace(first, finding="4 of 6 have no due time.", wrong=4, of=6)
    names = []
    for each in (first, more):
        (seen,) = watch(Watching(told=[each]), ASKED, "t").findings
        assert (seen.drift, seen.sentence, seen.commitment) == (DriftClass.BEHAVIOUR, each.finding, RESPONSE)
        assert seen.harm == Harm("", each.of or 0, each.wrong or 0, ("a",))
        names.append(seen.id)
    assert names[0] == names[1]


@pytest.mark.parametrize("concern", Concern)
def test_every_concern_has_a_class(concern: Concern) -> None:
    (seen,) = watch(Watching(told=[replace(ROUTER, concern=concern)]), ASKED, "t").findings
    assert str(seen.drift) == str(concern)
    assert (seen.who, seen.when, seen.trace) == ("Dana", NOW, Trace.TOLD)
    (other,) = watch(Watching(told=[replace(ROUTER, concern=Concern.STALE)]), ASKED, "t").findings
    assert (seen.id == other.id) is (concern is Concern.STALE), "of one flow, two things are two findings"


def test_what_could_not_be_seen_is_said_and_never_makes_an_audit_fail() -> None:
    seen = watch(
        Watching(told=[ROUTER, Unseen("Apex triggers", "Nobody can look into them.")], refuses=True), ASKED, "t"
    )
    assert len(seen.findings) == 1
    assert [(each.what, each.because) for each in seen.unseen] == [
        ("Apex triggers", "Nobody can look into them."),
        ("what happens beside the settings", "The user may not see leads."),
    ]
    assert not replace(audit_of(), unverifiable=seen.unseen).in_sync
    assert not replace(audit_of(), unverifiable=seen.unseen).unreadable, "a reader that cannot look is no broken audit"
    assert watch(MemoryReader(MemoryPlatform("a")), ASKED, "t").findings == ()


def test_no_trace_and_no_trail_are_told_apart(acme: Agreement) -> None:
    untold = finding(who=None, when=None)
    for told, trace in (([], Trace.NOT_FOUND), ([Unseen(TRAIL, "Below Enterprise there is none.")], Trace.NO_TRAIL)):
        seen = watch(Watching(told=told), ASKED, "t")
        assert seen.unseen == (), "a trail is no setting"
        (only,) = joined(audit_of(untold), acme, trail=seen.trail).findings
        assert only.trace is trace


@pytest.mark.parametrize(
    ("changes", "gravity"),
    [
        ({}, Consequence.BREACH),
        ({"consequence": Consequence.COSMETIC}, Consequence.COSMETIC),
        ({"consequence": Consequence.WEAKENING}, Consequence.WEAKENING),
        ({"drift": DriftClass.DISABLED}, Consequence.BREACH),
        ({"commitment": ("stages", "opportunity")}, Consequence.BREACH),
        ({"drift": DriftClass.PEOPLE, "commitment": ("roles", "sdr_manager")}, Consequence.BREACH),
        ({"drift": DriftClass.PEOPLE, "commitment": ("roles", "president")}, Consequence.WEAKENING),
        ({"commitment": ("commitments", "reported")}, Consequence.WEAKENING),
    ],
)
def test_a_finding_weighs_what_the_promise_weighs_and_never_more_than_itself(
    acme: Agreement, changes: dict[str, object], gravity: Consequence
) -> None:
    reported = acme.commitments["follow-up"].model_copy(update={"kind": "influence"})
    agreement = acme.model_copy(update={"commitments": {**acme.commitments, "reported": reported}})
    (only,) = joined(audit_of(finding(**changes)), agreement, trail=True).findings
    assert only.consequence is gravity


def test_harm_is_asked_once_a_place_since_the_first_change_and_of_breaches_alone(acme: Agreement) -> None:
    reader = Watching()
    earlier = NOW - timedelta(hours=2)
    findings = (
        finding(),
        finding(path=("type",), when=earlier),
        finding(commitment=("commitments", "verdict")),
        finding(consequence=Consequence.COSMETIC, commitment=("stages", "sal")),
        finding(drift=DriftClass.PENDING, commitment=("stages", "mql")),
        finding(when=None, commitment=("stages", "recycled")),
    )
    found = with_harm(joined(audit_of(*findings), acme, trail=True), reader, ASKED)
    assert reader.asked == [(RESPONSE, earlier), (("commitments", "verdict"), NOW)]
    assert [each.harm.sentence if each.harm else "" for each in found.findings] == [
        "1 leads without due time.",
        "1 leads without due time.",
        "2 leads without due time.",
        "",
        "",
        "",
    ]
    assert found.first_due == NOW + timedelta(minutes=15)
    assert [each.commitment for each in found.at_risk][:2] == ["first-response", "verdict"]


def test_a_night_without_a_breach_asks_nothing_more_and_a_bad_one_asks_little() -> None:
    reader = Watching()
    quiet = audit_of(finding(consequence=Consequence.COSMETIC), finding(drift=DriftClass.PENDING))
    assert with_harm(quiet, reader, ASKED) == quiet
    bad = audit_of(*(finding(commitment=("stages", f"s{number}")) for number in range(30)))
    with_harm(bad, reader, ASKED)
    assert len(reader.asked) == 8
