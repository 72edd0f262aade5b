"""Every key of the language under the sections of these judges has a sentence of its own, and every edit one amendment."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Literal, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.sections import governance as kept_alive
from sla_sync.agreement.sections import header, leads, scoring, stages, teams
from sla_sync.agreement.sections import reasons as why
from sla_sync.agreement.sections import routing as who
from sla_sync.agreement.sections.reading import Section
from sla_sync.agreement.source import read_text_source
from sla_sync.diagnostics import KeyPath
from sla_sync.review.amendments import Revision
from sla_sync.review.difference import difference, section_of
from sla_sync.review.edits import edits, reversed_edits
from sla_sync.review.ground import Ground
from sla_sync.review.judges import divisions, document, governance, priorities, quality, reasons, routing, sources
from sla_sync.review.judges import scoring as scores
from sla_sync.review.judges import stages as ways
from tests.haste import examples
from tests.review.revisions import ACME

MODULES = (divisions, document, governance, priorities, quality, reasons, routing, scores, sources, ways)
JUDGES = {section: judge for module in MODULES for section, judge in module.JUDGES.items()}

HOSTS: Mapping[type[Section], KeyPath] = {
    header.Metadata: ("metadata",),
    header.Effective: ("metadata", "effective"),
    header.Role: ("roles", "sdr_manager"),
    header.Approval: ("approval",),
    teams.Queue: ("queues", "marketing_queue"),
    leads.Source: ("sources", "webinar"),
    leads.Priority: ("priorities", "hot"),
    leads.Predicate: ("segments", "size", "large"),
    scoring.ScoringModel: ("scoring", "person"),
    scoring.Dimension: ("scoring", "person", "engagement"),
    scoring.Signal: ("scoring", "person", "engagement", "add", "webinar"),
    scoring.Decay: ("scoring", "person", "engagement", "decay"),
    scoring.Grade: ("scoring", "person", "grade"),
    stages.Stage: ("stages", "recycled"),
    why.Reason: ("reasons", "recycle", "other"),
    who.Routing: ("routing",),
    who.Route: ("routing", "first_match", 1),
    who.Handoff: ("handoff",),
    stages.Quality: ("quality",),
    kept_alive.Reviews: ("reviews",),
    kept_alive.Review: ("reviews", "weekly"),
    kept_alive.Relaxation: ("reviews", "weekly", "relax"),
    kept_alive.ReportWish: ("reports", "board"),
    kept_alive.Moved: ("moved",),
    kept_alive.Accepted: ("accepted", 0),
}
"""Where one of each model stands in the document that is changed."""

BESIDES = """
segments: {size: {large: {means: Large., when: employees >= 1000}, small: employees < 1000}}
groups: {served: [US, CA]}
reports: {board: {shows: [R1]}}
moved: {}
"""


@cache
def _document() -> Mapping[str, Any]:
    text = (ACME / "agreement.yaml").read_text(encoding="utf-8") + BESIDES
    data = read_text_source(text).data
    assert data is not None
    said: dict[str, Any] = copy.deepcopy(dict(data))
    said["reviews"]["weekly"]["relax"] = {"to": "monthly", "kept": "90%", "during": "3 months"}
    return said


def _revision(data: Mapping[str, Any]) -> Revision:
    return Revision("HEAD", Agreement.model_validate(data), {}, {}, "")


def _inside(data: Any, path: KeyPath) -> Any:
    for step in path:
        data = data[step]
    return data


def _parts(annotation: object) -> Iterator[object]:
    """Yield everything that an annotation is made of."""
    yield annotation
    for each in get_args(annotation):
        yield from _parts(each)


def _models(name: str) -> Iterator[type[Section]]:
    waiting = list(_parts(Agreement.model_fields[name].annotation))
    while waiting:
        each = waiting.pop()
        if isinstance(each, type) and issubclass(each, Section):
            yield each
            waiting += [part for field in each.model_fields.values() for part in _parts(field.annotation)]


_ANYTHING: Sequence[object] = (
    "another",
    "employees >= 7",
    "2027-01-01",
    "R2",
    "SLA999",
    7,
    ["another"],
    {"from": "2027-01-01"},
    {},
    None,
)


def _values(field: FieldInfo) -> Sequence[object]:
    """Return values that a key may have: its examples, those of its type, and what any key of some shape may say."""
    found: list[object] = list(field.examples or ())
    for part in (*field.metadata, *_parts(field.annotation)):
        found += getattr(part, "examples", None) or ()
        found += get_args(part) if get_origin(part) is Literal else ()
        found += [True, False] if part is bool else ()
    return [*found, *_ANYTHING]


def _other(model: type[Section], key: str, field: FieldInfo, host: Mapping[str, Any]) -> object:
    """Return a value of the key that it does not have now."""
    for value in _values(field):
        try:
            read = model.model_validate({**host, key: value})
        except ValidationError:
            continue
        if read != model.model_validate(host):
            return value
    pytest.fail(f"no example of `{key}` of {model.__name__} says anything else than `{host.get(key)}`")


@cache
def _changes() -> Sequence[tuple[type[Section], str, object]]:
    """Return another value for every key of every model."""
    return [
        (model, field.alias or name, _other(model, field.alias or name, field, _inside(_document(), HOSTS[model])))
        for model in HOSTS
        for name, field in model.model_fields.items()
    ]


def _changed(model: type[Section], key: str, value: object) -> Mapping[str, Any]:
    data = copy.deepcopy(dict(_document()))
    _inside(data, HOSTS[model])[key] = value
    return data


def test_every_model_of_these_sections_is_tried() -> None:
    assert {model for section in JUDGES if section in Agreement.model_fields for model in _models(section)} == set(
        HOSTS
    )


@pytest.mark.parametrize("model", HOSTS, ids=lambda model: model.__name__)
def test_a_judge_has_a_sentence_for_every_key(model: type[Section]) -> None:
    base = _revision(_document())
    for _, key, value in (each for each in _changes() if each[0] is model):
        changed = _revision(_changed(model, key, value))
        there = edits(base, changed)
        assert there, f"{key}: {value} changes nothing"
        for before, after, found in ((base, changed, there), (changed, base, reversed_edits(there))):
            judge = JUDGES[section_of(found[0])]
            spoken_for = {edit.path for each in judge(Ground(before, after, found)) for edit in each.edits}
            assert {each.path for each in found} == spoken_for, f"{key}: {value}"


@given(st.data())
@settings(max_examples=examples(8), deadline=None)
def test_of_any_changes_at_once_each_edit_belongs_to_one_amendment(data: st.DataObject) -> None:
    changed = copy.deepcopy(dict(_document()))
    for model, key, value in data.draw(st.lists(st.sampled_from(_changes()), min_size=2, max_size=6)):
        try:
            _inside(changed, HOSTS[model])[key] = value
        except (KeyError, TypeError):
            continue  # What it stands in was changed as a whole before.
    for name in data.draw(
        st.lists(st.sampled_from(("routing", "priorities", "quality", "reviews", "feedback")), max_size=2)
    ):
        changed.pop(name, None)
    before, after = _revision(_document()), _read(changed)
    found = difference(before, after or before)
    belonging = Counter(edit.path for each in found.amendments for edit in each.edits)
    assert belonging == Counter(each.path for each in edits(found.before, found.after))


def _read(data: Mapping[str, Any]) -> Revision | None:
    try:
        return _revision(data)
    except ValidationError:
        return None
