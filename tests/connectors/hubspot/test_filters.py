"""Filters mean what the expression means: every compiled expression is evaluated on contacts, beside the tree itself."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.connector import parse_expression, tree
from sla_sync.reconcile.manifest import plain
from sla_sync_hubspot.translate.filters import MAX_BRANCHES, compile_expression, filter_branch
from sla_sync_hubspot.translate.segments import predicate
from sla_sync_hubspot.translate.vocabulary import UnsayableError, Vocabulary
from tests.connectors.hubspot.stories import binding, resources
from tests.haste import examples

Contact = Mapping[str, Any]

BINDING = binding(
    stages={
        "inquiry": {"hs_lead_status": ["NEW", "OPEN"]},
        "mql": {"hs_lead_status": ["MQL"], "add": True},
        "opportunity": {"lifecyclestage": ["opportunity"]},
        "won": {"dealstage": ["closedwon"]},
    },
    sources={
        "from": ["sla_source", "hs_latest_source"],
        "values": {"demo": ["Demo", "Demo Request"], "ads": ["PAID_SEARCH"]},
    },
    holds={"sla_source": "text"},
    fields={
        "score": {"field": "sla_score", "add": "number"},
        "employees": {"field": "sla_employees", "add": "number"},
        "country": "country",
        "opted_out": "hs_email_optout",
        "size": {"field": "numemployees"},
        "account_owner": {"field": "hubspot_owner_id", "through": "companies"},
    },
)
RESOURCES = resources(
    thresholds={"person": 100.0},
    groups={
        "tier_1": ("US", "DE"),
        "good": (tree.Is("country", ("US",)), tree.Compare("score", tree.Comparison.GREATER, 10), tree.Known("size")),
    },
)
VOCABULARY = Vocabulary(RESOURCES, BINDING)

CONTACTS = st.fixed_dictionaries(
    {},
    optional={
        "hs_lead_status": st.sampled_from(["NEW", "OPEN", "MQL", "CONNECTED"]),
        "lifecyclestage": st.sampled_from(["lead", "opportunity"]),
        "sla_source": st.sampled_from(["Demo", "Demo Request", "PAID_SEARCH", "other"]),
        "hs_latest_source": st.sampled_from(["PAID_SEARCH", "OFFLINE"]),
        "sla_score": st.sampled_from([0, 10, 11, 99, 100, 250]),
        "sla_employees": st.sampled_from([0, 199, 200.5, 1000]),
        "country": st.sampled_from(["US", "DE", "FR", "Deutschland"]),
        "hs_email_optout": st.booleans(),
        "numemployees": st.sampled_from(["1-5", "1000+"]),
    },
)

COMPARISONS = st.sampled_from(list(tree.Comparison))


def some_of(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, unique=True).map(tuple)


def is_one_of(field: str, *values: str) -> st.SearchStrategy[tree.Expression]:
    return st.builds(tree.Is, st.just(field), some_of(*values), st.booleans())


NUMBERS = st.sampled_from([0.0, 10.0, 100.0, 200.5])
TERMS: st.SearchStrategy[tree.Expression] = st.one_of(
    is_one_of("stage", "inquiry", "mql", "opportunity"),
    is_one_of("source", "demo", "ads"),
    is_one_of("country", "US", "DE"),
    is_one_of("employees", "200", "1000", "0"),
    st.builds(tree.Is, st.just("opted_out"), st.sampled_from([("yes",), ("no",)]), st.booleans()),
    st.builds(tree.Compare, st.sampled_from(["score", "employees"]), COMPARISONS, NUMBERS),
    st.builds(tree.Known, st.sampled_from(["country", "score", "size", "opted_out"]), st.booleans()),
    st.builds(tree.Text, st.just("country"), st.just(tree.TextTest.CONTAINS), st.sampled_from(["D", "eut"])),
    st.builds(tree.InGroup, st.just("country"), st.just("tier_1"), st.booleans()),
    st.just(tree.ScoreReaches()),
    st.builds(tree.AtLeast, st.integers(1, 3), st.just("good")),
)
EXPRESSIONS: st.SearchStrategy[tree.Expression] = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.builds(tree.Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda terms: tree.All(tuple(terms))),
        st.lists(inner, min_size=2, max_size=3).map(lambda terms: tree.Any(tuple(terms))),
    ),
    max_leaves=5,
)


@settings(max_examples=examples(400), deadline=None, derandomize=True)
@given(EXPRESSIONS, st.lists(CONTACTS, min_size=4, max_size=8))
def test_a_compiled_expression_holds_for_the_same_contacts(
    expression: tree.Expression, contacts: list[Contact]
) -> None:
    try:
        branch = filter_branch(compile_expression(expression, VOCABULARY))
    except UnsayableError as reason:
        refused = str(reason)
    else:
        refused = ""
    if refused:
        assert f"more than {MAX_BRANCHES} branches" in refused or "always or never" in refused
        return
    for contact in contacts:
        assert passes(branch, contact) == holds(expression, contact), contact


def passes(branch: Any, contact: Contact) -> bool:
    """Evaluate a branch as HubSpot's pages describe it."""
    assert branch["filterBranchType"] == "OR"
    assert branch["filters"] == []
    return any(all(_passes(each, contact) for each in row["filters"]) for row in branch["filterBranches"])


