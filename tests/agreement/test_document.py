"""Documents: what they read, and what they refuse."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, model_validator

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration, Unit
from sla_sync.agreement.expressions.events import Leaves, Moment, Named
from sla_sync.agreement.expressions.tree import Is
from sla_sync.agreement.funnel import along_the_way, qualified_stage, start_stages
from sla_sync.agreement.hours import Weekday
from sla_sync.agreement.load import load_agreement, load_binding
from sla_sync.agreement.quantities import UNDECIDED, Rate, Volume
from sla_sync.agreement.sections.amounts import Bracket, DurationRange, parse_bracket
from sla_sync.agreement.sections.calendars import NamedHoliday
from sla_sync.agreement.source import read_text_source
from sla_sync.agreement.walk import leaves
from tests.agreement.documents import ACME, FIRST, SMALL, acme, loaded, only, read
from tests.haste import examples

# What is read


@pytest.mark.parametrize("path", [ACME, FIRST], ids=["acme", "first"])
def test_the_examples_load_without_a_finding(path: Path) -> None:
    found = load_agreement(path, root=path.parent)
    assert found.diagnostics == ()
    assert found.value is not None


def test_values_are_read_into_what_they_mean() -> None:
    agreement = acme()
    assert agreement.metadata.effective.start == date(2026, 10, 1)
    assert agreement.stages["mql"].max_age == Duration(10, Unit.DAY, business=True)
    assert agreement.commitments["mql-quality"].target == Rate(Decimal(70))
    target = agreement.commitments["mql-volume"].target
    assert isinstance(target, Volume)
    assert target.count == 110
    assert agreement.priorities["hot"].when.value == Is("source", ("demo_request", "contact_sales"))
    assert agreement.calendars["office"].week.keys() == set(Weekday) - {Weekday.SATURDAY, Weekday.SUNDAY}


def test_a_condition_keeps_the_words_in_which_it_was_written() -> None:
    when = acme().stages["mql"].enter_when
    assert when is not None
    assert str(when) == "score reaches threshold and engagement > 0"


def test_a_limit_is_one_duration_or_one_for_each_priority() -> None:
    commitments = acme().commitments
    assert commitments["verdict"].limits == {"": Duration(2, Unit.DAY, business=True)}
    assert list(commitments["first-response"].limits) == ["hot", "warm"]


def test_a_promise_says_its_number() -> None:
    assert acme().commitments["mql-quality"].sentence == "Sales accepts 70% of them."


def test_what_is_not_agreed_yet_is_undecided(tmp_path: Path) -> None:
    agreement = read(tmp_path, SMALL.replace("70%", "undecided"))
    assert agreement.commitments["quality"].target is UNDECIDED


def test_a_stage_may_follow_on_a_condition(tmp_path: Path) -> None:
    text = SMALL.replace("next: [sal]", "next: [{sal: source is demo_request}]")
    moves = read(tmp_path, text).stages["mql"].moves
    assert moves["sal"] is not None
    assert moves["sal"].value == Is("source", ("demo_request",))


def test_a_clock_of_something_else_has_moments_of_its_own(tmp_path: Path) -> None:
    clock = "clock: {of: list_upload, starts: asked, stops: done}, within: 24 hours"
    agreement = read(tmp_path, SMALL.replace("measure: mql to sal within 14 days, target: 70%", clock))
    found = agreement.commitments["quality"].clock
    assert found is not None
    assert found.starts.value == Named("asked")


def test_a_clock_of_a_lead_has_the_moments_of_the_language(tmp_path: Path) -> None:
    clock = "clock: {starts: assigned, stops: leaves mql}, within: 24 hours"
    agreement = read(tmp_path, SMALL.replace("measure: mql to sal within 14 days, target: 70%", clock))
    found = agreement.commitments["quality"].clock
    assert found is not None
    assert (found.starts.value, found.stops.value) == (Moment.ASSIGNED, Leaves("mql"))


EVERY_SECTION = """\
apiVersion: sla-sync/v1
kind: LeadSLA
metadata:
  name: whole
  version: 3
  status: draft
  effective: {from: 2026-10-01}
  currency: EUR
  fiscal_year_start: 02-01
  size: small
  scope: region is emea
