"""Between them the examples use every key and every form of the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

import pytest
from pydantic import BaseModel

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import terms_in
from sla_sync.agreement.expressions.events import Event, Moment
from sla_sync.agreement.expressions.measures import Effort, Measure
from sla_sync.agreement.expressions.tree import All, Any, Expression, Not
from sla_sync.agreement.expressions.walk import children
from sla_sync.agreement.sections.reading import Written
from sla_sync.agreement.targets import Targets
from tests.examples.places import NAMES, documents

UNUSED: Mapping[str, str] = {}
"""Key that no example uses → why."""


def models(value: object) -> Iterator[BaseModel]:
    """Yield a document and every section inside it."""
    if isinstance(value, BaseModel):
        yield value
        for name in type(value).model_fields:
            yield from models(getattr(value, name))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from models(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from models(each)


def kinds(annotation: object) -> Iterator[type[BaseModel]]:
    """Yield every model that may stand in a field."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from kinds(each)


def reachable(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    if model not in seen:
        seen.add(model)
        for field in model.model_fields.values():
            for each in kinds(field.annotation):
                reachable(each, seen)
    return seen


def all_documents() -> Iterator[BaseModel]:
    for name in NAMES:
        found = documents(name)
        yield from (each for each in (found.agreement, found.targets, *found.bindings.values()) if each is not None)


def declared(model: type[BaseModel], key: str) -> type[BaseModel]:
    """Return the model that declares a key, for a connector's binding has those of every binding too."""
    return next(each for each in reversed(model.__mro__) if key in getattr(each, "model_fields", {}))


def test_every_key_of_every_document_is_used_by_an_example() -> None:
    used = {
        (declared(type(section), key).__name__, key)
        for document in all_documents()
        for section in models(document)
        for key in section.model_fields_set
        if key in type(section).model_fields
    }
    known = {
        (declared(model, key).__name__, key)
        for document in (Agreement, BindingDocument, Targets)
        for model in reachable(document, set())
        for key in model.model_fields
    }
    assert sorted(".".join(each) for each in known - used) == sorted(UNUSED)


def written() -> Iterator[object]:
    """Yield the meaning of everything that an example writes in the small language."""
    for document in all_documents():
        for section in models(document):
            for name in type(section).model_fields:
                yield from meanings(getattr(section, name))


def meanings(value: object) -> Iterator[object]:
    if isinstance(value, Written):
        yield value.value
        yield from (each for each in (getattr(value.value, "where", None), getattr(value.value, "of", None)) if each)
    elif isinstance(value, Expression):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from meanings(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from meanings(each)


def parts(expression: Expression) -> Iterator[Expression]:
    yield expression
    for each in children(expression):
        yield from parts(each)


def test_every_form_of_a_condition_is_used_by_an_example() -> None:
    used = {type(part) for each in written() if isinstance(each, Expression) for part in parts(each)}
    assert used == set(get_args(Expression))
    assert {All, Any, Not} < used


@pytest.mark.parametrize("form", get_args(Measure), ids=lambda form: form.__name__)
def test_every_form_of_a_measure_is_used_by_an_example(form: type) -> None:
    assert any(isinstance(each, form) for each in written())


def test_work_is_measured_before_a_reason_and_after_an_event() -> None:
    efforts = [each for each in written() if isinstance(each, Effort)]
    assert any(each.before for each in efforts)
    assert any(each.of for each in efforts)


def test_every_event_is_used_by_an_example() -> None:
    events = [each for each in written() if isinstance(each, Event)]
    assert {each for each in events if isinstance(each, Moment)} == set(Moment)
    assert {type(each) for each in events} == set(get_args(Event))


def test_every_term_of_a_long_condition_is_reached() -> None:
    longest = max(
        (each for each in written() if isinstance(each, Expression)), key=lambda each: len(list(terms_in(each)))
    )
    assert len(list(terms_in(longest))) >= 3
