"""What doctor found, as text, Markdown and JSON."""

from __future__ import annotations

import json

from sla_sync.connector import Checkup, Standing
from sla_sync.render.doctor import checkups_as_json, checkups_as_markdown, checkups_as_text

FOUND = (
    Checkup("session", Standing.GOOD, "integration@acme.example is signed in.", "Not shown."),
    Checkup("permission", Standing.MISSING, "ModifyMetadata is missing.", "Give it to the profile."),
    Checkup("deploy active", Standing.UNKNOWN, "Nobody | can read it.", "Look in Setup."),
)


def test_text_shows_a_sign_for_each_and_what_to_do_only_where_something_is_to_be_done() -> None:
    assert checkups_as_text("prod", FOUND).splitlines() == [
        "prod: 3 things examined, 1 good, 1 missing, 1 for a person to look at.",
        "",
        "  ✓ session        integration@acme.example is signed in.",
        "  ✗ permission     ModifyMetadata is missing.",
        "                   → Give it to the profile.",
        "  ? deploy active  Nobody | can read it.",
        "                   → Look in Setup.",
    ]


def test_markdown_keeps_its_columns() -> None:
    assert "Nobody \\| can read it." in checkups_as_markdown("prod", FOUND)


def test_json_says_how_each_thing_stands() -> None:
    plain = json.loads(checkups_as_json("prod", FOUND))
    assert [each["standing"] for each in plain["checkups"]] == ["good", "missing", "unknown"]
