"""What the kit is made of: a line that can be cut, rude readings, options that are secrets, agreements from files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from sla_sync.connector import Address, Coercion, Live, Mark, SettingType, Snapshot, UnreachableError, Value
from sla_sync.errors import DocumentError
from sla_sync.reconcile.canonical import canonical_live
from sla_sync.registry import load_connector
from sla_sync.testing.agreed import agreed
from sla_sync.testing.platform import Line
from sla_sync.testing.rude import NOISE, rude_reading
from sla_sync.testing.secrets import secret_options
from tests.haste import examples
from tests.kit.page import TUTORIAL

TYPE = SettingType(
    "Field",
    "field",
    Mark.DESCRIPTION,
    keyed={"options": "value", "tags": ""},
    defaults={"required": False, "options.*.hidden": False},
    coerce={"length": Coercion.NUMBER, "help": Coercion.MULTILINE, "kind": Coercion.LOWER, "text": Coercion.MARKUP},
    ignored=frozenset({"revision"}),
)
WORDS = st.text("ab &\n", max_size=6)
OPTIONS = st.dictionaries(st.sampled_from("abc"), st.booleans(), max_size=3)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "options": OPTIONS.map(lambda each: [{"value": name, "hidden": hidden} for name, hidden in each.items()]),
        "tags": st.lists(st.sampled_from("abc"), max_size=3),
        "required": st.booleans(),
        "length": st.integers(0, 400),
        "help": WORDS.map(lambda each: each.replace("&", "and").strip()),
        "kind": st.sampled_from(["Text", "number"]),
        "text": st.sampled_from(["two words", "one"]),
        "revision": st.integers(),
        "label": WORDS,
    },
)


def rudely(values: Mapping[str, Value], seed: int) -> Mapping[str, Value]:
    """Return the values of one setting in a rude reading."""
    address = Address("Field", "one")
    return rude_reading(Snapshot({address: Live(address, values)}), {"Field": TYPE}, seed).settings[address].values


@settings(max_examples=examples(200))
@given(values=VALUES, seed=st.integers(0, 1000))
def test_a_rude_reading_means_what_the_polite_one_means(values: Mapping[str, Value], seed: int) -> None:
    polite, rude = canonical_live(values, TYPE), dict(canonical_live(rudely(values, seed), TYPE))
    assert rude.pop(NOISE) == 1
    assert rude == polite


def test_a_rude_reading_uses_every_freedom_that_the_table_gives() -> None:
    values: Mapping[str, Value] = {
        "options": [{"value": "a", "hidden": False}, {"value": "b", "hidden": True}],
        "tags": ["a", "b", "c"],
        "required": False,
        "length": 80,
        "help": "one\ntwo",
        "kind": "Text",
        "text": "two words",
    }
    heard = [rudely(values, seed) for seed in range(60)]
    assert {str(each.get("required", "left out")) for each in heard} == {"False", "None", "left out"}
    assert {each["length"] for each in heard} == {80, "80"}
    assert {each["kind"] for each in heard} == {"Text", "TEXT", "text"}
    assert len({each["help"] for each in heard}) == 3
    assert len({str(each["text"]) for each in heard}) == 3
    assert len({str(each["tags"]) for each in heard}) == 6
    assert len({str(each["options"]) for each in heard}) > 2
    assert heard[7] == rudely(values, 7)


@pytest.mark.parametrize(("before", "done"), [(True, [1]), (False, [1, 2])])
def test_a_line_is_cut_at_a_call_and_at_all_later_ones_until_it_is_mended(before: bool, done: list[int]) -> None:
    line, heard = Line(cut_at=2, cut_before=before), list[int]()
    line.call(lambda: heard.append(1))
    for number in (2, 3):
        with pytest.raises(UnreachableError, match="cut by the test"):
            line.call(lambda number=number: heard.append(number))  # type: ignore[misc]
    assert (heard, line.calls) == (done, 3)
    line.cut_at = None
    assert line.call(lambda: 4) == 4


def test_secrets_are_found_in_the_options_of_a_target_at_any_depth() -> None:
    class Auth(BaseModel):
        method: str
        key: Annotated[SecretStr | None, "of the app"] = None

    class Options(BaseModel):
        url: str
        token: SecretStr
        auth: Auth | None = None

    assert secret_options(Options) == ("auth.key", "token")
    assert "auth.private_key" in secret_options(load_connector("salesforce").options)
    assert "token" in secret_options(load_connector("hubspot").options)


def test_an_agreement_that_is_wrong_is_told_by_the_kit_as_by_the_command(tmp_path: Path) -> None:
    connector = load_connector("hubspot")
    wrong = tmp_path / "agreement.yaml"
    wrong.write_text("apiVersion: sla-sync/v1\nkind: LeadSLA\n", encoding="utf-8")
    with pytest.raises(DocumentError) as raised:
        agreed(wrong, TUTORIAL / "configs/bindings/sqlite.yaml", connector)
    assert raised.value.diagnostics
    assert raised.value.hint
