"""The examples are agreements that could be signed: sound, complete, and compiled to what they say."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.agreement.schema import schema
from sla_sync.agreement.source import read_source
from sla_sync.compiler import compile_agreement
from sla_sync.diagnostics import Severity
from tests.agreement.test_schema import satisfies
from tests.examples.places import EXAMPLES, GOLDEN, NAMES, ROOT, documents
from tests.examples.printing import resources_as_json

FILES = sorted(path for path in EXAMPLES.rglob("*.yaml") if ".sla-sync" not in path.parts)


def test_there_is_an_example_of_every_shape() -> None:
    assert {"first", "startup", "enterprise", "product-led", "agency", "agency-summit"} <= NAMES.keys()


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_valid_and_leaves_no_warning_open(name: str) -> None:
    found = documents(name)
    assert found.agreement is not None
    assert [str(each) for each in found.diagnostics if each.severity is not Severity.INFORMATION] == []


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"first"}))
def test_an_example_is_bound_to_a_platform_and_can_be_tried_on_its_simulator(name: str) -> None:
    found = documents(name)
    assert found.bindings
    assert found.targets is not None
    folder = found.place.targets.parent if found.place.targets else Path()
    tried = [each for each in found.targets.targets.values() if each.simulator]
    assert found.place.agreement.resolve() in {(folder / path).resolve() for each in tried for path in each.agreements}


@pytest.mark.parametrize("name", NAMES)
def test_an_example_compiles_to_the_resources_of_its_golden_file(name: str) -> None:
    found = documents(name)
    modes = {mode: value for each in found.bindings.values() for mode, value in each.modes.items()}
    texts = read_holiday_files(found.usable, found.place.folder).texts
    compiled = resources_as_json(compile_agreement(found.usable, modes, texts))
    golden = GOLDEN / f"{name}.resources.json"
    if os.environ.get("SLA_SYNC_UPDATE_GOLDENS"):
        golden.write_text(compiled, encoding="utf-8")
    assert golden.read_text(encoding="utf-8") == compiled, "run with SLA_SYNC_UPDATE_GOLDENS=1 and read the difference"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_an_editor_finds_nothing_wrong_with_a_file_of_an_example(path: Path) -> None:
    source = read_source(path, root=path.parent)
    assert source.data is not None
    kind = source.data.get("kind")
    if kind is None:
        sections = schema("LeadSLA")["properties"].keys()
        assert source.data.keys() <= sections
        return
    assert satisfies(source.data, schema(str(kind)), schema(str(kind)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(EXAMPLES).as_posix())
def test_the_first_line_of_a_file_that_says_its_kind_leads_to_the_schema_of_that_kind(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    kind = re.search(r"^kind: (\w+)$", text, re.MULTILINE)
    named = text.partition("\n")[0].removeprefix("# yaml-language-server: $schema=")
    if kind is not None:
        assert (path.parent / named).resolve() == (ROOT / "docs" / "schema" / f"{kind[1]}.json").resolve()
