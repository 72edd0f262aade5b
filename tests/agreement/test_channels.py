"""`channels.yaml`: what it may say, and that an address in it is never repeated."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sla_sync.agreement.channels import Gravity
from sla_sync.agreement.load import load_channels
from sla_sync.agreement.schema import schema

HEADER = "apiVersion: sla-sync/v1\nkind: Channels\nchannels:\n"
SECRET = "https://hooks.example.com/services/hunter2hunter2"


def test_a_channel_says_what_it_wants_to_hear_and_when(tmp_path: Path) -> None:
    path = tmp_path / "channels.yaml"
    path.write_text(
        HEADER
        + "  oncall: {url: ONCALL_URL, from: breach, mention: '@oncall', quiet: {hours: 22:00-06:00, except: breach}}\n"
        + "  digest: {url: DIGEST_URL, from: cosmetic, heartbeat: every run, remind: 2 days, targets: [production]}\n"
    )
    loaded = load_channels(path, root=tmp_path)
    assert loaded.diagnostics == ()
    assert loaded.value is not None
    oncall, digest = loaded.value.channels["oncall"], loaded.value.channels["digest"]
    assert (oncall.least, oncall.remind, str(oncall.quiet and oncall.quiet.hours)) == (
        Gravity.BREACH,
        timedelta(days=7),
        "22:00-06:00",
    )
    assert (digest.heartbeat, digest.remind, digest.targets) == ("every run", timedelta(days=2), ("production",))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("from: grave", "is not allowed here"),
        ("from: breach, quiet: {hours: 22-6}", "is not a time of day"),
        ("from: breach, quiet: {hours: 22:00-06:00, calendar: office}", "Say either hours or a calendar"),
        ("from: breach, quiet: {calendar: office, timezone: UTC}", "has a time zone of its own"),
        ("from: breach, quiet: {hours: 22:00-06:00, timezone: Mars/Base}", "is no time zone"),
        ("from: breach, remind: 2 business days", "has no fixed length"),
        ("from: breach, heartbeat: hourly", "is not allowed here"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "channels.yaml"
    path.write_text(f"{HEADER}  oncall: {{url: ONCALL_URL, {line}}}\n")
    loaded = load_channels(path, root=tmp_path)
    assert loaded.value is None
    assert any(said in each.message for each in loaded.diagnostics), loaded.diagnostics


def test_an_address_in_the_file_is_a_secret_and_is_not_repeated(tmp_path: Path) -> None:
    path = tmp_path / "channels.yaml"
    path.write_text(f"{HEADER}  oncall: {{url: '{SECRET}', from: breach}}\n")
    loaded = load_channels(path, root=tmp_path)
    assert loaded.value is None
    assert [each.code for each in loaded.diagnostics] == ["SLA902"]
    assert not any("hunter2" in each.message + each.hint for each in loaded.diagnostics)


def test_an_editor_is_told_that_the_url_is_a_name() -> None:
    assert schema("Channels")["$defs"]["Channel"]["properties"]["url"]["pattern"] == "^[A-Z][A-Z0-9_]*$"
