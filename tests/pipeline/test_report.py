"""The pack of a meeting: its days, the minutes before it, what drifted, and who is sent it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.sections.governance import ReportWish
from sla_sync.attainment.attainment import Period
from sla_sync.audits.database import opened, record
from sla_sync.audits.kept import KeptAudit, KeptFinding, Subject, Verdict
from sla_sync.errors import SlaSyncError
from sla_sync.history.standing import Lacking, Standing
from sla_sync.measures.behind import judged
from sla_sync.measures.pack import Minutes
from sla_sync.pipeline.frozen import NAME, as_json, frozen_in, with_closed
from sla_sync.pipeline.minutes import folder_of, last_minutes, name_of, open_actions, write_minutes
from sla_sync.pipeline.pack_files import write_pack
from sla_sync.pipeline.pack_sending import send_pack
from sla_sync.pipeline.past import told_by_export
from sla_sync.pipeline.periods import instant_of, period_of, since_day
from sla_sync.pipeline.report import Reported, drift_kept, meeting_of, reports_of
from sla_sync.places import Place
from sla_sync.render.pack.minutes import minutes_as_markdown
from sla_sync.render.pack.page import page_of
from tests.haste import examples
from tests.measures.pasts import acme, past_of
from tests.render import packs

ZONE = "America/New_York"
TUESDAY = datetime(2026, 11, 17, 15, tzinfo=UTC)
INSTANTS = st.integers(0, 4_000_000_000).map(lambda each: datetime.fromtimestamp(each, UTC))
PERIODS = [
    ("week", TUESDAY, "2026-11-09", "2026-11-15"),
    ("week", datetime(2026, 11, 16, 4, 59, tzinfo=UTC), "2026-11-02", "2026-11-08"),
    ("week", datetime(2026, 11, 16, 5, tzinfo=UTC), "2026-11-09", "2026-11-15"),
    ("month", TUESDAY, "2026-10-01", "2026-10-31"),
    ("month", datetime(2026, 1, 5, tzinfo=UTC), "2025-12-01", "2025-12-31"),
    ("quarter", TUESDAY, "2026-07-01", "2026-09-30"),
    ("quarter", datetime(2027, 1, 1, 5, tzinfo=UTC), "2026-10-01", "2026-12-31"),
    ("2026-10-05..2026-10-05", TUESDAY, "2026-10-05", "2026-10-05"),
]


@pytest.mark.parametrize(("said", "at", "first", "last"), PERIODS)
def test_a_period_is_the_last_one_that_is_over_in_the_zone_of_the_report(
    said: str, at: datetime, first: str, last: str
) -> None:
    assert period_of(said, at, ZONE) == Period(date.fromisoformat(first), date.fromisoformat(last), ZONE)


def test_quarters_are_those_of_the_fiscal_year() -> None:
    last = period_of("quarter", TUESDAY, ZONE, "02-01")
    assert (last.first, last.last) == (date(2026, 8, 1), date(2026, 10, 31))
    months = period_of("month", TUESDAY, ZONE, "02-15")
    assert (months.first, months.last) == (date(2026, 10, 1), date(2026, 10, 31))


@settings(max_examples=examples(100))
@given(INSTANTS, st.sampled_from(PERIODS[:7]))
def test_a_period_is_whole_and_over(at: datetime, row: tuple[str, datetime, str, str]) -> None:
    found = period_of(row[0], at, ZONE)
    assert found.until <= at
    assert at - found.since < timedelta(days=190)
    assert found.first.weekday() == 0 if row[0] == "week" else found.first.day == 1


WRONG = [
    ("yesterday", "'yesterday' names no period."),
    ("2026-10-01..", "'2026-10-01..' names no period."),
    ("2026-10-01", "'2026-10-01' names no period."),
    ("2026-10-05..2026-10-01", "The period 2026-10-05..2026-10-01 ends before it begins."),
    ("0001-01-01..2026-10-01", "No history tells of 0001-01-01."),
    ("2026-10-01..9999-12-31", "No history tells of 9999-12-31."),
]


@pytest.mark.parametrize(("said", "because"), WRONG)
def test_what_names_no_period_is_said(said: str, because: str) -> None:
    with pytest.raises(SlaSyncError, match=re.escape(because)):
        period_of(said, TUESDAY, ZONE)


def test_a_day_means_its_first_moment_where_the_agreement_is() -> None:
    assert instant_of("2026-11-17", ZONE) == datetime(2026, 11, 17, 5, tzinfo=UTC)
    assert instant_of("2026-11-17T10:00", ZONE) == TUESDAY
    assert instant_of("2026-11-17T10:00+00:00", ZONE) == datetime(2026, 11, 17, 10, tzinfo=UTC)
    with pytest.raises(SlaSyncError, match="'soon' is no day and no time"):
        instant_of("soon", ZONE)
    for day in ("0001-01-01", "9999-12-31T23:59:59-14:00"):
        with pytest.raises(SlaSyncError, match="No history tells of"):
            instant_of(day, ZONE)


@settings(max_examples=examples(100))
@given(st.dates() | st.timedeltas(min_value=timedelta(0)), st.dates(date(1980, 1, 1), date(2199, 12, 31)))
def test_whatever_day_a_report_is_asked_from_no_calendar_ends(said: date | timedelta, last: date) -> None:
    first = since_day(said, last)
    assert first >= date(1980, 1, 1)
    if isinstance(said, timedelta) and first > date(1980, 1, 1):
        assert last - first == timedelta(days=said.days - 1)


def test_the_newest_minutes_before_the_meeting_count_and_their_open_actions(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    (one / "2026-11-03.md").write_text("- [ ] old\n")
    (one / "minutes-2026-11-17.md").write_text("- [ ] today's\n")
    (one / "minutes-2026-13-99.md").write_text("- [ ] no day\n")
    (one / "notes.md").write_text("- [ ] not minutes\n")
    (two / "minutes-2026-11-10.md").write_text(
        "# M\n- [ ] Kim: lunch\n- [x] done\n * [ ] Sam:  ask \n- [ ] \n- [ ] Kim: lunch\n"
    )
    found = last_minutes((one, two, tmp_path / "nowhere"), date(2026, 11, 17))
    assert found is not None
    assert (found.day, found.open_actions) == ("2026-11-10", ("Kim: lunch", "Sam:  ask"))
    (two / "minutes-2026-11-12.md").symlink_to(one / "2026-11-03.md")
    assert last_minutes((two,), date(2026, 11, 17)) == found
    assert last_minutes((one,), date(2026, 11, 3)) is None


def test_minutes_lie_beside_the_agreement_and_nowhere_else(tmp_path: Path) -> None:
    assert folder_of("minutes/", tmp_path) == (tmp_path / "minutes").resolve()
    assert folder_of(None, tmp_path) is None
    with pytest.raises(SlaSyncError, match="lie outside the folder of the agreement"):
        folder_of("../../etc", tmp_path)


def test_minutes_that_somebody_wrote_are_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / name_of(date(2026, 11, 17))
    assert write_minutes(path, "empty")
    path.write_text("filled in")
    assert not write_minutes(path, "empty")
    assert path.read_text() == "filled in"


def test_actions_that_nobody_ticks_are_carried_over_from_week_to_week_as_they_are() -> None:
    pack = packs.evil()
    pack = replace(pack, minutes=Minutes("2026-11-10", "", ("Kim: *cover* <b>lunch</b>", "Sam: `x` | y")))
    carried = open_actions(minutes_as_markdown(pack, page_of(pack), "2026-11-17"))
    assert carried == ("Kim: *cover* \\<b>lunch\\</b>", "Sam: `x` | y")
    again = replace(pack, minutes=Minutes("2026-11-17", "", carried))
    assert open_actions(minutes_as_markdown(again, page_of(again), "2026-11-24")) == carried


def test_open_drift_of_this_agreement_is_told_and_what_is_repaired_or_accepted_is_not(tmp_path: Path) -> None:
    place = Place(tmp_path / "agreement.yaml", None, tmp_path)
    assert [*drift_kept(place, None, "acme-inbound")] == []

    def audit(name: str, target: str, day: int, *findings: KeptFinding) -> KeptAudit:
        return KeptAudit(Subject(name, target), TUESDAY - timedelta(days=day), Verdict.DRIFTED, findings)

    flow = KeptFinding("D-1", "breach", "changed", "Flow/a", "Flow a: active → inactive")
    mended = replace(flow, id="D-2", sentence="mended")
    lived_with = replace(flow, id="D-3", sentence="accepted", accepted=True)
    with opened(tmp_path / "audits.sqlite") as book:
        record(book, "r1", audit("acme-inbound", "live", 5, flow, mended, lived_with))
        record(book, "r2", audit("acme-inbound", "live", 1, flow, lived_with))
        record(book, "r3", audit("acme-inbound", "staging", 2, replace(flow, sentence="there too")))
        record(book, "r4", audit("other", "live", 1, replace(flow, sentence="somebody else's")))
    told = [(each.since, each.said, each.severity) for each in drift_kept(place, "live", "acme-inbound")]
    assert told == [(TUESDAY - timedelta(days=5), "live: Flow a: active → inactive", "breach")]
    assert len([*drift_kept(place, None, "acme-inbound")]) == 2


def test_a_meeting_looks_at_the_reports_that_the_agreement_names() -> None:
    assert meeting_of(acme(), "weekly").who == ("vp_marketing", "vp_sales", "revops")
    assert meeting_of(acme(), "monthly").who == ()
    with pytest.raises(SlaSyncError, match="'daily' is no meeting"):
        meeting_of(acme(), "daily")
    board = ReportWish(shows=("R11", "R12"))
    agreement = acme().model_copy(update={"reports": {"board": board}})
    weekly = meeting_of(agreement, "weekly").model_copy(update={"pack": ("R3", "board")})
    assert tuple(reports_of(agreement, weekly)) == ("R3", "R11", "R12")


CHANNELS = """
apiVersion: sla-sync/v1
kind: Channels
channels:
  week: {url: WEEK_URL, from: breach}
  other: {url: OTHER_URL, from: breach}