roles: {boss: {party: executive, sponsor: true}, seller: {party: sales, reports_to: boss}}
approval: {required: boss, notice: 2 weeks, owners: {scoring: [boss, seller]}}
goal: {statement: Grow., metric: revenue, target: 5, by: undecided, owner: boss, plan: {rates: from history}}
goals: {west: {statement: Grow in the west., metric: pipeline, target: undecided}}
calendars:
  office:
    timezone: Europe/Madrid
    open: {mon-thu: 09:00-13:00 and 15:00-18:00, fri: [09:00-13:00], sat: closed}
    holidays: [2026-12-25, {day: 2026-12-24, name: Eve, open: 09:00-12:00}, {country: ES, region: MD}, {file: days.txt}]
    events: {fair: {from: 2026-11-02, expected: 300}}
teams: {sdr: {manager: seller, members: undecided, ramp: {month 1: 25%}, presence: 80%, calendar: personal}}
groups: {tier_1: [DE, FR, NO], fits: [employees >= 200, email is known]}
segments: {territory: {west: region is west, rest: {means: The rest., when: region is not west}}}
sources: {fair: {handling: nurture, lead_value: 12.5, cost_per_lead: 3}, booth: {handling: undecided}}
scoring:
  person:
    threshold: top 10% of inquiries
    floor: 0
    fit: {brackets: {employees: {from 0: 0, from 11: 10}}}
    engagement: {add: {page: {when: did visit page 2 times in last 7 days, points: 5, at_most: every time}}}
    grade: {fit: {A: employees >= 200, B: 35}, engagement: {1: 60}}
    for: west
    precedence: 1
    kept_in: hubspot
stages:
  mql: {start: true, next: [{sal: country is in tier_1}, out], again_after: 90 days, then: hook}
  sal: {end: won}
  out: {reasons: no, end: lost, tracks: {letters: email is known, calls: {means: By phone., when: email is unknown}}}
commitments:
  volume: {by: seller, measure: count of first mql, target: {2026-10: 100, 2026-11: undecided}, kind: influence}
  clock:
    by: seller
    clock: {starts: raised, stops: reply, pauses_on: touch, resumes_on: reply}
    within: {inside hours: 20 minutes, outside hours: 4 hours}
    excused_by: enters out
  upload:
    by: seller
    measure: manual
    evidence: evidence/
    uplift: {by: 20%, because: One more.}
    on_breach: [{at: 2 days, stage: out, reason: late, close: true}]
reasons: {no: {late: {revisit: 30 to 90 days, detail: {price: Too dear.}, category: later, at_most: 10%}}}
routing:
  first_match: [{to: sdr, how: weighted, weights: {ana: 2}, cap: 20 per member per day, overflow: sdr}]
  when_owner_leaves: [{to: sdr}]