def _passes(each: Any, contact: Contact) -> bool:
    operation = each["operation"]
    value = contact.get(each["property"])
    operator = operation["operator"]
    if operation["operationType"] == "ALL_PROPERTY":
        return (value is not None) is bool(operator == "IS_KNOWN")
    if value is None:
        return bool(operation["includeObjectsWithNoValueSet"])
    operands = operation["values"] if "values" in operation else [operation["value"]]
    return bool(OPERATORS[operator](value, operands))


OPERATORS: Mapping[str, Any] = {
    "IS_ANY_OF": lambda value, operands: value in operands,
    "IS_NONE_OF": lambda value, operands: value not in operands,
    "IS_EQUAL_TO": lambda value, operands: value in operands,
    "IS_NOT_EQUAL_TO": lambda value, operands: value not in operands,
    "IS_GREATER_THAN": lambda value, operands: value > operands[0],
    "IS_GREATER_THAN_OR_EQUAL_TO": lambda value, operands: value >= operands[0],
    "IS_LESS_THAN": lambda value, operands: value < operands[0],
    "IS_LESS_THAN_OR_EQUAL_TO": lambda value, operands: value <= operands[0],
    "CONTAINS": lambda value, operands: any(each in value for each in operands),
    "DOES_NOT_CONTAIN": lambda value, operands: all(each not in value for each in operands),
}

STATUSES = {"inquiry": {"NEW", "OPEN"}, "mql": {"MQL"}}
SOURCES = {"demo": {"Demo", "Demo Request"}, "ads": {"PAID_SEARCH"}}
PROPERTIES = {
    "score": "sla_score",
    "employees": "sla_employees",
    "country": "country",
    "opted_out": "hs_email_optout",
    "size": "numemployees",
}


def holds(expression: tree.Expression, contact: Contact) -> bool:
    """Evaluate the tree itself: a test of an empty field fails, and its negation holds."""
    match expression:
        case tree.Not():
            return not holds(expression.term, contact)
        case tree.All():
            return all(holds(each, contact) for each in expression.terms)
        case tree.Any():
            return any(holds(each, contact) for each in expression.terms)
        case tree.Is():
            return any(_is(expression.field, value, contact) for value in expression.values) is not expression.negated
        case tree.InGroup():
            return (contact.get("country") in {"US", "DE"}) is not expression.negated
        case tree.Known():
            return (contact.get(PROPERTIES[expression.field]) is not None) is not expression.negated
        case tree.Text():
            return expression.text in (contact.get("country") or "")
        case tree.ScoreReaches():
            return bool(contact.get("sla_score", 0) >= 100)
        case tree.Compare():
            return _compares(contact.get(PROPERTIES[expression.field]), expression)
        case tree.AtLeast():
            group = RESOURCES.groups[expression.group]
            return sum(holds(each, contact) for each in group if not isinstance(each, str)) >= expression.count
        case _:
            raise AssertionError(expression)


