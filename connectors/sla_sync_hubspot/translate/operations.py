"""One test of one property, as HubSpot's list filters say it.

Every operation says for itself whether contacts without a value pass (`includeObjectsWithNoValueSet`): the platform's
own default differs from operator to operator. A test that was not negated fails without a value, its negation passes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sla_sync.connector import Value, Values, tree
from sla_sync_hubspot.binding import Holds
from sla_sync_hubspot.translate.vocabulary import Place, UnsayableError

_TRUTH: Mapping[str, bool] = {"yes": True, "true": True, "no": False, "false": False}


def one_of(place: Place, values: Sequence[str], *, negated: bool, empty_passes: bool | None = None) -> Values:
    """Return the test that a property has one of these values; negated, that it has none of them."""
    empty = negated if empty_passes is None else empty_passes
    if place.holds is Holds.CHOICE:
        return _operation("ENUMERATION", "IS_NONE_OF" if negated else "IS_ANY_OF", empty, values=list(values))
    if place.holds is Holds.TEXT:
        # Inferred: that IS_NOT_EQUAL_TO with several values means none of them.
        return _operation("MULTISTRING", "IS_NOT_EQUAL_TO" if negated else "IS_EQUAL_TO", empty, values=list(values))
    if place.holds is Holds.CHECKBOX:
        return _checkbox(place, values, negated=negated)
    raise UnsayableError(f"the property '{place.property}' holds a {place.holds} and is compared with words")


def _checkbox(place: Place, values: Sequence[str], *, negated: bool) -> Values:
    unknown = [value for value in values if value.lower() not in _TRUTH]
    if unknown:
        raise UnsayableError(f"the checkbox '{place.property}' is yes or no, and never '{unknown[0]}'")
    wanted = {_TRUTH[value.lower()] for value in values}
    if len(wanted) > 1:
        raise UnsayableError(f"the checkbox '{place.property}' is always yes or no")
    # A checkbox that nobody touched has no value on HubSpot, and means no.
    ticked = wanted.pop() is not negated
    return _operation("BOOL", "IS_EQUAL_TO" if ticked else "IS_NOT_EQUAL_TO", not ticked, value=True)


_COMPARISONS: Mapping[tree.Comparison, tuple[str, str]] = {
    tree.Comparison.EQUAL: ("IS_EQUAL_TO", "IS_NOT_EQUAL_TO"),
    tree.Comparison.NOT_EQUAL: ("IS_NOT_EQUAL_TO", "IS_EQUAL_TO"),
    tree.Comparison.GREATER: ("IS_GREATER_THAN", "IS_LESS_THAN_OR_EQUAL_TO"),
    tree.Comparison.GREATER_OR_EQUAL: ("IS_GREATER_THAN_OR_EQUAL_TO", "IS_LESS_THAN"),
    tree.Comparison.LESS: ("IS_LESS_THAN", "IS_GREATER_THAN_OR_EQUAL_TO"),
    tree.Comparison.LESS_OR_EQUAL: ("IS_LESS_THAN_OR_EQUAL_TO", "IS_GREATER_THAN"),
}


def compare(place: Place, comparison: tree.Comparison, number: float, *, negated: bool) -> Values:
    """Return the comparison of a property with a number. `!=` is the opposite of `=`, so it passes without a value."""
    if place.holds is not Holds.NUMBER:
        raise UnsayableError(f"the property '{place.property}' holds a {place.holds} and is compared with a number")
    operator = _COMPARISONS[comparison][negated]
    value = int(number) if float(number).is_integer() else number
    return _operation("NUMBER", operator, negated is not (comparison is tree.Comparison.NOT_EQUAL), value=value)


def known(*, negated: bool) -> Values:
    """Return the test that a property has a value; negated, that it has none."""
    # Inferred: that IS_UNKNOWN finds the same contacts whatever it says of those without a value.
    return _operation("ALL_PROPERTY", "IS_UNKNOWN" if negated else "IS_KNOWN", negated)


_TEXT_TESTS: Mapping[tuple[tree.TextTest, bool], str] = {
    (tree.TextTest.CONTAINS, False): "CONTAINS",
    (tree.TextTest.CONTAINS, True): "DOES_NOT_CONTAIN",
    (tree.TextTest.STARTS_WITH, False): "STARTS_WITH",
    (tree.TextTest.ENDS_WITH, False): "ENDS_WITH",
}


def text(place: Place, test: tree.TextTest, part: str, *, negated: bool) -> Values:
    """Return the test of a part of a text."""
    if place.holds is not Holds.TEXT:
        raise UnsayableError(f"the property '{place.property}' holds a {place.holds} and is searched like a text")
    operator = _TEXT_TESTS.get((test, negated))
    if operator is None:
        # The list of operators in HubSpot's "List filters" page has no opposite of these two.
        raise UnsayableError(f"a filter cannot say that '{place.property}' does not {_BARE[test]} something")
    return _operation("MULTISTRING", operator, negated, values=[part])


_BARE: Mapping[tree.TextTest, str] = {
    tree.TextTest.CONTAINS: "contain",
    tree.TextTest.STARTS_WITH: "start with",
    tree.TextTest.ENDS_WITH: "end with",
}


def _operation(kind: str, operator: str, empty_passes: bool, **operand: Value) -> Values:  # noqa: FBT001 - named by its callers' tables
    return {
        "operationType": kind,
        "operator": operator,
        **operand,
        "includeObjectsWithNoValueSet": empty_passes,
    }
