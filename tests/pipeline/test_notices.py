"""Channels told of what audits found, from the database to a service on loopback that a test replaces by a list."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from sla_sync.agreement.channels import Channel
from sla_sync.agreement.hours import Window, parse_time
from sla_sync.audits.database import opened, record
from sla_sync.audits.kept import KeptAudit, KeptFinding, Subject, Verdict
from sla_sync.errors import SlaSyncError
from sla_sync.notify.deciding import Item, Message
from sla_sync.pipeline.night import kept_of, places_of
from sla_sync.pipeline.notices import notify, within
from sla_sync.reconcile.drift import Stake
from sla_sync.render.notice import notice
from tests.pipeline.nights import NIGHT, drift, found
from tests.pipeline.test_night import written

CONFIGS = Path(__file__).parents[2] / "configs"
ADDRESS = "json://127.0.0.1:9/T0pS3cret"
HERE = Subject("acme", "live")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class Post:
    """A service that keeps what it is sent, or takes nothing."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken
        self.got: list[tuple[str, str]] = []

    def __call__(self, url: str, title: str, body: str) -> None:
        """Take a message."""
        if self.broken:
            raise SlaSyncError("The service answered 500.", hint="Look whether the address still holds.")
        assert url == ADDRESS
        self.got.append((title, body))


def channels(tmp_path: Path, text: str) -> tuple[Path, Path]:
    """Write channels beside a target, and return the folder and the database."""
    configs = written(tmp_path, ("live", "acme"))
    header = "apiVersion: sla-sync/v1\nkind: Channels\nchannels:\n"
    (configs / "channels.yaml").write_text(f"{header}{text}")
    return configs, tmp_path / "audits.sqlite"


def told(
    configs: Path, database: Path, post: Post, now: datetime = NIGHT, *, ran: bool = True
) -> list[SlaSyncError | str]:
    places = places_of([configs], here=configs.parent)
    return list(notify(places, database, environ={"URL": ADDRESS}, now=now, ran=ran, post=post))


def keep(database: Path, audit: KeptAudit) -> None:
    with opened(database) as book:
        record(book, "run", audit)


def test_a_channel_is_told_once_then_that_it_is_repaired_and_then_nothing(tmp_path: Path) -> None:
    configs, database = channels(tmp_path, "  oncall: {url: URL, from: breach, mention: '@oncall'}\n")
    post = Post()
    stake = Stake("first-response", "A rep touches hot leads within 15 business minutes.")
    keep(database, kept_of(HERE, drift("live", replace(found(), stakes=(stake,))), NIGHT))
    assert told(configs, database, post) == ["Told oncall: 1 new."]
    assert told(configs, database, post) == []
    keep(database, kept_of(HERE, drift("live"), NIGHT + timedelta(days=1)))
    assert told(configs, database, post) == ["Told oncall: 1 repaired."]
    assert told(configs, database, post) == []
    (title, body), (_, repaired) = post.got
    assert title.startswith("🔴 Acme · live · Wed 4 Nov 08:10")
    assert body.startswith(
        "AT RISK: «A rep touches hot leads within 15 business minutes.»\n\nHIGH changed: Flow/Deadline"
    )
    assert "Who: Dana" in body
    assert body.endswith("For: @oncall. No repeat for 7 days unless this changes.")
    assert repaired.startswith("Repaired:\n  acme · live: HIGH Flow/Deadline")


def test_a_channel_that_cannot_be_told_is_told_by_the_next_run_and_hides_no_other(tmp_path: Path) -> None:
    configs, database = channels(tmp_path, "  a: {url: UNSET, from: breach}\n  b: {url: URL, from: breach}\n")
    keep(database, kept_of(HERE, drift("live", found()), NIGHT))
    for broken in (True, False):
        unset, answer = told(configs, database, Post(broken=broken))
        assert isinstance(unset, SlaSyncError)
        assert "UNSET, which is not set" in unset.message
        assert isinstance(answer, SlaSyncError) is broken
        assert "T0pS3cret" not in f"{answer}"


def test_what_quiet_hours_held_back_is_told_when_they_end_without_another_audit(tmp_path: Path) -> None:
    quiet = "quiet: {hours: 03:00-06:00, timezone: America/New_York}"
    configs, database = channels(tmp_path, f"  oncall: {{url: URL, from: breach, heartbeat: daily, {quiet}}}\n")
    keep(database, kept_of(HERE, drift("live", found()), NIGHT))
    post = Post()
    assert told(configs, database, post) == []
    assert told(configs, database, post, NIGHT + timedelta(hours=3), ran=False) == ["Told oncall: 1 new."]