quality: {needs: {mql: [email]}, valid: {email: email contains @}, retention: 24 months}
reviews: {after_campaign: {within: 10 business days, pack: R1}, weekly: {relax: {to: monthly, kept: 90%, during: 3 months}}}
reports: {board: {shows: [R1, R16], audience: boss, schedule: every Tuesday}}
moved: {stages: {ready: mql}}
accepted: [{code: SLA213, because: We know., at: stages.out}]
"""


def whole(tmp_path: Path) -> Agreement:
    (tmp_path / "days.txt").write_text("2026-12-28\n", encoding="utf-8")
    return read(tmp_path, EVERY_SECTION)


def test_every_section_reads_all_that_the_language_has(tmp_path: Path) -> None:
    agreement = whole(tmp_path)
    assert agreement.approval.required == ("boss",)
    assert agreement.reasons["no"]["late"].revisit == DurationRange(Duration(30, Unit.DAY), Duration(90, Unit.DAY))
    assert agreement.groups["tier_1"] == ("DE", "FR", "NO")
    assert [str(window) for window in agreement.calendars["office"].week[Weekday.MONDAY]] == [
        "09:00-13:00",
        "15:00-18:00",
    ]
    assert Weekday.SATURDAY not in agreement.calendars["office"].week
    eve = agreement.calendars["office"].holidays[1]
    assert isinstance(eve, NamedHoliday)
    assert [str(window) for window in eve.open] == ["09:00-12:00"]


def test_the_version_is_the_first_day_where_none_is_written(tmp_path: Path) -> None:
    assert read(tmp_path, SMALL).metadata.version_in_force == "2026-10-01"
    assert whole(tmp_path).metadata.version_in_force == "3"


def test_what_is_undecided_is_found_also_where_a_word_is_expected(tmp_path: Path) -> None:
    text = SMALL + "sources: {fair: {handling: undecided}}\nrouting: {otherwise: undecided}\n"
    open_questions = [path for path, value in leaves(read(tmp_path, text)) if value is UNDECIDED]
    assert open_questions == [("sources", "fair", "handling"), ("routing", "otherwise")]


def test_what_was_read_can_be_written_and_read_again(tmp_path: Path) -> None:
    agreement = whole(tmp_path)
    said = agreement.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    again = Agreement.model_validate(json.loads(json.dumps(said)))
    assert again.model_dump(mode="json", by_alias=True, exclude_defaults=True) == said


# What is refused


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("14 days", "|14d", "`commitments.quality.measure`: "),
        ("70%", "|0.7%%", "`0.7%%` is not a rate."),
        ("end: won", "end: |win", "`win` is not allowed here."),
        ("accountable: vp_sales", "accountable: |VP Sales", "`VP Sales` is not a name."),
        ("2026-10-01", "|2026-02-30", "`2026-02-30` is not in the calendar."),
        ("[sal]", "|{sal: 1}", "A mapping stands where a list is expected."),
        ("by: vp_marketing", "by: |[vp_marketing]", "A list is not text."),
        ("name: small", "name: |7", "`7` is not text."),
        ("{party: sales}", "|sales", "`sales` stands where keys with values are expected."),
        (
            "sal: {accountable: vp_sales, end: won}",
            "sal:|",
            "An empty value stands where keys with values are expected.",
        ),
        ("end: won", "end: won, start: |1", "`1` is neither true nor false."),
        (
            "{name: small, effective: {from: 2026-10-01}}",
            "{name: small, effective: {from: 2026-10-01}, scope: a |b}",
            "b",
        ),
    ],
)
def test_a_wrong_value_is_named_at_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    marked = SMALL.replace(old, new, 1)
    before = marked.partition("|")[0].split("\n")
    found = only(loaded(tmp_path, marked.replace("|", "")))
    assert found.code == "SLA103"
    assert said in found.message
    assert found.location is not None
    assert (found.location.line, found.location.column) == (len(before), len(before[-1]) + 1)


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        ("70%", "70%, on_time: 0.7", "`0.7` is not a rate.", "Write `70%`, if that is meant."),
        ("70%", "70%, on_time: 70", "`70` is not a rate.", "Write `70%`, if that is meant."),
        ("70%", "70%, on_time: 700", "`700` is not a rate.", "Write for example `70%`."),
        ("[sal]", "sal", "`sal` stands where a list is expected.", "Write `[sal]`."),
        ("[sal]", "'sal, won'", "`sal, won` stands where a list is expected.", "Write `[sal, won]`."),
        ("[sal]", "'a: b'", "`a: b` stands where a list is expected.", "Write `[first, second]`."),
        ("by: vp_marketing", "by: vp_m\u0430rketing", "CYRILLIC SMALL LETTER A (U+0430).", "Write letters (a to z)"),
        (
            "by: vp_marketing",
            "by: vp_marketing\u200b",
            "a character that nobody sees (U+200B)",
            "Write letters (a to z)",
        ),
        ("70%", "70%, on_time: “70%”", 'It holds a curly quotation mark (U+201C) where `"` is typed.', "70%"),
        ("target:", "‘target’:", "It holds a curly quotation mark (U+2018) where `'` is typed.", ""),  # noqa: RUF001
        ("2026-10-01", "2026–10–01", "It holds a dash (U+2013) where `-` is typed.", "such as `2026-10-01`"),
        ("end: won", "end: WON", "`WON` is not allowed here.", "Write `won`, if that is meant."),
    ],
)
def test_what_was_probably_meant_is_proposed(tmp_path: Path, old: str, new: str, message: str, hint: str) -> None:
    assert old in SMALL
    found = only(loaded(tmp_path, SMALL.replace(old, new, 1)))
    assert message in found.message
    assert hint in found.hint


class Reckoning(BindingDocument):
    """A binding with numbers and forms of its own."""

    share: float = Field(default=1, gt=0, le=2)
    steps: int = Field(default=1, ge=1)
    month: str = Field(default="", pattern=r"^[0-9]{4}-[0-9]{2}$", examples=["2026-10"])
    code: str = Field(default="", pattern=r"^[A-Z]$", description="The letter of the grade.")


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        ("share: soon", "`share`: `soon` is not a number.", "Write a number, such as `10`, without quotes."),
        ("share: 0", "`share`: `0` is too small.", "Write more than 0."),
        ("share: 3", "`share`: `3` is too large.", "Write 2 or less."),
        ("steps: 0", "`steps`: `0` is too small.", "Write 1 or more."),
        ("steps: 1.5", "`steps`: `1.5` is not a whole number.", "Write a whole number, such as `10`, without quotes."),
        (
            "steps: many",
            "`steps`: `many` is not a whole number.",
            "Write a whole number, such as `10`, without quotes.",
        ),
        ("month: May", "`month`: `May` has not the form that is expected here.", "Write for example `2026-10`."),
        (
            "code: b",
            "`code`: `b` has not the form that is expected here.",
            "Write what it is for: the letter of the grade.",
        ),
    ],
)
def test_a_number_or_form_that_is_refused_is_told_in_our_words(
    tmp_path: Path, said: str, message: str, hint: str
) -> None:
    path = tmp_path / "binding.yaml"
    header = "apiVersion: sla-sync/v1\nkind: Binding\nmetadata: {name: b, agreement: a, connector: c}\n"
    path.write_text(f"{header}{said}\n", encoding="utf-8")
    (found,) = load_binding(path, Reckoning, root=tmp_path).diagnostics
    assert (found.message, found.hint) == (message, hint)


def test_a_missing_key_is_asked_for_with_what_it_is_for(tmp_path: Path) -> None:
    found = only(loaded(tmp_path, SMALL.replace(", effective: {from: 2026-10-01}", "")))
    assert found.message == "`metadata` lacks the key `effective`."
    assert found.hint == "Add `effective`: the days on which the agreement is in force."


def test_a_misspelled_key_deep_inside_is_corrected(tmp_path: Path) -> None:
    found = only(loaded(tmp_path, SMALL.replace("target: 70%", "on_breach: [{notifiy: owner}]")))
    assert (found.code, found.path) == ("SLA101", ("commitments", "quality", "on_breach", 0, "notifiy"))
    assert found.hint == "Write `notify`, if that is meant."


def test_a_comma_inside_a_measure_gives_one_finding(tmp_path: Path) -> None:
    found = only(loaded(tmp_path, SMALL.replace("mql to sal within 14 days", "mql to sal, within 14 days)")))
    assert found.code == "SLA101"
    assert "comma" in found.message


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = SMALL.replace("70%", "seventy").replace("end: won", "end: win").replace("party: sales", "partei: sales")
    codes = sorted(each.code for each in loaded(tmp_path, text).diagnostics)
    assert codes == ["SLA101", "SLA103", "SLA103", "SLA103"]


def test_a_document_of_another_kind_is_refused_by_its_header_alone(tmp_path: Path) -> None:
    found = only(loaded(tmp_path, SMALL.replace("LeadSLA", "Binding")))
    assert found.message == "The document says `kind: Binding`, and `LeadSLA` is expected here."


def test_a_document_without_a_version_of_the_language_is_refused(tmp_path: Path) -> None:
    assert "apiVersion" in only(loaded(tmp_path, SMALL.replace("apiVersion: sla-sync/v1\n", ""))).message


def test_windows_that_say_a_day_twice_are_refused(tmp_path: Path) -> None:
    text = SMALL + "calendars: {office: {open: {mon-fri: 09:00-17:00, fri: 09:00-13:00}}}\n"
    assert "both say when friday is open" in only(loaded(tmp_path, text)).message


SCORED = "scoring: {person: {fit: {brackets: {employees: {%s: 1}}}}}\n"
HOLIDAYS = "calendars: {office: {holidays: [%s]}}\n"
TIMED = "commitments: {c: {clock: {starts: assigned, stops: touch, %s: reply}}}\n"


@pytest.mark.parametrize(
    ("section", "said"),
    [
        (SCORED % "11 up", "`11 up` is not a bracket of numbers."),
        (SCORED % "10 to 1", "`10 to 1` ends before it begins."),
        ("teams: {sdr: {ramp: {first month: 25%}}}\n", "`first month` is not a time since a member joined."),
        ("reports: {r: {schedule: now and then}}\n", "`now and then` does not say when it comes back."),
        ("reports: {r: {schedule: every noon}}\n", "`noon` in `noon` is not a day of the week."),
        ("reports: {r: {schedule: every day 25:00}}\n", "`25:00` is not on a 24-hour clock."),
        (HOLIDAYS % "{region: MD}", "A list of holidays is kept in a file or belongs to a country"),
        (HOLIDAYS % "{file: days.txt, country: ES}", "A list of holidays is kept in a file or belongs to a country"),
        (HOLIDAYS % "{file: days.txt, region: MD}", "A region is a part of a country, and no country is named."),
    ],
)
def test_what_only_one_section_knows_is_refused_in_words(tmp_path: Path, section: str, said: str) -> None:
    assert said in only(loaded(tmp_path, SMALL + section)).message


@pytest.mark.parametrize("half", ["pauses_on", "resumes_on"])
def test_a_pause_has_a_beginning_and_an_end(tmp_path: Path, half: str) -> None:
    text = SMALL.partition("commitments:")[0] + TIMED % half
    assert f"The clock says `{half}` and not" in only(loaded(tmp_path, text)).message


def test_a_bracket_reaches_to_its_end_or_on_and_on() -> None:
    assert parse_bracket("from 11") == Bracket(Decimal(11))
    assert [str(parse_bracket(text)) for text in ("1 to 10", "from 0.5")] == ["1 to 10", "from 0.5"]


def test_a_mistyped_predicate_of_a_group_is_not_taken_for_a_value(tmp_path: Path) -> None:
    assert only(loaded(tmp_path, SMALL + "groups: {fits: [employees >= many]}\n")).code == "SLA103"


def test_a_secret_in_a_comment_is_found(tmp_path: Path) -> None:
    text = SMALL + "# pat-eu1-00000000-1111-2222-3333-444444444444\n"
    assert only(loaded(tmp_path, text)).code == "SLA902"


@settings(max_examples=examples(60), deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["mql", "add", "when", "from", "next", "by", "x", "<map>", "<one>", "day"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=12,
    ),
    st.sampled_from(sorted(set(Agreement.model_fields) - {"apiVersion", "kind"})),
)
def test_no_value_of_a_section_makes_reading_crash(value: object, section: str) -> None:
    from pydantic import ValidationError

    from sla_sync.agreement.findings import findings

    data = {**dict(read_text_source(SMALL).data or {}), section: value}
    try:
        Agreement.model_validate(data)
    except ValidationError as error:
        for found, offset in findings(error, Agreement, data):
            assert found.message
            assert offset >= 0


# The way through the stages


def test_leads_begin_where_no_other_stage_leads() -> None:
    assert start_stages(acme()) == ("inquiry",)


def test_a_lead_qualifies_in_the_first_stage_that_it_enters_on_a_condition() -> None:
    assert qualified_stage(acme()) == "mql"


def test_without_such_a_condition_a_lead_qualifies_where_it_begins(tmp_path: Path) -> None:
    agreement = read(tmp_path, SMALL)
    assert qualified_stage(agreement) == "mql"
    assert along_the_way(agreement, "mql") == ("mql", "sal")


def test_a_binding_that_is_a_list_of_nothing_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "binding.yaml"
    path.write_text("apiVersion: sla-sync/v1\nkind: Binding\nmetadata: none\n", encoding="utf-8")
    found = only(load_binding(path, BindingDocument, root=tmp_path))
    assert found.location is not None
    assert (found.location.line, found.location.column) == (3, 11)


def test_a_rule_of_a_connector_is_said_in_its_own_words(tmp_path: Path) -> None:
    class Strict(BindingDocument):
        @model_validator(mode="after")
        def _never(self) -> Self:
            message = "a binding of this kind names a portal"
            raise ValueError(message)

    path = tmp_path / "binding.yaml"
    header = "apiVersion: sla-sync/v1\nkind: Binding\n"
    path.write_text(header + "metadata: {name: b, agreement: a, connector: c}\n", encoding="utf-8")
    found = only(load_binding(path, Strict, root=tmp_path))
    assert found.message == "The document: A binding of this kind names a portal."


def test_a_word_of_the_glossary_is_not_taken_for_a_secret(tmp_path: Path) -> None:
    assert read(tmp_path, SMALL + "terms: {token: What opens the door.}\n").terms["token"] == "What opens the door."


def test_sections_may_stand_in_files_of_their_own(tmp_path: Path) -> None:
    head, _, stages = SMALL.partition("stages:\n")
    (tmp_path / "stages.yaml").write_text("stages:\n" + stages, encoding="utf-8")
    assert read(tmp_path, head + "include: stages.yaml\n") == read(tmp_path, SMALL)