"""
UNSET = "Channel 'other' takes its address from the environment variable OTHER_URL, which is not set."
ADDRESS = "json://127.0.0.1:9/T0pS3cret"


def test_a_pack_is_sent_to_the_named_channels_and_one_that_fails_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "channels.yaml").write_text(CHANNELS)
    (tmp_path / "targets.yaml").touch()
    place = Place(tmp_path / "agreement.yaml", tmp_path / "targets.yaml", tmp_path)
    got: list[tuple[str, str, Path]] = []

    def post(url: str, title: str, body: str, page: Path) -> None:
        assert url == ADDRESS
        got.append((title, body, page))

    page = tmp_path / "pack-2026-11-17.html"
    said = [
        *send_pack(place, ("nobody", "other", "week"), packs.usual(), page, environ={"WEEK_URL": ADDRESS}, post=post)
    ]
    assert [str(each) for each in said] == [
        f"{tmp_path / 'channels.yaml'} has no channel 'nobody'; it has: week, other.",
        f"Channel 'other' was not told: {UNSET}",
        "Sent to week.",
    ]
    ((title, body, sent),) = got
    assert (title, sent) == ("Acme marketing–sales agreement, Q4 2026 · 9–15 Nov 2026", page)
    assert body.startswith("What marketing owed")
    assert "29 promises overdue now." in body
    assert body.endswith("The whole pack: pack-2026-11-17.html")
    alone = Place(tmp_path / "agreement.yaml", None, tmp_path)
    (told,) = send_pack(alone, ("week",), packs.usual(), page, environ={})
    assert isinstance(told, SlaSyncError)


TURNS = [
    {"leg": "t1", "lead": "a", "owner": "=cmd()", "priority": "hot", "assigned_at": "2026-11-10 15:00",
     "qualified_at": "2026-11-10 15:00", "touched_at": "2026-11-10 15:05"},
    {"leg": "t2", "lead": "b", "owner": "u2", "priority": "hot", "assigned_at": "2026-11-10 16:00",
     "qualified_at": "2026-11-10 16:00", "void": "test"},
    {"leg": "t3", "lead": "c", "owner": "u2", "priority": "hot", "assigned_at": "2026-11-16 16:00",
     "qualified_at": "2026-11-16 16:00"},
]  # fmt: skip


@pytest.fixture(scope="module")
def reported() -> Reported:
    """Return a pack with a small past behind it, in which the first owner has a hostile name."""
    past = past_of(acme(), TUESDAY, legs=TURNS)
    pack = replace(packs.quiet(), names={"u2": "Ben", "=cmd()": "=cmd()"})
    return Reported(
        pack, meeting_of(acme(), "weekly"), past, date(2026, 11, 17), (), {"mql-volume": {"2026-10": 108.0}}
    )


def test_the_rows_behind_the_on_time_rate_are_all_that_fell_due_judged_or_not(reported: Reported) -> None:
    rows = [
        (row["commitment"], row["leg"], row["state"], row["because"]) for row in judged(reported.past, packs.PERIOD)
    ]
    assert [row for row in rows if row[0] == "first-response"] == [
        ("first-response", "t1", "on_time", None),
        ("first-response", "t2", "void", "test"),
    ]


@pytest.mark.slow
def test_a_pack_is_written_whole_and_its_minutes_once(reported: Reported, tmp_path: Path) -> None:
    made = write_pack(reported, tmp_path / "packs")
    names = sorted(each.relative_to(tmp_path / "packs").as_posix() for each in (*made.files, made.minutes))
    rows = ("on-time", "overdue", "ownership", "rejections", "turns")
    assert names == [
        "frozen.json", "minutes-2026-11-17.md", "pack-2026-11-17.html", "pack-2026-11-17.json", "pack-2026-11-17.md",
        *(f"rows-2026-11-17/{each}.csv" for each in rows),
    ]  # fmt: skip
    turns = (tmp_path / "packs/rows-2026-11-17/turns.csv").read_text(encoding="utf-8-sig").splitlines()
    assert turns[0].startswith("promise,lead,turn,owner,")
    assert "first-response,a,t1,'=cmd(),,hot" in turns[1]
    assert "2026-11-10T15:15:00+00:00" in turns[1]
    assert turns[1].endswith(",on time,")
    made.minutes.write_text("filled in")
    again = write_pack(reported, tmp_path / "packs")
    assert again.kept
    assert again.minutes.read_text() == "filled in"
    blocked = tmp_path / "file"
    blocked.touch()
    with pytest.raises(SlaSyncError, match="The pack cannot be written to"):
        write_pack(reported, blocked)


def test_a_month_stays_as_it_was_when_it_was_frozen(tmp_path: Path) -> None:
    kept = {"mql-volume": {"2026-09": 104.0}}
    closed = {"mql-volume": {"2026-09": 99.0, "2026-10": 110.0}, "other": {"2026-10": 1.0}}
    found = with_closed(kept, closed)
    assert found == {"mql-volume": {"2026-09": 104.0, "2026-10": 110.0}, "other": {"2026-10": 1.0}}
    (tmp_path / NAME).write_text(as_json(found, "acme", synthetic=False))
    assert frozen_in(tmp_path, "acme", synthetic=False) == found
    assert frozen_in(tmp_path, "acme", synthetic=True) == {}
    assert frozen_in(tmp_path, "other", synthetic=False) == {}
    assert frozen_in(None, "acme", synthetic=False) == {}
    for wrong in ("{", '{"format_version": 9}', "[]", '{"format_version": 1, "agreement": "acme", "synthetic": false}'):
        (tmp_path / NAME).write_text(wrong)
        with pytest.raises(SlaSyncError, match="does not say what closed months came to"):
            frozen_in(tmp_path, "acme", synthetic=False)


def test_what_an_export_was_not_told_stands_among_the_gaps() -> None:
    lacking = Lacking("the country", "The field has no history.", "Turn its tracking on.")
    standing = Standing("live", "k", True, TUESDAY, TUESDAY, finished=True, untold=(lacking,))
    assert [*told_by_export(standing)] == ["The country: The field has no history. Turn its tracking on."]
    cut_off, _ = told_by_export(replace(standing, finished=False))
    assert cut_off.startswith("The last export was cut off")
    assert [*told_by_export(None)] == []
