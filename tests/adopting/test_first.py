"""Whatever a platform has, what is written from it validates, is laid out as `fmt` would, and pushes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.adopting.draft import Draft, Ground, drafted
from sla_sync.adopting.first_agreement import agreement_text
from sla_sync.adopting.first_binding import binding_text
from sla_sync.adopting.first_page import adopted_page
from sla_sync.adopting.first_question import question_of
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.authoring.layout import laid_out
from sla_sync.connector import (
    CalendarFound,
    ReasonsFound,
    RouteFound,
    ScoreFound,
    SourcesFound,
    StageFound,
    Survey,
    TeamFound,
    Unseen,
)
from sla_sync.diagnostics import errors_in
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.build import prepare
from sla_sync.pipeline.validate import Documents, judge, read
from sla_sync.places import Place
from tests.haste import examples

DAY = date(2026, 10, 1)
GROUND = Ground("org", "America/New_York", DAY, "salesforce")
STATUS = ("New", "MQL", "Working", "Converted", "Nurture", "Unqualified")
RICH = Survey(
    place="Lead Status",
    stages=tuple(
        StageFound(each, each, {"Lead.Status": [each]}, first=each == "New", won=each == "Converted") for each in STATUS
    ),
    sources=SourcesFound("Lead.LeadSource", {"Web": "Web", "Trade: show #1": "Trade: show #1"}),
    reasons=(
        ReasonsFound("Lead.Reject_Reason__c", "Why rejected", {"a": "No budget", "b": "Too small"}),
        ReasonsFound("Lead.Lost_Reason__c", "Why lost", {"c": "Price"}),
    ),
    calendars=(
        CalendarFound("Fair", "Europe/Madrid", {"sat": "10:00-12:00"}),
        CalendarFound(
            "Office: main",
            "Europe/Madrid",
            {"mon": "09:00-17:00", "tue": "09:00-17:00", "thu": "09:00-17:00", "fri": "09:00-12:00"},
            {date(2026, 12, 25): "Christmas", date(2026, 11, 26): ""},
            main=True,
        ),
    ),
    teams=(
        TeamFound("Inbound_Reps", "Inbound Reps", {"queue": "Inbound_Reps"}, ("ana@acme.example",)),
        TeamFound("Marketing", "Marketing", {"queue": "Marketing"}),
    ),
    routes=(RouteFound("Marketing", 'ISPICKVAL(LeadSource, "Web")', False), RouteFound("Inbound_Reps", "", True)),
    scores=(ScoreFound("Lead.Fit__c", "Fit"),),
    zone="America/New_York",
    currency="USD",
    touch={"any": [{"Event": {"by": "owner"}}]},
    read=("Lead Status: 6 values.",),
    unseen=(Unseen("Flows", "They are no list."),),
)


def _judged(agreement: str, binding: str, folder: Path) -> Documents:
    (folder / "bindings").mkdir()
    (folder / "agreement.yaml").write_text(agreement, "utf-8")
    (folder / "bindings" / "salesforce.yaml").write_text(binding, "utf-8")
    return judge(read(Place(folder / "agreement.yaml", None, folder / ".sla-sync")), today=DAY)


def _errors(draft: Draft, folder: Path) -> tuple[object, ...]:
    documents = _judged(agreement_text(draft), binding_text(draft), folder)
    found = errors_in(documents.diagnostics)
    if not found:
        binding = folder / "bindings" / "salesforce.yaml"
        assert prepare(documents, binding, {}).translation.desired == ()
    return tuple(found)


def test_a_rich_org_becomes_an_agreement_that_validates_and_pushes_nothing(tmp_path: Path) -> None:
    draft = drafted(RICH, GROUND)
    assert _errors(draft, tmp_path) == ()
    text = agreement_text(draft)
    assert laid_out(text) == text
    assert laid_out(binding_text(draft)) == binding_text(draft)
    for line in (
        "  mql:                                    # guessed: the handover to sales",
        "    open: {mon-tue: 09:00-17:00, thu: 09:00-17:00, fri: 09:00-12:00}",
        "      - {day: 2026-12-25, name: Christmas}",
        "    timezone: Europe/Madrid",
        "  otherwise: inbound_reps",
        "    no_budget: {means: The platform says «No budget».}",
        '  trade_show_1: {means: "The platform says «Trade: show #1»."}',
        "    measure: mql to working within 14 days",
    ):
        assert line in text.splitlines()


def test_the_page_says_what_was_read_what_was_guessed_and_what_could_not_be_read() -> None:
    page = adopted_page(drafted(RICH, GROUND), target="org", notes=["Keep one *file*."])
    for line in (
        "- Lead Status: 6 values.",
        "- «MQL» (Lead.Status) is the handover to sales: its name says «MQL».",
        "- «Nurture» (Lead.Status) is kept for later: its name says «Nurtur».",
        "- Flows: They are no list.",
        '- Leads for «Marketing» where ISPICKVAL(LeadSource, "Web"): the condition is in the platform\'s own words.',
        "- «Why lost» (Lead.Lost\\_Reason\\_\\_c) may hold reasons too; one list was taken.",
        (
            "2. Say on which condition a lead enters mql: it could not be read. Until `enter_when` says it, a cycle opens in "
            "new. A comment in agreement.yaml has an example."
        ),
        "5. Keep one \\*file\\*.",
    ):
        assert line in page.splitlines()


ASKED: tuple[tuple[Survey, str, str], ...] = (
    (RICH, "lead_score >= 100", "fields: {lead_score: Lead.Fit__c}"),
    (
        replace(RICH, scores=(ScoreFound("Lead.Ready__c", "Demo readiness"),)),
        "demo_readiness >= 100",
        "fields: {demo_readiness: Lead.Ready__c}",
    ),
    (replace(RICH, scores=(), fields={"email": "Lead.Email"}), "email is known", "fields: {email: Lead.Email}"),
    (replace(RICH, scores=()), "employees >= 200", ""),
)


@pytest.mark.parametrize(("survey", "condition", "bound"), ASKED)
def test_the_question_is_answered_by_taking_its_mark_away_and_then_leads_qualify_at_the_handover(
    survey: Survey, condition: str, bound: str, tmp_path: Path
) -> None:
    draft = drafted(survey, GROUND)
    asked, binding = agreement_text(draft), binding_text(draft)
    assert bound in binding
    if not bound:
        binding += "fields: {employees: Lead.NumberOfEmployees}\n"
    answered = asked.replace(f"    # enter_when: {condition}\n", f"    enter_when: {condition}\n")
    assert answered != asked
    found = []
    for number, text in enumerate((asked, answered)):
        (tmp_path / str(number)).mkdir()
        documents = _judged(text, binding, tmp_path / str(number))
        assert errors_in(documents.diagnostics) == ()
        assert documents.agreement is not None
        found.append(qualified_stage(documents.agreement))
    question = question_of(draft)
    assert question is not None
    assert found == [question.meanwhile, question.stage] == ["new", "mql"]


def test_where_leads_begin_at_the_handover_nothing_is_asked() -> None:
    draft = drafted(replace(RICH, stages=RICH.stages[1:]), GROUND)
    assert question_of(draft) is None
    assert "enter_when" not in agreement_text(draft) + adopted_page(draft, target="org")


def test_without_a_stage_there_is_nothing_to_begin_from() -> None:
    with pytest.raises(SlaSyncError, match="shows no stage"):
        drafted(Survey("Lead Status"), GROUND)


LABELS = st.lists(
    st.text("abMQL :#-'\"{}[]&*!|>%@`\n\u2028é0", min_size=1, max_size=12), min_size=1, max_size=5, unique=True
)


@pytest.mark.slow
@settings(max_examples=examples(8), deadline=None)
@given(LABELS, LABELS)
def test_whatever_people_call_their_stages_and_sources_the_agreement_validates(
    stages: list[str], sources: list[str]
) -> None:
    survey = Survey(
        place="Lead Status",
        stages=tuple(StageFound(each, each, {"Lead.Status": [each]}) for each in stages),
        sources=SourcesFound("Lead.LeadSource", {each: each for each in sources}),
        touch={"any": [{"Event": {"by": "owner"}}]},
        addable="Lead.Status",
    )
    with TemporaryDirectory() as folder:
        assert _errors(drafted(survey, GROUND), Path(folder)) == ()
