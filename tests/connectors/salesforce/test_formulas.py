import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_sync.connector import Duration, Unit, tree
from sla_sync_salesforce.translate.formulas import FORMULA_LIMIT, UnsayableError, formula, quoted
from sla_sync_salesforce.translate.words import Words, learn
from tests.connectors.salesforce.stories import binding, resources

IS = tree.Is
HOT = tree.Compare("score", tree.Comparison.GREATER_OR_EQUAL, 100)


def words(**changes: object) -> Words:
    groups = {
        "tier_1": ("DE", "FR"),
        "signals": (IS("stage", ("mql",)), tree.Known("email")),
        "mixed": ("DE", tree.Known("email")),
    }
    return learn(resources(groups=groups), binding(**changes))


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("Rating", 'ISPICKVAL(Rating, "DE")'),
        ("Country", 'Country = "DE"'),
        ("Fax", 'Fax = "DE"'),
        ("CountryCode", 'ISPICKVAL(CountryCode, "DE")'),
        ("StateCode", 'ISPICKVAL(StateCode, "DE")'),
    ],
)
def test_a_standard_field_is_asked_for_by_what_it_holds(field: str, asked: str) -> None:
    fields = {**binding().model_dump(by_alias=True)["fields"], "country": f"Lead.{field}"}
    assert formula(IS("country", ("DE",)), words(fields=fields)) == asked


SAID = [
    (IS("stage", ("mql", "recycled")), 'OR(ISPICKVAL(Status, "MQL"), ISPICKVAL(Status, "Nurture"))'),
    (IS("stage", ("mql",), negated=True), 'NOT(ISPICKVAL(Status, "MQL"))'),
    (IS("country", ("DE",)), 'Country = "DE"'),
    (IS("source", ("demo_request",)), 'SLA_Source__c = "demo_request"'),
    (IS("reason", ("other",)), 'ISPICKVAL(SLA_Reason__c, "other")'),
    (IS("competitor", ("yes",)), "SLA_Competitor__c"),
    (IS("competitor", ("no",)), "NOT(SLA_Competitor__c)"),
    (IS("score", ("7",)), "SLA_Score__c = 7"),
    (HOT, "AND(NOT(ISBLANK(SLA_Score__c)), SLA_Score__c >= 100)"),
    (
        tree.Compare("score", tree.Comparison.NOT_EQUAL, 0.5),
        "AND(NOT(ISBLANK(SLA_Score__c)), SLA_Score__c <> 0.5)",
    ),
    (tree.ScoreReaches(), "AND(NOT(ISBLANK(SLA_Score__c)), SLA_Score__c >= 100)"),
    (tree.ScoreReaches("person"), "AND(NOT(ISBLANK(SLA_Score__c)), SLA_Score__c >= 100)"),
    (tree.Known("email"), "NOT(ISBLANK(Email))"),
    (tree.Known("reason", negated=True), "ISBLANK(TEXT(SLA_Reason__c))"),
    (tree.Text("email", tree.TextTest.ENDS_WITH, "@acme.example"), 'RIGHT(Email, 13) = "@acme.example"'),
    (tree.Text("company", tree.TextTest.CONTAINS, 'A "B"'), 'CONTAINS(Company, "A \\"B\\"")'),
    (tree.Text("reason", tree.TextTest.STARTS_WITH, "no"), 'BEGINS(TEXT(SLA_Reason__c), "no")'),
    (tree.InGroup("country", "tier_1", negated=True), 'NOT(OR(Country = "DE", Country = "FR"))'),
    (tree.AtLeast(1, "signals"), 'IF(ISPICKVAL(Status, "MQL"), 1, 0) + IF(NOT(ISBLANK(Email)), 1, 0) >= 1'),
    (tree.Not(tree.Known("email")), "NOT(NOT(ISBLANK(Email)))"),
    (
        tree.Any((tree.Known("email"), tree.Known("country"))),
        "OR(NOT(ISBLANK(Email)), NOT(ISBLANK(Country)))",
    ),
]


