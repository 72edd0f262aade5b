"""Where an export begins, when it goes on, and what both platforms tell comes out as a past that can be measured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from sla_sync.agreement.targets import HistoryKept, Target
from sla_sync.attainment.opening import open_past
from sla_sync.connector.history import LEADS, STAGES, Piece, TellsHistory
from sla_sync.errors import SlaSyncError
from sla_sync.history.export import Keeping
from sla_sync.history.privacy import Privacy
from sla_sync.history.wanted import wanted_by
from sla_sync.pipeline.export import BACK, Span, begin_of, begun, ended, forgotten, keep, privacy_of
from sla_sync.pipeline.look import choose_target
from sla_sync.pipeline.validate import read
from sla_sync.places import Place
from sla_sync.render.export import export_as_text
from tests.connectors.hubspot.remembering import PERSON, after, remembering
from tests.connectors.salesforce.exporting import asked_for_its_past
from tests.connectors.salesforce.living import DEMO, FIT, living
from tests.history.telling import held
from tests.pipeline.exported import CONFIGS, copied

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOURCE = "salesforce staging"


def target(**kept: object) -> Target:
    said = {"connector": "salesforce", "binding": "b.yaml", "agreements": ["a.yaml"], "history": kept}
    return Target.model_validate(said)


@pytest.fixture(scope="module")
def acme() -> Privacy:
    place = Place(CONFIGS / "acme" / "agreement.yaml", CONFIGS / "targets.yaml", CONFIGS.parent / ".sla-sync")
    return Privacy(b"key", wanted_by([read(place).usable]))


def start(folder: Path, privacy: Privacy, span: Span, now: datetime = NOW, **more: Any) -> tuple[Keeping, bool]:
    return begun(folder, SOURCE, span, now, privacy, more.pop("target", target()), anew=more.pop("anew", False))


def marked(folder: Path, privacy: Privacy, span: Span, *, finished: bool = True) -> Keeping:
    """Export nothing, up to a mark."""
    keeping, _ = start(folder, privacy, span)
    keeping.reached("leads", "there")
    if finished:
        keeping.finish()
    else:
        keeping.flush()
    return keeping


@pytest.mark.parametrize(
    ("first", "finished", "then", "goes_on"),
    [
        (Span(), True, Span(), True),
        (Span(), False, Span(), True),
        (Span(timedelta(days=30)), True, Span(), True),
        (Span(timedelta(days=30)), True, Span(timedelta(days=90)), False),
        (Span(timedelta(days=90)), True, Span(date(2026, 11, 1)), True),
        (Span(until=date(2026, 11, 1)), True, Span(), False),
        (Span(until=date(2026, 11, 1)), False, Span(), False),
        (Span(until=date(2026, 11, 1)), False, Span(until=date(2026, 11, 1)), True),
        (Span(), True, Span(until=date(2026, 11, 1)), False),
    ],
)
def test_an_export_goes_on_where_nothing_would_be_missing(
    tmp_path: Path,
    acme: Privacy,
    first: Span,
    finished: bool,
    then: Span,
    goes_on: bool,
) -> None:
    marked(tmp_path, acme, first, finished=finished)
    keeping, went_on = start(tmp_path, acme, then)
    assert went_on is goes_on
    assert dict(keeping.standing.marks) == ({"leads": "there"} if goes_on else {})
    assert start(tmp_path, acme, then, anew=True)[1] is False


def test_a_first_export_looks_back_half_a_year_and_never_beyond_what_is_kept(tmp_path: Path, acme: Privacy) -> None:
    assert start(tmp_path / "all", acme, Span())[0].standing.since == NOW - BACK
    short, _ = start(tmp_path / "short", acme, Span(), target=target(keep="2 months"))
    assert short.standing.since == short.begin == datetime(2026, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("keep", "begin"),
    [
        ("24 months", (2024, 11)),
        ("11 months", (2025, 12)),
        ("2 quarters", (2026, 5)),
        ("20 days", (2026, 10)),
        ("19 days", (2026, 11)),
    ],
)
def test_whole_months_are_kept(keep: str, begin: tuple[int, int]) -> None:
    assert begin_of(HistoryKept.model_validate({"keep": keep}), NOW) == datetime(*begin, 1, tzinfo=UTC)
    assert begin_of(HistoryKept(), NOW) is None


def test_a_history_of_another_source_key_or_kind_of_ids_is_left_alone(tmp_path: Path, acme: Privacy) -> None:
    marked(tmp_path, acme, Span())
    with pytest.raises(SlaSyncError, match="another key"):
        start(tmp_path, Privacy(b"lost", acme.wanted), Span())
    with pytest.raises(SlaSyncError, match="with pseudonyms"):
        start(tmp_path, Privacy(b"key", acme.wanted, pseudonyms=False), Span())
    with pytest.raises(SlaSyncError, match="history of salesforce staging"):
        begun(tmp_path, "hubspot live", Span(), NOW, acme, target(), anew=True)
    (tmp_path / "export.json").unlink()
    with pytest.raises(SlaSyncError, match="not exported"):
        start(tmp_path, acme, Span())


def test_new_words_of_the_agreement_are_named_because_older_rows_lack_them(tmp_path: Path, acme: Privacy) -> None:
    marked(tmp_path, Privacy(b"key", wanted_by([])), Span())
    keeping, went_on = start(tmp_path, acme, Span())
    assert "seniority" in ended(keeping, went_on=went_on).newly_named
    keeping, went_on = start(tmp_path, acme, Span())
    assert ended(keeping, went_on=went_on).newly_named == ()


@pytest.mark.slow
def test_a_lead_is_forgotten_by_its_id_or_its_pseudonym_and_stays_so(tmp_path: Path, acme: Privacy) -> None:
    place, name = copied(tmp_path), "salesforce-simulator"
    with pytest.raises(SlaSyncError, match="No history"):
        forgotten(place, name, "00Q1", environ={})
    documents = read(place)
    folder = place.state / name / "history"
    privacy = privacy_of(documents, name, choose_target(documents, name), {})
    rows = [{"lead": each, "created_at": NOW} for each in ("00Q1", "00Q2", "00Q3")]
    for lead in ("00Q1", privacy.identity("00Q2")):
        keeping, _ = start(folder, privacy, Span())
        keep([Piece(LEADS, rows, "leads", "there", ("lead",))], keeping)
        ended(keeping, went_on=True)
        assert forgotten(place, name, lead, environ={}).removed == {"leads": 1}
        assert forgotten(place, name, lead, environ={}).removed == {}
    keeping, _ = start(folder, privacy, Span())
    keep([Piece(LEADS, rows, "leads", "there", ("lead",))], keeping)
    ended(keeping, went_on=True)
    assert [each["lead"] for each in held(folder)["leads"]] == [privacy.identity("00Q3")]
    assert "00Q" not in (folder / "export.json").read_text(encoding="utf-8")


def test_what_left_for_its_age_is_said_and_where_leads_stood_stays(tmp_path: Path, acme: Privacy) -> None:
    keeping, went_on = start(tmp_path, acme, Span(), target=target(keep="1 month"))
    days = {"00Q1": (10, 60), "00Q2": (60,)}
    rows = [
        {"lead": lead, "at": NOW - timedelta(days=each), "stage": "mql"} for lead, ages in days.items() for each in ages
    ]
    keep([Piece(STAGES, rows, "leads", "there", ("lead", "at"))], keeping)
    found = ended(keeping, went_on=went_on)
    assert (found.dropped, found.held) == ({"stages": ("2026-09",)}, {"stages": 2})
    assert "deleted: rows of 2026-09. Of leads of whom something is told since" in export_as_text(found)


@contextmanager
def org(folder: Path) -> Iterator[tuple[Any, Any]]:
    """Yield what tells the past of a lived org from some marks on, and the org as it was asked."""
    with asked_for_its_past(living(folder)) as told:
        for _ in range(3):
            told.org.lead(**{**DEMO, **FIT, "Email": "ada.lovelace@buyer.example", "Company": "Lovelace & Sons"})
            told.later(60 * 24 * 20)
        told.client.get("sobjects/Lead/describe")  # what became due in the meantime is done
        changes = told.org.org.desk.state_changes
        yield lambda marks: told.past(marks, rows=2), told
        assert told.org.org.desk.state_changes == changes


@contextmanager
def portal(folder: Path) -> Iterator[tuple[Any, Any]]:
    """Yield the same of a lived portal."""
    with remembering(folder) as past, past.reader() as reader:
        assert isinstance(reader, TellsHistory)
        for hours in (0, 30, 600):
            found = past.contact()
            past.write(found, after(hours=hours), PERSON, hs_lead_status="NEW", email="ada.lovelace@buyer.example")
            past.write(found, after(hours=hours + 1), hs_lead_status="OPEN")
        yield lambda marks: reader.history(past.asked(marks=dict(marks))), past
        assert past.running.application.state_changes == 0


@pytest.mark.slow
@pytest.mark.parametrize("platform", [org, portal])
def test_what_a_platform_tells_is_the_same_past_wherever_the_export_was_cut(
    tmp_path: Path, acme: Privacy, platform: Any
) -> None:
    with platform(tmp_path / "platform") as (past, _):
        whole, _ = start(tmp_path / "whole", acme, Span())
        keep(past({}), whole)
        ended(whole, went_on=False)
        wanted = held(tmp_path / "whole")
        assert {"leads", "stages", "users", "facts"} <= set(wanted)
        pieces = sum(isinstance(each, Piece) for each in past({}))
        for cut in range(1, pieces, max(1, pieces // 2)):
            folder = tmp_path / f"cut {cut}"
            keeping, _ = start(folder, acme, Span())
            keeping.together = 1
            keep(islice(past({}), cut), keeping)
            keeping, went_on = start(folder, acme, Span())
            assert went_on
            keep(past(keeping.standing.marks), keeping)
            ended(keeping, went_on=went_on)
            assert held(folder) == wanted
    kept = str(wanted) + "".join(each.read_text("latin-1") for each in (tmp_path / "whole").rglob("*.json"))
    assert "lovelace" not in kept.lower()
    assert "005" not in {str(row.get("owner"))[:3] for row in wanted.get("owners", ())}
    agreed = read(Place(CONFIGS / "acme" / "agreement.yaml", None, tmp_path)).usable
    opened = open_past(tmp_path / "whole", agreed, datetime(2027, 3, 1, tzinfo=UTC))
    assert len(opened.rows(opened.tables["leads"].select("lead"))) == len(wanted["leads"])
