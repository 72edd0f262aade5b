"""What a review says in each format, whatever others wrote into it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.diagnostics import Diagnostic, Location, Severity
from sla_sync.lint import RULES
from sla_sync.render.github import findings_as_github
from sla_sync.render.review import sentences
from sla_sync.render.review.findings import review_as_findings
from sla_sync.render.review.junit import review_as_junit
from sla_sync.render.review.markdown import COMMENT, marker, review_as_markdown
from sla_sync.render.review.plain import review_as_json
from sla_sync.render.review.text import review_as_text
from sla_sync.review.amendments import Amendment, Difference, Effect, Matter, Row
from sla_sync.review.outcome import (
    Asked,
    Consent,
    Consented,
    Impact,
    Notice,
    Review,
    SettingsOnTarget,
    Unreviewed,
)
from tests.haste import examples
from tests.review.revisions import acme

HOT = Amendment(
    Matter.LOOSER_PROMISE,
    ("commitments", "first-response", "within", "hot"),
    "hot leads",
    "Hot leads: first-response within 15 → 30 business minutes.",
    {"sales": Effect.LOOSENS},
    edits=(),
    rows=(Row("Sales touches hot leads within", "15 business minutes", "30 business minutes"),),
)
SHARE = replace(HOT, sentence="first-response: on time 90% → 95%.", effects={"sales": Effect.TIGHTENS}, rows=())
WORDING = replace(
    HOT, matter=Matter.TECHNICAL, sentence="Stage «mql»: its meaning is worded otherwise.", effects={}, rows=()
)
SIGNED = Consented("vp_sales", date(2026, 11, 2), "https://acme.example/minutes/7")
PLACE = Location("configs/acme/agreement.yaml", 144, 19)
NOTICE = Notice("10 business days", date(2026, 11, 2), date(2026, 11, 16), date(2026, 11, 16))
ON_SALESFORCE = SettingsOnTarget(
    "production", "salesforce", (), ("~ CustomMetadata/X.Y values.Minutes: 15 → 30",), (), (), "two translations of the text",
    "1 row of custom metadata changed",
)  # fmt: skip
AWAITED = Diagnostic("SLA702", Severity.ERROR, "'vp_marketing' has not signed: it.", ("commitments",), PLACE)
BROKEN = Diagnostic(
    "SLA709", Severity.ERROR, "What was closed would be judged anew.", ("metadata",), PLACE, "Write a day."
)
WARNED = Diagnostic("SLA618", Severity.WARNING, "It is late.", ("goal",), PLACE)


def review(*amendments: Amendment, signed: tuple[Consented, ...] = (SIGNED,), **besides: object) -> Review:
    asked = tuple(Asked(role, amendments) for role in ("vp_marketing", "vp_sales") if amendments)
    base = acme()
    made = Review(
        title="acme-inbound",
        difference=Difference(base, base, amendments),
        consent=Consent(asked, signed),
        notice=NOTICE if amendments else None,
        open_leads=("Open leads keep the dates that were stamped.",) if amendments else (),
        appeared=(),
        disappeared=(),
        settings=(ON_SALESFORCE,),
        diagnostics=(),
        untold={"history": "No history was given."},
        locations=(PLACE,) * len(amendments),
    )
    return replace(made, **besides)  # type: ignore[arg-type]


def test_a_comment_reads_like_the_change_that_two_people_settle() -> None:
    assert (
        review_as_markdown(review(HOT))
        == """\
<!-- sla-sync:review:acme-inbound -->
### acme-inbound: Hot leads: first-response within 15 → 30 business minutes · WAITING FOR VP MARKETING

Loosens sales' promise.

| What | Now | Proposed |
|---|---|---|
| Sales touches hot leads within | 15 business minutes | 30 business minutes |

- **Settings:** production (1 row of custom metadata changed); no new manual step
- Open leads keep the dates that were stamped.
- **Checks:** no new findings
- **History:** No history was given.

