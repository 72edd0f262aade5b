"""The published schemas are those of the models, and the examples satisfy them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, TypeAdapter

from sla_sync.agreement.schema import KINDS, schema, schema_text
from sla_sync.agreement.source import read_source, read_text_source
from tests.agreement.documents import ACME, CONFIGS, FIRST, ROOT, SMALL


@pytest.mark.parametrize("kind", KINDS)
def test_the_published_schema_is_that_of_the_models(kind: str) -> None:
    published = (ROOT / "docs" / "schema" / f"{kind}.json").read_text(encoding="utf-8")
    assert published == schema_text(kind), f"run: sla-sync schema --kind {kind} > docs/schema/{kind}.json"


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_a_schema_is_described(kind: str) -> None:
    described = schema(kind)
    for name, part in {kind: described, **described.get("$defs", {})}.items():
        for key, value in part.get("properties", {}).items():
            assert value.get("description"), f"{name}.{key}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_of_a_schema_has_an_example_that_satisfies_it(kind: str) -> None:
    described = schema(kind)
    for name, part in {kind: described, **described.get("$defs", {})}.items():
        for key, value in part.get("properties", {}).items():
            assert value["examples"], f"{name}.{key}"
            for example in value["examples"]:
                assert satisfies(example, value, described), f"{name}.{key}: {example}"


def sections(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[type[BaseModel]]:
    """Return a model and every model inside it."""
    if model not in seen:
        seen.add(model)
        waiting: list[object] = [each.annotation for each in model.model_fields.values()]
        while waiting:
            each = waiting.pop()
            if isinstance(each, type) and issubclass(each, BaseModel):
                sections(each, seen)
            waiting.extend(get_args(each))
    return seen


@pytest.mark.parametrize("kind", KINDS)
def test_every_example_of_a_key_is_read(kind: str) -> None:
    for model in sections(KINDS[kind], set()):
        for key, field in model.model_fields.items():
            # An event is read in the light of the keys before it, so it cannot be read alone.
            if field.examples and "ReadsEvent" not in str(field):
                reader: TypeAdapter[object] = TypeAdapter(field.rebuild_annotation())
                for example in field.examples:
                    assert reader.validate_python(example) is not None, f"{model.__name__}.{key}"


JSON_TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
}


def satisfies(value: object, part: Mapping[str, Any], whole: Mapping[str, Any]) -> bool:
    """Return whether a value satisfies those keywords of JSON Schema that our schemas use."""
    if "$ref" in part and not satisfies(value, whole["$defs"][part["$ref"].rsplit("/", 1)[1]], whole):
        return False
    for word in ("anyOf", "oneOf"):
        if word in part and not any(satisfies(value, each, whole) for each in part[word]):
            return False
    types = [part["type"]] if isinstance(part.get("type"), str) else part.get("type", [])
    if types and not any(JSON_TYPES[each](value) for each in types):
        return False
    if "const" in part and value != part["const"]:
        return False
    if "enum" in part and value not in part["enum"]:
        return False
    if isinstance(value, str) and "pattern" in part and not re.search(part["pattern"], value):
        return False
    if isinstance(value, list):
        return all(satisfies(each, part.get("items", {}), whole) for each in value)
    return not isinstance(value, dict) or satisfies_keys(value, part, whole)


def satisfies_keys(value: Mapping[str, object], part: Mapping[str, Any], whole: Mapping[str, Any]) -> bool:
    if not set(part.get("required", ())) <= value.keys():
        return False
    for key, each in value.items():
        known = part.get("properties", {}).get(key)
        by_pattern = next((to for like, to in part.get("patternProperties", {}).items() if re.search(like, key)), None)
        rest = part.get("additionalProperties", True)
        expected = known or by_pattern or ({} if rest is True else rest)
        if expected is False or not satisfies(each, expected, whole):
            return False
    return True


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("LeadSLA", ACME),
        ("LeadSLA", FIRST),
        ("Targets", CONFIGS / "targets.yaml"),
        ("Sync", CONFIGS / "acme" / "sync.yaml"),
        ("Attestations", CONFIGS / "acme" / "attestations.yaml"),
        *(("Binding", path) for path in sorted((CONFIGS / "acme" / "bindings").glob("*.yaml"))),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else value,
)
def test_an_editor_finds_nothing_wrong_with_the_examples(kind: str, path: Path) -> None:
    source = read_source(path, root=path.parent)
    assert source.data is not None
    assert satisfies(source.data, schema(kind), schema(kind))


def test_an_editor_marks_what_is_wrong() -> None:
    described = schema("LeadSLA")
    for old, new in (("end: won", "end: win"), ("target: 70%", "tarqet: 70%"), ("vp_sales, end", "[vp_sales], end")):
        source = read_text_source(SMALL.replace(old, new))
        assert not satisfies(source.data, described, described)


@pytest.mark.parametrize(
    "path",
    [ACME, FIRST, *(CONFIGS / each for each in ("targets.yaml", "acme/sync.yaml", "acme/attestations.yaml"))],
    ids=lambda path: path.stem,
)
def test_the_first_line_of_an_example_leads_to_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / named).resolve() in {(ROOT / "docs" / "schema" / f"{kind}.json").resolve() for kind in KINDS}
