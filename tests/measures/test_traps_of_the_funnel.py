"""Each way in which a figure of the funnel goes wrong: what one would reckon naively, and what is so.

All comes from what happened, lead by lead, as a platform tells it; cycles and stays are derived from it. Each trap has leads of a
source of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.derived import with_derived
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.measures.conversion import Conversion, conversion
from sla_sync.measures.revenue import revenue
from sla_sync.measures.way import steps
from tests.measures.pasts import acme, past_of

Row = dict[str, object]
pytestmark = pytest.mark.slow  # cycles and stays are derived of everything

NOW = "2026-11-10 12:00"
AUTUMN = Period(date(2026, 9, 1), date(2026, 11, 30), "America/New_York")


@dataclass
class Told:
    """The rows of each table."""

    tables: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, table: str, **row: object) -> None:
        """Add one row."""
        self.tables.setdefault(table, []).append(row)

    def lead(self, name: str, source: str, *moves: tuple[str, str], raised: str = "", **said: str) -> None:
        """Add a lead that asked an hour before it first moved, and entered stages."""
        first = raised or f"{moves[0][1][:10]} 09:00"
        self.add("leads", lead=name, created_at=first, **said)
        self.add("raises", lead=name, at=first, source=source)
        for stage, at in moves:
            self.add("stages", lead=name, at=at, stage=stage)

    def leads(self, count: int, source: str, *moves: tuple[str, str], **said: str) -> None:
        """Add so many leads to which the same happened."""
        for _ in range(count):
            self.lead(f"{source}-{len(self.tables.get('leads', ()))}", source, *moves, **said)

    def naive(self, source: str, stage: str, months: tuple[str, ...] = ("09", "10", "11")) -> int:
        """Return how many leads of a source have a stage at all, by the month in which they entered it last."""
        own = {row["lead"] for row in self.tables["raises"] if row["source"] == source}
        last = {row["lead"]: str(row["at"]) for row in self.tables["stages"] if row["stage"] == stage}
        return sum(lead in own and at[5:7] in months for lead, at in last.items())


def told() -> Told:
    """Return what happened."""
    made = Told()
    made.leads(2, "growth", ("mql", "2026-10-05 10:00"), ("sal", "2026-10-15 10:00"))
    made.leads(2, "growth", ("mql", "2026-10-05 10:00"))
    made.leads(20, "growth", ("mql", "2026-11-05 10:00"))  # Half of them will be accepted, ten days later as well.
    made.leads(10, "surge", ("mql", "2026-10-26 10:00"), ("sal", "2026-11-03 10:00"))
    made.leads(10, "surge", ("mql", "2026-10-26 10:00"))
    made.leads(2, "surge", ("mql", "2026-11-02 10:00"))
    anew = (
        ("mql", "2026-09-10 10:00"),
        ("recycled", "2026-09-12 10:00"),
        ("mql", "2026-10-10 10:00"),
        ("sal", "2026-10-11 10:00"),
    )
    made.leads(1, "again", *anew)
    made.leads(3, "list", ("mql", "2026-10-05 10:00"), ("sal", "2026-10-06 10:00"))
    made.leads(30, "list", ("mql", "2026-10-05 02:00"), raised="2026-10-05 02:00", batch="B1")
    made.leads(3, "clean", ("mql", "2026-10-05 10:00"), ("sal", "2026-10-06 10:00"))
    made.leads(2, "clean", ("mql", "2026-10-05 10:00"), excluded="test")
    made.leads(1, "clean", ("mql", "2026-10-05 10:00"), excluded="competitor")
    made.lead("winner", "twice", ("mql", "2026-10-05 10:00"), ("sal", "2026-10-07 10:00"))
    made.lead("loser", "twice", ("mql", "2026-10-06 10:00"), merged_into="winner", gone_at="2026-10-06 12:00")
    made.lead("first", "taken", ("mql", "2026-10-01 10:00"), merged_into="second", gone_at="2026-10-02 12:00")
    made.lead("second", "taken", ("inquiry", "2026-10-01 11:00"), ("sal", "2026-10-10 10:00"))
    made.leads(2, "kept", ("mql", "2026-10-05 10:00"), ("sal", "2026-10-06 10:00"))
    made.leads(2, "kept", ("mql", "2026-10-05 10:00"), gone_at="2026-10-07 10:00")
    made.leads(2, "webinar", ("mql", "2026-10-05 10:00"), ("sal", "2026-10-06 10:00"))
    made.lead("moved", "webinar", ("mql", "2026-10-05 10:00"), ("sal", "2026-10-06 10:00"))
    made.add("facts", lead="moved", at="2026-10-05 09:00", field="source", value="webinar")
    made.add("facts", lead="moved", at="2026-10-20 10:00", field="source", value="content")
    made.add("raises", lead="moved", at="2026-10-20 10:00", source="content")
    qualified = (("mql", "2026-09-05 10:00"), ("sal", "2026-09-06 10:00"), ("sql", "2026-09-07 10:00"))
    made.lead("contact", "demo_request", *qualified, converted_at="2026-09-30 15:00")
    made.add(
        "deals", deal="D1", lead="contact", opened_at="2026-10-01 15:00", amount=40_000.0,
        closed_at="2026-10-01 00:00", won=True,
    )  # fmt: skip
    return made


@pytest.fixture(scope="module")
def past() -> Past:
    return with_derived(past_of(acme(), NOW, **told().tables))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def accepted(past: Past) -> Conversion:
    return conversion(past, AUTUMN, steps(acme())[0])


def test_conversion_of_all_so_far_falls_as_a_team_grows_and_that_of_mature_cohorts_does_not(
    accepted: Conversion,
) -> None:
    assert Share(told().naive("growth", "sal"), told().naive("growth", "mql")) == Share(2, 24)
    assert accepted.by_source["growth"] == Share(2, 4)


def test_accepted_of_a_month_by_qualified_of_the_same_month_can_be_more_than_all(accepted: Conversion) -> None:
    november = ("11",)
    assert Share(told().naive("surge", "sal", november), told().naive("surge", "mql", november)) == Share(10, 2)
    assert accepted.by_source["surge"] == Share(10, 20)


def test_a_date_that_is_overwritten_at_the_next_qualification_loses_the_first_one(accepted: Conversion) -> None:
    assert told().naive("again", "mql", ("09",)) == 0
    assert Share(told().naive("again", "sal"), told().naive("again", "mql")) == Share(1, 1)
    assert accepted.by_source["again"] == Share(1, 2)
    assert accepted.again == Share(1, 1)


def test_a_list_that_is_brought_in_at_night_is_no_conversion_of_its_source(accepted: Conversion) -> None:
    assert Share(told().naive("list", "sal"), told().naive("list", "mql")) == Share(3, 33)
    assert accepted.by_source["list"] == Share(3, 3)
    assert accepted.basis.left_out["import"] == 30


def test_tests_and_competitors_are_left_out_and_counted(accepted: Conversion) -> None:
    assert Share(told().naive("clean", "sal"), told().naive("clean", "mql")) == Share(3, 6)
    assert accepted.by_source["clean"] == Share(3, 3)
    assert (accepted.basis.left_out["test"], accepted.basis.left_out["competitor"]) == (2, 1)


def test_two_records_of_one_person_are_one(accepted: Conversion) -> None:
    assert Share(told().naive("twice", "sal"), told().naive("twice", "mql")) == Share(1, 2)
    assert accepted.by_source["twice"] == Share(1, 1)
    assert accepted.basis.left_out["merged"] == 2


def test_a_cycle_goes_on_under_the_record_that_took_its_own_over(accepted: Conversion) -> None:
    entered = {
        stage: {row["lead"] for row in told().tables["stages"] if row["stage"] == stage} & {"first", "second"}
        for stage in ("mql", "sal")
    }
    assert Share(len(entered["mql"] & entered["sal"]), len(entered["mql"])) == Share(0, 1)  # Record by record.
    assert accepted.by_source["taken"] == Share(1, 1)


def test_deleted_records_are_not_missing_in_silence(accepted: Conversion) -> None:
    alive = [row for row in told().tables["leads"] if str(row["lead"]).startswith("kept") and "gone_at" not in row]
    assert len(alive) == 2  # All that a report on the platform would show.
    assert accepted.by_source["kept"] == Share(2, 2)
    assert accepted.basis.left_out["deleted"] == 2


def test_credit_stays_with_the_source_that_opened_the_cycle(accepted: Conversion) -> None:
    now = {row["lead"]: row["value"] for row in told().tables["facts"] if row["field"] == "source"}
    assert now == {"moved": "content"}
    assert accepted.by_source["webinar"] == Share(3, 3)
    assert "content" not in accepted.by_source


def test_a_lead_that_became_a_contact_goes_on_in_its_deal(past: Past) -> None:
    assert told().naive("demo_request", "opportunity") == 0
    found = conversion(past, AUTUMN, steps(acme())[2])
    assert found.by_source == {"demo_request": Share(1, 1)}


def test_a_deal_of_which_only_the_day_is_known_is_won_on_that_day(past: Past) -> None:
    deal = told().tables["deals"][0]
    # Midnight in UTC is the evening before in New York: naively a deal of September.
    assert deal["closed_at"] == "2026-10-01 00:00"
    found = revenue(past)
    assert found is not None
    assert found.won.value == 40_000
