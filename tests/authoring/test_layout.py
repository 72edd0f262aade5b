"""One layout: what the file says and every comment stay, and laying it out twice is laying it out once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from sla_sync.agreement.digest import meaning_digest
from sla_sync.authoring.layout import laid_out, readable
from sla_sync.authoring.meaning import said
from sla_sync.authoring.tokens import comments
from sla_sync.errors import DocumentError
from tests.agreement.documents import ACME, CONFIGS, read
from tests.authoring.messy import documents
from tests.haste import examples

UNTIDY = """\
# yaml-language-server: $schema=LeadSLA.json
kind:   "LeadSLA"
apiVersion: 'sla-sync/v1'


# who promises what
commitments:
    quality:
        by: vp_marketing   
        # a rate
        measure: "mql to sal within 14 days"
        target: '70%'
        on_breach:
        -   notify: [ vp_sales,vp_marketing ]
            after: 1 business day   # in their hours
        - { notify : [owner] }
# the funnel
stages:
   mql: {accountable: vp_marketing,next: [sal]}
   sal: {accountable: vp_sales, end: won}
metadata: {name: small, effective: {from: 2026-10-01}}
roles:
   vp_marketing: {party: "marketing"}
   vp_sales:     {party: "NO"}
# the end
"""  # noqa: W291 - the blanks are what is cured
TIDY = """\
# yaml-language-server: $schema=LeadSLA.json
apiVersion: sla-sync/v1
kind:   LeadSLA
metadata: {name: small, effective: {from: 2026-10-01}}
roles:
  vp_marketing: {party: marketing}
  vp_sales:     {party: "NO"}
# the funnel
stages:
  mql: {accountable: vp_marketing, next: [sal]}
  sal: {accountable: vp_sales, end: won}

# who promises what
commitments:
  quality:
    by: vp_marketing
    # a rate
    measure: mql to sal within 14 days
    target: 70%
    on_breach:
      - notify: [vp_sales, vp_marketing]
        after: 1 business day   # in their hours
      - {notify: [owner]}
# the end
"""


def test_order_indentation_quotes_and_space_are_made_one() -> None:
    assert laid_out(UNTIDY) == TIDY


def test_what_is_laid_out_stays_as_it_is() -> None:
    assert laid_out(TIDY) == TIDY


@pytest.mark.parametrize("path", sorted(CONFIGS.rglob("*.yaml")), ids=lambda path: path.relative_to(CONFIGS).as_posix())
def test_the_examples_are_laid_out(path: Path) -> None:
    text = readable(path.read_bytes(), path.name)
    assert laid_out(text) == text, f"run: sla-sync fmt {path.relative_to(CONFIGS.parent)}"


def test_the_digest_of_the_meaning_does_not_change(tmp_path: Path) -> None:
    shaken = ACME.read_text(encoding="utf-8").replace("\n  ", "\n     ").replace("70%", "'70%'")
    new = laid_out(shaken)
    assert new != shaken
    assert meaning_digest(read(tmp_path, new), ()) == meaning_digest(read(tmp_path, shaken), ())


@settings(max_examples=examples(150), deadline=None, derandomize=True)
@given(documents())
def test_nothing_that_is_said_or_noted_changes(text: str) -> None:
    new = laid_out(text)
    assert said(text) is not None
    assert said(new) == said(text)
    assert comments(new) == comments(text)
    assert laid_out(new) == new


@settings(max_examples=examples(150), deadline=None, derandomize=True)
@given(documents())
def test_every_line_stands_at_an_even_column(text: str) -> None:
    in_texts = "|-" in text or ">-" in text
    for line in laid_out(text).splitlines():
        column = len(line) - len(line.lstrip(" "))
        assert column % 2 == 0 or in_texts or line.lstrip(" ").startswith("#")


@pytest.mark.parametrize(
    "written",
    [
        "'NO'",
        '"10:00"',
        "'1'",
        "'true'",
        "''",
        '"a: b"',
        "'a #b'",
        "'- a'",
        "'*star'",
        '"a\\nb"',
        "'2026-10-01'",
        "' a'",
    ],
)
def test_quotes_stay_where_a_text_would_read_as_something_else(written: str) -> None:
    assert laid_out(f"a: {written}\n") == f"a: {written}\n"


@pytest.mark.parametrize("written", ["'a b'", '"70%"', "'09:00-17:00'", "'don''t'", '"é"'])
def test_quotes_go_where_nobody_needs_them(written: str) -> None:
    assert laid_out(f"a: {written}\n") == f"a: {written[1:-1].replace(chr(39) * 2, chr(39))}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n    - - 1\n      -   2\n", "a:\n  - - 1\n    - 2\n"),
        (
            "a:\n- b:\n      c: |\n           x\n             y\n\n           z\n",
            "a:\n  - b:\n      c: |\n        x\n          y\n\n        z\n",
        ),
        ("a:\n     b: 'one\n\n       two'\n     c: one\n        two\n", "a:\n  b: 'one\n\n    two'\n  c: one\n     two\n"),
        ("a:\n    {b: 1,\n     c: 2}\nd:\n    e\n", "a:\n  {b: 1,\n   c: 2}\nd:\n  e\n"),
        ("a:\n    b: |2\n        x\n", "a:\n  b: |2\n      x\n"),
        ("a:\n    b:\n        c: 1\n    # of b\n# of d\nd: 1\n", "a:\n  b:\n    c: 1\n  # of b\n# of d\nd: 1\n"),
        ("a: &x\n    b: 1\nc: *x\n", "a: &x\n  b: 1\nc: *x\n"),
        ("---\na: 1\n...\n", "---\na: 1\n...\n"),
    ],
)  # fmt: skip
def test_what_belongs_together_moves_together(text: str, expected: str) -> None:
    assert laid_out(text) == expected


def test_a_section_is_not_moved_above_the_anchor_that_it_uses() -> None:
    text = "commitments: &x [1]\nroles: *x\n"
    assert laid_out(text) == text


@pytest.mark.parametrize("content", [b"a: [1", b"a: 1\na: 2\n", b"\xff\xfe", b"a: \0", b"", b"a: !!str x\n"])
def test_a_file_that_cannot_be_read_is_refused_with_every_finding(content: bytes) -> None:
    with pytest.raises(DocumentError) as refused:
        readable(content, "agreement.yaml")
    assert all(each.location is not None for each in refused.value.diagnostics)
    assert refused.value.diagnostics