@pytest.mark.parametrize(("expression", "text"), SAID)
def test_an_expression_becomes_a_formula(expression: tree.Expression, text: str) -> None:
    assert formula(expression, words()) == text


UNSAID = [
    (tree.Did("visit", "pricing_page", 2, Duration(7, Unit.DAY)), "cannot count how often"),
    (IS("stage", ("won",)), "stage «won» is not a value of Lead Status"),
    (IS("segment", ("x",)), "«segment» is not bound to a field of the Lead"),
    (IS("competitor", ("perhaps",)), "neither yes nor no"),
    (IS("score", ("many",)), "is a number and «many» is none"),
    (IS("qualified_at", ("2026",)), "holds instant"),
    (tree.Compare("country", tree.Comparison.LESS, 3), "holds text and not a number"),
    (tree.Known("competitor"), "a checkbox, which is never unknown"),
    (tree.Text("score", tree.TextTest.CONTAINS, "1"), "cannot search for text"),
    (tree.InGroup("country", "mixed"), "not a list of values"),
    (tree.AtLeast(1, "mixed"), "not a list of conditions"),
    (tree.AtLeast(1, "absent"), "not a list of conditions"),
    (tree.ScoreReaches("account"), "«account» has no threshold"),
    (tree.Text("email", tree.TextTest.CONTAINS, "a\nb"), "line end"),
]


@pytest.mark.parametrize(("expression", "why"), UNSAID)
def test_what_a_formula_cannot_say_is_refused_with_its_reason(expression: tree.Expression, why: str) -> None:
    with pytest.raises(UnsayableError, match=why):
        formula(expression, words())


def test_a_source_that_nothing_is_read_from_cannot_be_said() -> None:
    unread = words(sources={})
    with pytest.raises(UnsayableError, match="«source» is not bound to a field of the Lead"):
        formula(IS("source", ("demo_request",)), unread)


def test_a_flow_writes_fields_as_merge_fields_and_reads_points_where_they_stand_once() -> None:
    said = formula(tree.All((IS("stage", ("mql",)), tree.ScoreReaches())), words().of("$Record", "SLA_"))
    points = "{!$CustomMetadata.SLA_Threshold__mdt.Score_Person.Points__c}"
    score = "{!$Record.SLA_Score__c}"
    assert said == f'AND(ISPICKVAL({{!$Record.Status}}, "MQL"), AND(NOT(ISBLANK({score})), {score} >= {points}))'


def test_a_look_up_is_followed_by_its_relationship() -> None:
    bound = words(fields={"account_owner": {"field": "Lead.SLA_Account__c", "through": "OwnerId"}})
    assert formula(tree.Known("account_owner"), bound) == "NOT(ISBLANK(SLA_Account__r.OwnerId))"


def test_a_field_of_unknown_type_is_compared_with_numbers_only() -> None:
    bound = words(fields={"size": "Lead.Size__c"})
    assert formula(tree.Compare("size", tree.Comparison.GREATER, 1), bound).endswith("Size__c > 1)")
    with pytest.raises(UnsayableError, match="a type that the binding does not tell"):
        formula(IS("size", ("big",)), bound)


def test_several_scoring_models_must_be_named_and_bound() -> None:
    two = learn(resources(thresholds={"person": 100.0, "account": 50.0}), binding())
    with pytest.raises(UnsayableError, match="2 scoring models"):
        formula(tree.ScoreReaches(), two)
    with pytest.raises(UnsayableError, match="«account_score» is not bound"):
        formula(tree.ScoreReaches("account"), two)


def test_a_formula_that_is_too_long_is_refused() -> None:
    long = tree.Any(tuple(IS("country", (f"country {number}",)) for number in range(300)))
    with pytest.raises(UnsayableError, match=f"holds {FORMULA_LIMIT} characters"):
        formula(long, words())


@given(st.text(st.characters(codec="utf-8", min_codepoint=32), max_size=30))
def test_no_text_escapes_from_its_quotes(text: str) -> None:
    literal = quoted(text)
    inside = literal[1:-1].replace("\\\\", "").replace('\\"', "")
    assert '"' not in inside
    assert "\\" not in inside