def _is(field: str, value: str, contact: Contact) -> bool:
    if field == "stage":
        if value == "opportunity":
            return contact.get("lifecyclestage") == "opportunity"
        return contact.get("hs_lead_status") in STATUSES[value]
    if field == "source":
        return (contact.get("sla_source") or contact.get("hs_latest_source")) in SOURCES[value]
    if field == "opted_out":
        return bool(contact.get("hs_email_optout")) is (value == "yes")
    if field == "employees":
        return contact.get("sla_employees") == float(value)
    return bool(contact.get("country") == value)


def _compares(value: Any, expression: tree.Compare) -> bool:
    number = expression.number
    if value is None:
        return expression.comparison is tree.Comparison.NOT_EQUAL
    return {
        tree.Comparison.EQUAL: value == number,
        tree.Comparison.NOT_EQUAL: value != number,
        tree.Comparison.GREATER: value > number,
        tree.Comparison.GREATER_OR_EQUAL: value >= number,
        tree.Comparison.LESS: value < number,
        tree.Comparison.LESS_OR_EQUAL: value <= number,
    }[expression.comparison] is True


UNSAYABLE = (
    ("did visit pricing_page", "asks for the history"),
    ("owner is kim", "whose ids only the portal knows"),
    ("account_owner is known", "is read through companies"),
    ("stage is won", "shows on the deal"),
    ("stage is lost", "is bound to nothing"),
    ("source is webinar", "is bound to no value"),
    ("size >= 200", "holds a choice and is compared with a number"),
    ("score is high", "is compared with 'high'"),
    ("opted_out is perhaps", "is yes or no"),
    ("seniority is director", "is bound to no property"),
    ("country is in tier_9", "there is no group"),
    ("country is in good", "is not a list of values"),
    ("at least 4 of good", "always or never holds"),
    ("not country starts with D", "does not start with something"),
    ("score contains 1", "searched like a text"),
    ("company score reaches threshold", "has no threshold"),
)


@pytest.mark.parametrize(("text", "reason"), UNSAYABLE, ids=[text for text, _ in UNSAYABLE])
def test_what_a_filter_cannot_say_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(UnsayableError, match=reason):
        filter_branch(compile_expression(parse_expression(text), VOCABULARY))


def test_too_many_branches_are_refused_before_they_are_made() -> None:
    either = tree.Any((tree.Is("country", ("US",)), tree.Compare("score", tree.Comparison.GREATER, 1)))
    other = tree.Any((tree.Known("size"), tree.Known("opted_out")))
    third = tree.Any((tree.Is("stage", ("mql",)), tree.Is("source", ("ads",))))
    parts = tuple(
        tree.Any((tree.Compare("employees", tree.Comparison.GREATER, number), each))
        for number, each in enumerate((either, other, third, either, other), start=1)
    )
    with pytest.raises(UnsayableError, match=f"more than {MAX_BRANCHES} branches"):
        compile_expression(tree.All(parts), VOCABULARY)


def test_a_branch_that_asks_for_more_than_another_is_left_out() -> None:
    known = tree.Known("country")
    both = tree.All((known, tree.ScoreReaches()))
    branch = filter_branch(compile_expression(tree.Any((known, both)), VOCABULARY))
    assert branch == filter_branch(compile_expression(known, VOCABULARY))


def test_every_operation_says_whether_contacts_without_a_value_pass() -> None:
    branch = plain(filter_branch(compile_expression(parse_expression("country is not US and score < 5"), VOCABULARY)))
    filters = branch["filterBranches"][0]["filters"]
    assert [each["operation"]["includeObjectsWithNoValueSet"] for each in filters] == [True, False]


def test_a_bare_name_in_the_binding_means_a_ticked_checkbox() -> None:
    assert predicate("sla_test") == tree.Is("sla_test", ("yes",))
    assert predicate("hs_email_domain is acme.example") == tree.Is("hs_email_domain", ("acme.example",))
