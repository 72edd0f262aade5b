"""Who stands by which meaning: signatures, and the steps from one meaning to the next."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.digest import meaning_digest
from sla_sync.agreement.load import load_signatures
from sla_sync.agreement.signatures import Signatures, problem_of_evidence
from tests.agreement.documents import SMALL, read
from tests.haste import examples

ROLES = ("a", "b", "c")


def digest(number: int) -> str:
    return f"{number:064x}"


def signatures(signed: list[tuple[str, int]], amended: list[tuple[int, int, list[str]]]) -> Signatures:
    return Signatures.model_validate(
        {
            "apiVersion": "sla-sync/v1",
            "kind": "Signatures",
            "agreement": "small",
            "signed": [
                {"role": role, "digest": digest(at), "version": "1", "on": "2026-11-02", "evidence": "minutes/1.md"}
                for role, at in signed
            ],
            "amended": [
                {"since": digest(since), "digest": digest(at), "needs": needs, "on": "2026-11-02"}
                for since, at, needs in amended
            ],
        }
    )


def test_whom_no_step_asks_stands_by_what_follows_from_what_was_signed() -> None:
    found = signatures([("a", 1), ("b", 1)], [(1, 2, ["b"]), (2, 3, ["c"])])
    assert [found.binds("a", digest(each)) for each in (1, 2, 3, 4)] == [True, True, True, False]
    assert [found.binds("b", digest(each)) for each in (1, 2, 3)] == [True, False, False]


def test_a_second_step_that_asks_fewer_takes_nobody_off_the_first() -> None:
    assert not signatures([("a", 1)], [(1, 2, ["a"]), (1, 2, ["b"])]).binds("a", digest(2))


def test_steps_in_a_circle_bind_nobody() -> None:
    assert not signatures([("b", 1)], [(1, 2, ["b"]), (2, 1, ["b"])]).binds("a", digest(2))


steps = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.lists(st.sampled_from(ROLES), min_size=1, max_size=3)),
    max_size=8,
)


@given(st.lists(st.tuples(st.sampled_from(ROLES), st.integers(0, 5)), max_size=5), steps, st.sampled_from(ROLES))
@settings(max_examples=examples(100))
def test_nobody_stands_by_a_meaning_whose_last_step_asks_them_and_which_they_did_not_sign(
    signed: list[tuple[str, int]], amended: list[tuple[int, int, list[str]]], role: str
) -> None:
    found = signatures(signed, amended)
    for at in range(6):
        asked = any(to == at and role in needs for _, to, needs in amended)
        if asked and (role, at) not in signed:
            assert not found.binds(role, digest(at))
        if (role, at) in signed:
            assert found.binds(role, digest(at))


@given(st.integers(1, 6))
@settings(max_examples=examples(10))
def test_a_chain_binds_whoever_signed_its_beginning_however_long_it_is(length: int) -> None:
    chain = [(one, two, ["b"]) for one, two in pairwise(range(length + 1))]
    assert signatures([("a", 0)], chain).binds("a", digest(length))
    assert not signatures([("a", 1)], chain).binds("a", digest(0))


@pytest.mark.parametrize(
    ("evidence", "sound"),
    [
        ("https://acme.example/minutes/1", True),
        ("minutes/2026-11-02.md", True),
        ("http://acme.example/minutes/1", False),
        ("javascript://x", False),
        ("javascript:alert(1)", False),
        ("https://ana:secret@acme.example/1", False),
        ("https://", False),
        ("https://acme.example/a b", False),
        ("https://acme.example/a](javascript:x)", False),
        ("https://acme.example/<img>", False),
        ("https://acme.example:8443/a%20b?c=d#e", True),
        ("/etc/passwd", False),
        ("../other/minutes.md", False),
        ("minutes/../../x", False),
        ("~/minutes.md", False),
        ("C:\\minutes.md", False),
        ("minutes\x1b[31m.md", False),
        ("", False),
    ],
)
def test_evidence_is_a_link_or_a_path_inside_the_repository(evidence: str, sound: bool) -> None:
    assert (problem_of_evidence(evidence) is None) is sound


def test_an_entry_with_evidence_that_nobody_can_follow_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "signatures.yaml"
    entry = f"{{role: a, digest: {digest(1)[:-1]}a, version: v1, on: 2026-11-02, evidence: ../x}}"
    path.write_text(f"apiVersion: sla-sync/v1\nkind: Signatures\nagreement: small\nsigned:\n  - {entry}\n")
    loaded = load_signatures(path, root=tmp_path)
    assert loaded.value is None
    (found,) = loaded.diagnostics
    assert found.location is not None
    assert (found.location.line, "../x" in found.message) == (5, True)


@pytest.mark.parametrize("wrong", ["", "3F" * 32, "1" * 63, "g" * 64])
def test_a_digest_is_sixty_four_digits_in_hex(wrong: str) -> None:
    said: dict[str, Any] = {"since": wrong, "digest": digest(1), "needs": ["a"], "on": "2026-11-02"}
    with pytest.raises(ValidationError):
        Signatures.model_validate(
            {"apiVersion": "sla-sync/v1", "kind": "Signatures", "agreement": "small", "amended": [said]}
        )


UPKEEP = [
    ("metadata: {name: small,", "metadata: {name: small, status: agreed,"),
    ("stages:\n", "accepted: [{code: SLA213, because: By hand., until: 2026-12-31}]\nstages:\n"),
]


@pytest.mark.parametrize(("old", "new"), UPKEEP)
def test_a_signature_holds_when_a_draft_is_agreed_and_when_findings_are_accepted(
    tmp_path: Path, old: str, new: str
) -> None:
    assert old in SMALL
    assert meaning_digest(read(tmp_path, SMALL.replace(old, new)), ()) == meaning_digest(read(tmp_path, SMALL), ())


def bound(**said: object) -> BindingDocument:
    return BindingDocument.model_validate({"metadata": {"name": "b", "agreement": "small", "connector": "x"}, **said})


def test_a_promise_that_is_no_longer_acted_on_is_another_meaning_and_saying_the_default_is_none(tmp_path: Path) -> None:
    agreement = read(tmp_path, SMALL)
    signed = meaning_digest(agreement, [bound()])
    assert meaning_digest(agreement, [bound(modes={"quality": "act"})]) == signed
    assert meaning_digest(agreement, [bound(modes={"quality": "record"})]) != signed
    assert meaning_digest(agreement, [bound(held_by={"routing": "leandata"})]) != signed
