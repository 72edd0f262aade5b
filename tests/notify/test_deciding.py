"""What a channel is told and what it is spared, as a pure function of what was found, what it was told, and the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.channels import Channel
from sla_sync.audits.database import opened
from sla_sync.audits.kept import KeptAudit, KeptFinding, Subject, Verdict
from sla_sync.audits.told import Told, remember, told
from sla_sync.notify.deciding import NOT_AUDITED, Message, decide
from tests.haste import examples

NIGHT = datetime(2026, 11, 1, 3, tzinfo=UTC)
DAY = timedelta(days=1)
HERE, THERE = Subject("acme", "production"), Subject("acme", "staging")


def channel(**said: object) -> Channel:
    return Channel.model_validate({"url": "URL", "from": "weakening", **said})


def finding(name: str, gravity: str = "breach", *, place: str = "", accepted: bool = False) -> KeptFinding:
    return KeptFinding(name, gravity, "changed", place or f"Flow/{name}", f"{name} changed", accepted=accepted)


def audit(*findings: KeptFinding, subject: Subject = HERE) -> KeptAudit:
    return KeptAudit(subject, NIGHT, Verdict.DRIFTED if findings else Verdict.IN_SYNC, findings)


NOT_READ = KeptAudit(HERE, NIGHT, Verdict.NOT_AUDITED, because="The host did not answer.")


def knows(*findings: KeptFinding, at: datetime = NIGHT - DAY) -> tuple[Told, ...]:
    return tuple(Told(HERE, each, at) for each in findings)


def asked(
    heard: Channel, *audits: KeptAudit, before: tuple[Told, ...] = (), quiet: bool = False, last: datetime | None = None
) -> Message | None:
    return decide(heard, audits, before, last, NIGHT, quiet=lambda _: quiet, ran=True)


def ids(items: object) -> list[str]:
    assert isinstance(items, tuple)
    return [each.finding.id for each in items]


def test_only_what_is_grave_enough_is_told() -> None:
    message = asked(channel(), audit(finding("a"), finding("b", "weakening"), finding("c", "cosmetic")))
    assert message is not None
    assert ids(message.news) == ["a", "b"]
    assert asked(channel(**{"from": "breach"}), audit(finding("b", "weakening"))) is None


def test_an_unchanged_finding_is_told_once_and_again_when_it_is_time_to_remind() -> None:
    a = finding("a")
    assert asked(channel(remind="2 days"), audit(a), before=knows(a)) is None
    again = asked(channel(remind="1 day"), audit(a), before=knows(a))
    assert again is not None
    assert (ids(again.news), ids(again.again)) == ([], ["a"])


def test_what_is_gone_is_told_and_what_has_another_value_is_news_and_not_gone() -> None:
    gone = asked(channel(), audit(), before=knows(finding("a")))
    assert gone is not None
    assert ids(gone.gone) == ["a"]
    changed = asked(channel(), audit(finding("b", place="Flow/x")), before=knows(finding("a", place="Flow/x")))
    assert changed is not None
    assert (ids(changed.news), ids(changed.gone), ids(changed.superseded)) == (["b"], [], ["a"])


def test_what_people_accepted_is_neither_news_nor_repaired() -> None:
    lived_with = audit(finding("a", accepted=True))
    assert asked(channel(), lived_with) is None
    message = asked(channel(), lived_with, before=knows(finding("a")))
    assert message is not None
    assert (ids(message.accepted), ids(message.gone)) == (["a"], [])


def test_a_target_that_could_not_be_audited_is_a_breach_and_leaves_what_was_told_as_it_was() -> None:
    message = asked(channel(**{"from": "breach"}), NOT_READ, before=knows(finding("a")))
    assert message is not None
    assert (ids(message.news), ids(message.gone)) == ([NOT_AUDITED], [])
    back = asked(channel(), audit(finding("a")), before=knows(message.news[0].finding, finding("a")))
    assert back is not None
    assert (ids(back.news), ids(back.gone)) == ([], [NOT_AUDITED])


def test_quiet_hours_hold_back_and_let_pass_what_is_excepted() -> None:
    quiet = {"hours": "22:00-06:00"}
    assert asked(channel(quiet=quiet), audit(finding("a")), quiet=True) is None
    heard = channel(quiet={**quiet, "except": "breach"})
    message = asked(heard, audit(finding("a"), finding("b", "weakening")), quiet=True)
    assert message is not None
    assert (ids(message.news), message.held) == (["a"], 1)


@pytest.mark.parametrize(
    ("beat", "hours_ago", "beats"),
    [
        (None, None, False),
        ("every run", 0, True),
        ("daily", None, True),
        ("daily", 23, True),
        ("daily", 20, False),
        ("weekly", 24 * 5, False),
        ("weekly", 24 * 7, True),
    ],
)
def test_a_heartbeat_comes_when_it_is_due_although_nothing_is_new(
    beat: str | None, hours_ago: int | None, *, beats: bool
) -> None:
    last = None if hours_ago is None else NIGHT - timedelta(hours=hours_ago)
    message = asked(channel(heartbeat=beat), audit(), last=last)
    assert (message is not None) is beats
    assert message is None or message.is_beat
    assert asked(channel(heartbeat=beat), audit(), last=last, quiet=True) is None


def test_a_channel_hears_only_of_its_targets() -> None:
    message = asked(channel(targets="staging"), audit(finding("a")), audit(finding("b"), subject=THERE))
    assert message is not None
    assert ids(message.news) == ["b"]


def _hushed(hush: bool, _: Subject) -> bool:
    return hush


STATES = st.lists(st.none() | st.frozensets(st.sampled_from("abc")), min_size=1, max_size=8)


@given(STATES, st.lists(st.booleans(), min_size=8, max_size=8))
@settings(max_examples=examples(15), deadline=None)
def test_whatever_happens_each_finding_is_told_once_and_its_end_once(
    tmp_path_factory: pytest.TempPathFactory, nights: list[frozenset[str] | None], quiet: list[bool]
) -> None:
    heard, open_to_it = channel(remind="90 days"), set[str]()
    with opened(tmp_path_factory.mktemp("told") / "audits.sqlite") as book:
        for number, names in enumerate(nights):
            now = NIGHT + number * DAY
            found = NOT_READ if names is None else audit(*(finding(each) for each in sorted(names)))
            message = decide(
                heard, [found], told(book, "c"), None, now, quiet=partial(_hushed, quiet[number]), ran=True
            )
            if message is None:
                continue
            news, gone = set(ids(message.news)), set(ids(message.gone))
            assert not quiet[number]
            assert not news & open_to_it
            assert gone <= open_to_it
            open_to_it = (open_to_it | news) - gone
            remember(
                book,
                "c",
                now,
                news=[(each.subject, each.finding) for each in message.news],
                gone=[(each.subject, each.finding) for each in message.gone],
            )
            if names is not None:
                assert open_to_it == set(names)


def test_a_channel_of_a_file_that_nobody_wrote_yet_was_told_nothing(tmp_path: Path) -> None:
    with opened(tmp_path / "audits.sqlite") as book:
        assert told(book, "nobody") == ()