☑ VP Sales (2 Nov 2026, [evidence](<https://acme.example/minutes/7>))&nbsp; ☐ VP Marketing

If signed today, in force 16 Nov 2026 (10 business days' notice).

<details>
<summary>Settings on production, by two translations of the text</summary>

- ~ CustomMetadata/X.Y values.Minutes: 15 → 30

</details>
"""
    )


BOTH = (SIGNED, replace(SIGNED, role="vp_marketing"))
STATUSES = [
    (review(HOT), "WAITING FOR VP MARKETING"),
    (review(HOT, signed=()), "WAITING FOR VP MARKETING AND VP SALES"),
    (review(HOT, signed=BOTH), "SIGNED BY ALL WHO MUST"),
    (review(HOT, consent=Consent((), ())), "NOBODY NEED SIGN"),
    (review(), "NO CHANGE OF MEANING"),
    (review(HOT, diagnostics=(AWAITED,)), "WAITING FOR VP MARKETING"),
    (review(HOT, diagnostics=(AWAITED, BROKEN)), "NEEDS CORRECTION · WAITING FOR VP MARKETING"),
    (review(HOT, signed=BOTH, appeared=(BROKEN,)), "NEEDS CORRECTION"),
    (review(HOT, signed=BOTH, appeared=(WARNED,)), "SIGNED BY ALL WHO MUST"),
    (review(HOT, diagnostics=(replace(AWAITED, path=("amended", 0, "needs")),)), "NEEDS CORRECTION · WAITING FOR VP MARKETING"),
    (Unreviewed("x", "This agreement is new.", "Have it signed."), "NEW"),
    (Unreviewed("x", "It cannot be read.", "Correct it.", (BROKEN,)), "NEEDS CORRECTION"),
]  # fmt: skip


@pytest.mark.parametrize(("found", "status"), STATUSES, ids=[status for _, status in STATUSES])
def test_the_status_says_what_is_to_be_corrected_and_for_whom_it_waits(found: Review | Unreviewed, status: str) -> None:
    assert sentences.status(found) == status
    assert found.blocked == ("CORRECTION" in status)
    for text in (review_as_text(found), review_as_markdown(found)):
        assert f"· {status}\n" in text


def test_what_touches_nobodys_duty_is_said_only_by_itself() -> None:
    assert sentences.gains_of_all((HOT, SHARE, WORDING)) == "Loosens sales' promise. Asks more of sales."
    assert sentences.gains_of_all((WORDING,)) == "Changes no promise."


FORCE = [
    (NOTICE, True, "If signed today, in force 16 Nov 2026 (10 business days' notice)."),
    (NOTICE, False, "Signed 2 Nov 2026, in force 16 Nov 2026 (10 business days' notice)."),
    (
        replace(NOTICE, planned=date(2027, 1, 4)),
        True,
        "If signed today, in force 4 Jan 2027 (10 business days' notice).",
    ),
    (
        replace(NOTICE, planned=date(2026, 11, 3)),
        True,
        "If signed today, in force 16 Nov 2026 (10 business days' notice). The file says 3 Nov 2026.",
    ),
    (replace(NOTICE, said="1 month"), True, "If signed today, in force 16 Nov 2026 (1 month's notice)."),
    (replace(NOTICE, said=""), True, "In force from 16 Nov 2026; no notice is agreed."),
]


@pytest.mark.parametrize(("notice", "missing", "sentence"), FORCE)
def test_it_says_from_when_the_change_can_be_in_force(notice: Notice, missing: bool, sentence: str) -> None:
    assert sentences.in_force(notice, missing=missing) == sentence


def test_a_history_is_told_where_there_is_one() -> None:
    told = Impact("Last quarter replayed", ("On time 71% → 83%.",), ("Unknown: whether reps would slow down.",))
    found = review(HOT, impact=told, untold={})
    assert (
        "- **Last quarter replayed:** On time 71% → 83%. Unknown: whether reps would slow down.\n"
        in review_as_markdown(found)
    )
    assert "  On time 71% → 83%.\n" in review_as_text(found)
    assert json.loads(review_as_json(found))["history"]["lines"] == ["On time 71% → 83%."]


def test_an_amendment_is_a_note_at_its_line_and_a_signature_that_is_awaited_no_error() -> None:
    found = review_as_findings(review(HOT, diagnostics=(AWAITED, BROKEN), appeared=(WARNED,)))
    assert [(each.code, each.severity) for each in found] == [
        ("amendment", Severity.INFORMATION),
        ("SLA618", Severity.WARNING),
        ("SLA702", Severity.WARNING),
        ("SLA709", Severity.ERROR),
    ]
    assert found[0].location == PLACE
    assert found[0].hint == "Have it signed by vp_marketing, vp_sales."
    assert findings_as_github(found).count("::error ") == 1


def test_a_report_for_a_test_server_has_a_case_for_each_signature_rule_and_finding() -> None:
    report = ET.fromstring(review_as_junit(review(HOT, diagnostics=(AWAITED, BROKEN), appeared=(WARNED,)), RULES))
    failed = [case.get("name") or "" for case in report.iter("testcase") if case.find("failure") is not None]
    assert [name.partition(" What")[0].partition(" No")[0] for name in failed] == ["signed by vp_marketing", "SLA709"]
    names = {case.get("name", "").partition(" ")[0] for case in report.iter("testcase")}
    assert {"signed", "SLA607", "SLA706", "SLA709", "SLA907", "SLA618"} <= names


HOSTILE = st.text(
    st.sampled_from("@<>|*_`[]()!#&\n\r\x1b\u202e:%{}\\/-\"' ") | st.characters(min_codepoint=32, max_codepoint=0x2FF),
    max_size=60,
).map(lambda text: text + "<!-- sla-sync:review:other --> @everyone [x](https://evil) ::error::x")


@pytest.mark.parametrize("target", ["production", "portal-emea"])
def test_a_target_of_which_nothing_is_known_keeps_its_name(target: str) -> None:
    found = review(HOT, untold={"history": "None was given.", target: "It is no longer there."})
    told = review_as_text(found), review_as_markdown(found).replace("**", "").replace("- ", "")
    assert all(f"\n{target}: It is no longer there." in each and "History: None" in each for each in told)


@settings(max_examples=examples(100), deadline=None)
@given(said=st.lists(HOSTILE, min_size=1, max_size=4))
def test_what_others_wrote_steers_neither_markdown_nor_a_terminal_nor_a_workflow(said: list[str]) -> None:
    first = said[0]
    rows = tuple(Row(each, each, each) for each in said)
    hostile = replace(HOT, sentence=first, subject=first, rows=rows)
    found = review(
        hostile, hostile,
        signed=(Consented("vp_sales", date(2026, 11, 2), f"https://x/{first}"),),
        diagnostics=(replace(BROKEN, message=first, hint=first),),
        settings=(replace(ON_SALESFORCE, target=first, changed=tuple(said), summary=first),),
        untold={first: first},
        author=first,
    )  # fmt: skip
    markdown = review_as_markdown(found, most=4_000 if len(first) % 2 else 65_536, command=f"sla-sync review {first}")
    ours, *tags = re.findall(r"(?<!\\)<(?!https://)[^>]*>", markdown.replace("<https://", ""))
    assert ours == marker("acme-inbound")
    assert set(tags) <= {"<details>", "<summary>", "</summary>", "</details>", "<!-- -->"}
    assert not re.search(r"@\w", re.sub(r"\(<https://[^>]*>\)", "", markdown))
    assert not re.search(r"(?<!\\)\]\((?!<https://x/)", markdown)
    for text in (markdown, review_as_text(found)):
        assert "\x1b" not in text
        assert "\r" not in text
        assert "\u202e" not in text
    commands = [line for line in findings_as_github(review_as_findings(found)).splitlines() if line.startswith("::")]
    assert len(commands) == 3
    assert json.loads(review_as_json(found))["amendments"][0]["sentence"] == first


@settings(max_examples=examples(15), deadline=None)
@given(
    many=st.integers(0, 100),
    wide=st.integers(1, 3_000),
    letter=st.sampled_from("a|é@<"),
)
def test_a_comment_keeps_the_limit_with_its_summary_and_says_what_shows_the_rest(
    many: int, wide: int, letter: str
) -> None:
    long = letter * wide
    amendments = tuple(replace(HOT, sentence=f"{long}.", rows=(Row(long, long, long),)) for _ in range(many + 1))
    found = review(
        *amendments,
        diagnostics=(BROKEN,) * many,
        settings=(replace(ON_SALESFORCE, changed=tuple(f"~ {n}.{long}" for n in range(many)), summary=long),),
    )
    text = review_as_markdown(found, command="sla-sync review main")
    assert len(text.encode()) <= COMMENT
    assert text.splitlines()[0] == marker("acme-inbound")
    assert "WAITING FOR VP MARKETING\n" in text
    assert "☐ VP Marketing" in text
    assert text.count("<details>") == text.count("</details>")
    whole = review_as_markdown(found, most=10_000_000)
    assert ("all of it: sla-sync review main*" in text) == (len(whole) > len(text))


def test_the_marker_is_one_line_whatever_an_agreement_is_called() -> None:
    assert marker("acme --> \n<b>") == "<!-- sla-sync:review:acme--b -->"


def test_of_many_lines_alike_a_few_are_shown_and_json_has_all() -> None:
    days = tuple(f"+ CustomMetadata/Day.{number}" for number in range(40))
    found = review(HOT, settings=(replace(ON_SALESFORCE, created=days),))
    for text in (review_as_text(found), review_as_markdown(found)):
        assert "… and 37 more lines like these; --format json has all" in text
        assert "Minutes: 15 → 30" in text
    assert len(json.loads(review_as_json(found))["settings"][0]["created"]) == 40


def test_no_text_of_others_begins_a_line_in_a_terminal_and_is_taken_for_a_signature_or_a_command() -> None:
    lie = "Worded so.\n☑ VP Marketing (2 Nov 2026)\r\n::error::x\v::warning::y"
    told = replace(HOT, sentence=lie, rows=(Row(lie, lie, lie),))
    settings = replace(ON_SALESFORCE, created=(lie,), changed=(lie,), manual=(lie,))
    said = review_as_text(review(told, signed=(), settings=(settings,), author=lie))
    assert not [line for line in said.splitlines() if line.lstrip().startswith(("☑", "::"))]