def test_a_heartbeat_says_how_things_stand(tmp_path: Path) -> None:
    configs, database = channels(tmp_path, "  oncall: {url: URL, from: breach, heartbeat: daily}\n")
    keep(database, kept_of(HERE, drift("live"), NIGHT))
    post = Post()
    assert told(configs, database, post) == ["Told oncall: how things stand."]
    assert told(configs, database, post) == []
    assert post.got == [("🟢 1 target: 1 in sync.", "in sync  acme · live: 140 settings match.")]
    told(configs, database, post, NIGHT + timedelta(days=3))
    assert post.got[-1][1].endswith("(audited 2026-11-04 08:10 UTC)")


@pytest.mark.parametrize("text", ["  oncall: {url: 'https://T0pS3cret', from: breach}\n", None])
def test_a_file_of_channels_that_is_wrong_or_absent_is_one_sentence(tmp_path: Path, text: str | None) -> None:
    configs, database = channels(tmp_path, text or "")
    if text is None:
        (configs / "channels.yaml").unlink()
    (error,) = told(configs, database, Post())
    assert isinstance(error, SlaSyncError)
    assert "nobody is told" in error.message
    assert "T0pS3cret" not in error.message + error.hint


# The office of the example is open from nine to five in New York; the 4th is a Wednesday, the 26th a holiday.
@pytest.mark.parametrize(
    ("quiet", "at", "left_alone"),
    [
        ("{calendar: office}", "2026-11-04T14:30", False),
        ("{calendar: office}", "2026-11-04T12:30", True),
        ("{calendar: office}", "2026-11-26T14:30", True),
        ("{hours: 22:00-06:00}", "2026-11-04T10:30", True),
        ("{hours: 22:00-06:00}", "2026-11-04T11:30", False),
    ],
)
def test_quiet_is_reckoned_by_the_calendar_of_the_agreement_or_by_its_zone(
    tmp_path: Path, quiet: str, at: str, *, left_alone: bool
) -> None:
    shutil.copytree(CONFIGS, tmp_path / "configs")
    header = "apiVersion: sla-sync/v1\nkind: Channels\nchannels:\n"
    (tmp_path / "configs/channels.yaml").write_text(f"{header}  oncall: {{url: URL, from: breach, quiet: {quiet}}}\n")
    subject = Subject("acme-inbound", "hubspot-simulator")
    keep(tmp_path / "audits.sqlite", kept_of(subject, drift("hubspot-simulator", found()), NIGHT))
    now = datetime.fromisoformat(at).replace(tzinfo=UTC)
    answers = told(tmp_path / "configs", tmp_path / "audits.sqlite", Post(), now)
    assert answers == ([] if left_alone else ["Told oncall: 1 new."])


def test_quiet_hours_of_a_calendar_that_is_not_there_are_said_and_not_silently_kept(tmp_path: Path) -> None:
    shutil.copytree(CONFIGS, tmp_path / "configs")
    header = "apiVersion: sla-sync/v1\nkind: Channels\nchannels:\n"
    text = "  oncall: {url: URL, from: breach, quiet: {calendar: nowhere}}\n"
    (tmp_path / "configs/channels.yaml").write_text(f"{header}{text}")
    subject = Subject("acme-inbound", "hubspot-simulator")
    keep(tmp_path / "audits.sqlite", kept_of(subject, drift("hubspot-simulator", found()), NIGHT))
    (error,) = told(tmp_path / "configs", tmp_path / "audits.sqlite", Post())
    assert isinstance(error, SlaSyncError)
    assert "'nowhere' is not a calendar of the agreement" in error.message


@pytest.mark.parametrize(("hour", "inside"), [(21, False), (22, True), (0, True), (5, True), (6, False), (12, False)])
def test_quiet_hours_go_over_midnight(hour: int, *, inside: bool) -> None:
    hours = Window(parse_time("22:00"), parse_time("06:00"))
    zone = ZoneInfo("America/New_York")
    assert within(hours, datetime(2026, 11, 4, hour, 30, tzinfo=zone), zone) is inside


def test_a_message_fits_and_says_what_it_left_out_and_calls_nobody_it_was_not_told_to() -> None:
    evil = "Flow «<!channel> @everyone \x1b[31m»"
    items = tuple(
        Item(HERE, KeptFinding(f"D-{each}", "breach", "changed", f"Flow/{each}", evil, f"HIGH {evil}\n  Who: Dana"))
        for each in range(200)
    )
    audit = KeptAudit(HERE, datetime(2026, 11, 4, tzinfo=UTC), Verdict.DRIFTED, tuple(each.finding for each in items))
    heard = Channel.model_validate({"url": "URL", "from": "breach", "mention": "@everyone"})
    _, body = notice(heard, Message(items, (), (), (), (audit,)), NIGHT, room=1_000)
    assert len(body) <= 1_000
    assert "more: sla-sync drift" in body
    assert body.endswith("For: @everyone. No repeat for 7 days unless this changes.")
    assert body.count("@everyone") == 1
    assert "<!channel>" not in body
    assert "\x1b" not in body
