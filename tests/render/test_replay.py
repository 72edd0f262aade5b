"""A replay in every format: the same numbers, with their intervals and definitions, and hostile words that steer nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.shares import Share
from sla_sync.measures.figures import Basis, Unit
from sla_sync.render.replay import replay_as_json, replay_as_markdown, replay_as_text
from sla_sync.replay.acceptance import predicted
from sla_sync.replay.counts import counted, unknown
from sla_sync.replay.hand_offs import HandedOff
from sla_sync.replay.promises import Kept
from sla_sync.replay.replay import Changing, Handed, Qualified, Replay
from sla_sync.review.impact import NOTHING, impact_of

HOT = Kept("first-response", "hot", Share(286, 403), Share(335, 403), 1, 0, 49, 0, {"merged": 8})
SPEED = replace(HOT, priority="", left_out={"merged": 8, "running": 1})
TOLD = Replay(
    agreement="acme",
    before="main",
    after="the working tree",
    period=Period(date(2026, 7, 1), date(2026, 9, 28), "America/New_York"),
    as_of=datetime(2026, 10, 1, tzinfo=UTC),
    synthetic=False,
    leads=5210,
    qualified=Qualified(counted(400), counted(403), counted(505), 104, 2, 3, Basis("Who.", 507, {"test": 4})),
    handed=Handed((HandedOff("sdr", 403, 505, 2.0, 2.0),), "By the routing."),
    kept=(SPEED, HOT),
    accepted=predicted({100: Share(70, 100)}, {100: 403}, {100: 403, 90: 102}, 14),
    changing=(Changing("would qualify only after the change", 104, tuple(f"L{each}" for each in range(104))),),
    unknown=("Whether reps would slow down.",),
)


def test_text_markdown_and_json_tell_the_same_numbers() -> None:
    text, markdown, plain = replay_as_text(TOLD), replay_as_markdown(TOLD), json.loads(replay_as_json(TOLD))
    for page in (text, markdown):
        for said in ("71% (286 of 403)", "83% (335 of 403)", "66–75%", "117 → 68", "134", "168", "L19", "84 more"):
            assert said in page, said
        assert "L20\n" not in page
        assert "Whether reps would slow down." in page
    assert "Left out: 8 merged, 1 running." in markdown
    assert "By the routing." in markdown
    hot = plain["kept"][1]
    assert (hot["before"]["part"], hot["after"]["part"], hot["to_on_time"], hot["priority"]) == (286, 335, 49, "hot")
    assert plain["hand_offs"]["to"][0]["per_member_after"] == 505 * 30 / 90 / 2
    assert plain["accepted"]["not_known_after"] == 102
    assert plain["accepted"]["before"]["value"] == 0.7
    assert len(plain["changing"][0]["leads"]) == 104


def test_a_review_says_a_line_for_each_number_that_moves() -> None:
    told = impact_of(TOLD)
    assert told.over == "Replayed over 1 Jul 2026 – 28 Sep 2026 (5,210 leads)"
    assert told.lines == (
        "People who qualify 403→505 (+34 in 30 days; between 365 to 444→462 to 551): 104 more and 2 fewer.",
        "Accepted by sales, as far as scores tell: 70%→70%; of 102 nobody knows.",
        "Handed to SDR: 403→505, 67.2→84.2 for each member in 30 days.",
        "First response, hot: on time 71%→83% (286→335 of 403); 49 assignments change side.",
    )
    assert told.unknown == ("Unknown: whether reps would slow down.",)
    same = replace(
        TOLD, qualified=replace(TOLD.qualified, more=0, fewer=0), handed=None, kept=(), changing=(), synthetic=True
    )
    assert impact_of(same).lines == ("This history was made up. It says nothing about anybody.", NOTHING)


def test_what_is_not_known_is_said_and_has_no_number() -> None:
    none = unknown(Unit.COUNT, "History cannot tell who would have qualified.")
    found = replace(
        TOLD, qualified=replace(TOLD.qualified, before=none, after=none, more=0, fewer=0), handed=None, accepted=None
    )
    for page in (replay_as_text(found), replay_as_markdown(found)):
        assert "History cannot tell who would have qualified. 400 were recorded." in page
        assert "403 " not in page.partition("What would have been kept")[0]
    assert json.loads(replay_as_json(found))["qualified"]["after"]["value"] is None
    assert not any("qualify" in each for each in impact_of(found).lines)


def test_hostile_words_steer_nothing() -> None:
    evil = "a\x1b[31m<script>alert(1)</script> | `x` \u202e ::error::"
    found = replace(TOLD, before=evil, changing=(Changing(evil, 1, (evil,)),), unknown=(evil,))
    text, markdown = replay_as_text(found), replay_as_markdown(found)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<script>" not in markdown
    assert "\x1b" not in markdown
