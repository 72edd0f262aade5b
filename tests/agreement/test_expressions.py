"""Expressions, measures and events: what they mean, and that what is printed is read back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.agreement.durations import Duration, Unit
from sla_sync.agreement.expressions import (
    children,
    fields_in,
    groups_in,
    parse_event,
    parse_expression,
    parse_measure,
    print_event,
    print_expression,
    print_measure,
    terms_in,
)
from sla_sync.agreement.expressions.events import Changes, Enters, Event, Leaves, Moment, Named
from sla_sync.agreement.expressions.measures import (
    Complete,
    Counter,
    CountOf,
    CountOfEvents,
    Effort,
    Manual,
    Measure,
    Need,
    StageRate,
    SumOf,
)
from sla_sync.agreement.expressions.tree import (
    All,
    Any,
    AtLeast,
    Compare,
    Comparison,
    Did,
    Expression,
    InGroup,
    Is,
    Known,
    Not,
    ScoreReaches,
    Text,
    TextTest,
)
from tests.haste import examples

BIG = Compare("employees", Comparison.GREATER_OR_EQUAL, 200)
ASKED = Is("source", ("demo_request", "contact_sales"))
DAYS_14 = Duration(14, Unit.DAY)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("source is demo_request or contact_sales", ASKED),
        ("country is not DE or FR", Is("country", ("DE", "FR"), negated=True)),
        ("country is NO", Is("country", ("NO",))),
        ("Opportunity.IsClosed is false", Is("Opportunity.IsClosed", ("false",))),
        ("employees >= 200", BIG),
        ("employees>=200", BIG),
        ("engagement > 0", Compare("engagement", Comparison.GREATER, 0)),
        ("balance != -1.5", Compare("balance", Comparison.NOT_EQUAL, -1.5)),
        ("score = 100", Compare("score", Comparison.EQUAL, 100)),
        ("account_owner is known", Known("account_owner")),
        ("account_owner is unknown", Known("account_owner", negated=True)),
        ("Lead.Email ends with @acme.example", Text("Lead.Email", TextTest.ENDS_WITH, "@acme.example")),
        ("title starts with vp", Text("title", TextTest.STARTS_WITH, "vp")),
        ("title contains sales", Text("title", TextTest.CONTAINS, "sales")),
        ("country is in tier_1", InGroup("country", "tier_1")),
        ("country is not in tier_1", InGroup("country", "tier_1", negated=True)),
        ("score reaches threshold", ScoreReaches()),
        ("person score reaches threshold", ScoreReaches("person")),
        ("score is known", Known("score")),
        ("did attend webinar", Did("attend", "webinar")),
        ("did not visit pricing_page", Did("visit", "pricing_page", negated=True)),
        (
            "did visit pricing_page 2 times in last 7 days",
            Did("visit", "pricing_page", times=2, within=Duration(7, Unit.DAY)),
        ),
        ("did visit x 1 time in last PT2H", Did("visit", "x", within=Duration(2, Unit.HOUR))),
        ("at least 2 of scheduler_fit", AtLeast(2, "scheduler_fit")),
        ("not employees >= 200", Not(BIG)),
        ("not (source is web and employees >= 200)", Not(All((Is("source", ("web",)), BIG)))),
        (
            "score reaches threshold and engagement > 0",
            All((ScoreReaches(), Compare("engagement", Comparison.GREATER, 0))),
        ),
        ("(((employees >= 200)))", BIG),
        ("is_customer is no", Is("is_customer", ("no",))),
        ("  source\tis\n demo_request   or contact_sales ", ASKED),
    ],
)
def test_an_expression_is_read(text: str, meaning: Expression) -> None:
    assert parse_expression(text) == meaning


def test_a_list_of_values_takes_every_or_that_follows() -> None:
    assert parse_expression("employees >= 200 or source is demo_request or contact_sales") == Any((BIG, ASKED))
    assert parse_expression("source is demo_request or contact_sales and employees >= 200") == All((ASKED, BIG))


def test_parentheses_keep_conditions_of_an_or_apart() -> None:
    either = Any((Is("a", ("x",)), Is("b", ("y",)), Is("c", ("z",))))
    assert parse_expression("(a is x) or (b is y) or c is z") == either
    assert parse_expression("employees >= 200 and (score > 1 or source is web)") == All(
        (BIG, Any((Compare("score", Comparison.GREATER, 1), Is("source", ("web",)))))
    )


def test_what_looks_like_a_keyword_is_a_word_where_no_keyword_fits() -> None:
    assert parse_expression("manual is first or threshold or score") == Is("manual", ("first", "threshold", "score"))
    assert parse_expression("island is isolated") == Is("island", ("isolated",))
    assert parse_expression("country is IN or IS") == Is("country", ("IN", "IS")), "keywords are in lower case"


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("count of first mql", CountOf("mql", first=True)),
        (
            "count of mql where source is web once per account in 90 days",
            CountOf("mql", where=Is("source", ("web",)), once_per_account=Duration(90, Unit.DAY)),
        ),
        ("sum of amount of won", SumOf("amount", "won")),
        ("sum of Opportunity.Amount of won where employees >= 200", SumOf("Opportunity.Amount", "won", where=BIG)),
        ("count of calls", CountOfEvents(Counter.CALLS)),
        ("count of meeting booked where employees >= 200", CountOfEvents(Moment.MEETING_BOOKED, where=BIG)),
        ("count of touch", CountOfEvents(Moment.TOUCH)),
        ("count of enters sal", CountOfEvents(Enters("sal"))),
        ("count of owner changes", CountOfEvents(Changes("owner"))),
        ("mql to sal within 14 days", StageRate("mql", "sal", DAYS_14)),
        ("mql to sal within 14 days where employees >= 200", StageRate("mql", "sal", DAYS_14, where=BIG)),
        (
            "touches >= 6 and channels >= 2 before no_response within 15 business days",
            Effort(
                (
                    Need(Counter.TOUCHES, Comparison.GREATER_OR_EQUAL, 6),
                    Need(Counter.CHANNELS, Comparison.GREATER_OR_EQUAL, 2),
                ),
                before="no_response",
                within=Duration(15, Unit.DAY, business=True),
            ),
        ),
        ("replies = 0 before bad_fit", Effort((Need(Counter.REPLIES, Comparison.EQUAL, 0),), before="bad_fit")),
        (
            "calls >= 1 within 1 business hour of assigned",
            Effort(
                (Need(Counter.CALLS, Comparison.GREATER_OR_EQUAL, 1),),
                within=Duration(1, Unit.HOUR, business=True),
                of=Moment.ASSIGNED,
            ),
        ),
        ("complete contact_details at mql", Complete("contact_details", "mql")),
        ("manual", Manual()),
    ],
)
def test_a_measure_is_read_and_printed(text: str, meaning: Measure) -> None:
    assert parse_measure(text) == meaning
    assert print_measure(meaning) == text


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        *((each.value, each) for each in Moment),
        ("enters sal", Enters("sal")),
        ("leaves mql", Leaves("mql")),
        ("account_owner changes", Changes("account_owner")),
    ],
)
def test_an_event_is_read_and_printed(text: str, meaning: Event) -> None:
    assert parse_event(text) == meaning
    assert print_event(meaning) == text


def test_what_is_not_a_lead_has_events_of_its_own() -> None:
    assert parse_event("asked", free=True) == Named("asked")
    assert parse_event("assigned", free=True) == Moment.ASSIGNED
    assert print_event(Named("asked")) == "asked"


def test_the_parts_of_an_expression_are_found() -> None:
    text = "source is web and (at least 2 of fit or not (country is in tier_1)) and did visit x and source is not ads"
    expression = parse_expression(text)
    assert len(children(expression)) == 4
    assert [print_expression(each) for each in terms_in(expression)] == [
        "source is web",
        "at least 2 of fit",
        "country is in tier_1",
        "did visit x",
        "source is not ads",
    ]
    assert fields_in(expression) == ("source", "country")
    assert groups_in(expression) == ("fit", "tier_1")
    assert fields_in(parse_expression("person score reaches threshold")) == ()


NAMES = st.sampled_from(["mql", "owner", "no_response", "mid-market", "A1", "größe", "score", "did_it", "isolated"])
FIELDS = st.one_of(NAMES, st.sampled_from(["Lead.Email", "CampaignMember.Campaign.Type", "SLA_Score__c"]))
VALUES = st.text("abcXYZ019_-@./%+*&|;:?#'äß", min_size=1, max_size=8).filter(
    lambda text: text[0] != "'" and text not in {"and", "or", "not", "in", "is", "known", "unknown"}
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
DURATIONS = st.builds(Duration, st.integers(0, 300), st.sampled_from(Unit), st.booleans())
LIMITS = st.none() | DURATIONS
TERMS = st.one_of(
    st.builds(Is, FIELDS, st.lists(VALUES, min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(Compare, FIELDS, st.sampled_from(Comparison), NUMBERS),
    st.builds(Known, FIELDS, st.booleans()),
    st.builds(Text, FIELDS, st.sampled_from(TextTest), VALUES),
    st.builds(InGroup, FIELDS, NAMES, st.booleans()),
    st.builds(ScoreReaches, st.none() | NAMES.filter(lambda name: name != "score")),
    st.builds(Did, NAMES, NAMES, st.integers(1, 1000), LIMITS, st.booleans()),
    st.builds(AtLeast, st.integers(1, 1000), NAMES),
)
EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Any, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
STAGES = st.sampled_from(["mql", "sal", "mid-market"])
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.sampled_from(Moment), st.builds(Enters, STAGES), st.builds(Leaves, STAGES), st.builds(Changes, FIELDS)
)
NEEDS = st.lists(
    st.builds(Need, st.sampled_from(Counter), st.sampled_from(Comparison), st.integers(0, 99)), min_size=1, max_size=3
).map(tuple)
WHERE = st.none() | EXPRESSIONS
MEASURES: st.SearchStrategy[Measure] = st.one_of(
    st.builds(CountOf, STAGES, st.booleans(), WHERE, LIMITS),
    st.builds(CountOfEvents, st.one_of(st.sampled_from(Counter), EVENTS), WHERE),
    st.builds(SumOf, FIELDS, STAGES, WHERE),
    st.builds(StageRate, STAGES, STAGES, DURATIONS, WHERE),
    st.builds(lambda needs, reason, within: Effort(needs, before=reason, within=within), NEEDS, NAMES, LIMITS),
    st.builds(lambda needs, within, event: Effort(needs, within=within, of=event), NEEDS, DURATIONS, EVENTS),
    st.builds(Complete, NAMES, STAGES),
    st.just(Manual()),
)


@settings(max_examples=examples(300), deadline=None, derandomize=True)
@given(EXPRESSIONS)
def test_a_printed_expression_reads_as_the_same(expression: Expression) -> None:
    text = print_expression(expression)
    assert parse_expression(text) == expression
    assert print_expression(parse_expression(text)) == text


@settings(max_examples=examples(200), deadline=None, derandomize=True)
@given(MEASURES)
def test_a_printed_measure_reads_as_the_same(measure: Measure) -> None:
    assert parse_measure(print_measure(measure)) == measure


@settings(max_examples=examples(50), deadline=None, derandomize=True)
@given(EVENTS)
def test_a_printed_event_reads_as_the_same(event: Event) -> None:
    assert parse_event(print_event(event)) == event
