from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from sla_sync.explain import explain_html, explain_markdown
from sla_sync.explain.markdown import escape
from sla_sync.explain.page import Undrawn
from sla_sync.explain.pictures import funnel
from sla_sync.explain.pictures.waterfall import draw_revenue
from sla_sync.explain.plan import backward
from tests.explain.stories import EXAMPLES, example, read

VOID = frozenset({"meta", "link", "br", "hr", "img", "input"})
HOSTILE = "<script>alert(1)</script> & \\\" 'x' | `code` [link](javascript:x) *bold* _it_ ## heading"
WITH_FOREIGN_TEXT = f"""\
apiVersion: sla-sync/v1
kind: LeadSLA
metadata: {{name: hostile, title: "{HOSTILE}", effective: {{from: 2026-10-01}}}}
roles: {{vp_marketing: {{party: marketing, means: "{HOSTILE}"}}, vp_sales: {{party: sales}}}}
terms: {{touch: "{HOSTILE}"}}
goal: {{statement: "{HOSTILE}", benefits: {{marketing: "{HOSTILE}"}}}}
stages:
  mql: {{means: "{HOSTILE}", accountable: vp_marketing, next: [sal, gone]}}
  sal: {{accountable: vp_sales, end: won}}
  gone: {{accountable: vp_sales, reasons: gone, end: lost}}
priorities: {{hot: {{means: "{HOSTILE}", when: stage is mql}}}}
commitments:
  quality: {{by: vp_sales, promise: "{HOSTILE}", means: "{HOSTILE}", measure: mql to sal within 14 days, target: 70%}}
reasons: {{gone: {{other: {{means: "{HOSTILE}", detail: {{some: "{HOSTILE}"}}}}}}}}
accepted: [{{code: SLA213, because: "{HOSTILE}"}}]
"""


class Outline(HTMLParser):
    """What a page is made of: every element with its attributes, and whether each is closed in its order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, Mapping[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Open an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Note an element without content."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text.append(data)

    def named(self, *tags: str) -> Sequence[Mapping[str, str | None]]:
        """Return the attributes of every element of these names."""
        return [attributes for tag, attributes in self.elements if tag in tags]


def outline(html: str) -> Outline:
    found = Outline()
    found.feed(html)
    found.close()
    assert not found.open
    return found


@pytest.fixture(scope="module", params=EXAMPLES)
def html(request: pytest.FixtureRequest) -> str:
    return explain_html(example(request.param))


def test_every_element_is_closed_and_every_anchor_leads_somewhere(html: str) -> None:
    found = outline(html)
    ids = [attributes["id"] for _, attributes in found.elements if attributes.get("id")]
    assert len(ids) == len(set(ids))
    for attributes in found.named("a"):
        assert str(attributes["href"]).removeprefix("#") in ids
    for _, attributes in found.elements:
        for name in str(attributes.get("aria-labelledby") or "").split():
            assert name in ids


def test_the_page_runs_no_script_and_asks_the_network_for_nothing(html: str) -> None:
    found = outline(html)
    assert not found.named("script", "link", "iframe", "object", "img")
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*"', html)
    assert not re.findall(r"@import|url\((?!#)", html)
    assert all(not name.startswith("on") for _, attributes in found.elements for name in attributes)


def test_every_picture_says_in_words_what_it_shows(html: str) -> None:
    assert html.count("<svg") == html.count("<title id=") == html.count("<desc id=") >= 1
    assert all(attributes["role"] == "img" for attributes in outline(html).named("svg"))


def test_headings_descend_by_one_and_every_table_has_heads(html: str) -> None:
    found = outline(html)
    levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    heads = [attributes.get("scope") for attributes in found.named("th")]
    assert set(heads) <= {"col", "row"}
    assert heads.count("col") >= len(found.named("table"))


def test_what_parties_write_can_neither_run_nor_break_the_page(tmp_path: Path) -> None:
    found = outline(explain_html(read(tmp_path, WITH_FOREIGN_TEXT)))
    assert not found.named("script")
    assert "<script>alert(1)</script>" in "".join(found.text)


def test_what_parties_write_stays_text_in_markdown(tmp_path: Path) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    text = explain_markdown(read(tmp_path, WITH_FOREIGN_TEXT))
    parser = markdown_it.MarkdownIt("commonmark", {"html": True}).enable("table")
    rendered = parser.render(text)
    assert "<script>" not in rendered
    assert "<a " not in rendered
    assert "<code>" not in rendered.replace('<code class="language-mermaid">', "")
    assert rendered.count("<h1>") == 1
    rows = [row.count("<th") + row.count("<td") for row in re.findall(r"<tr>.*?</tr>", rendered, re.DOTALL)]
    assert 0 not in rows


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("# heading", "&#35; heading"),
        ("1. item", "1&#46; item"),
        ("- item", "&#45; item"),
        ("a|b", "a\\|b"),
        ("<b>", "\\<b\\>"),
        ("two\nlines", "two lines"),
        ("America/New_York", "America/New\\_York"),
        ("see https://x.example", "see https&#58;//x.example"),
    ],
)
def test_markdown_shows_text_as_it_is(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_without_the_drawing_tools_the_page_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    plan = backward(example("acme"))
    assert plan is not None
    with pytest.raises(Undrawn):
        draw_revenue(plan, "USD")
    found = "".join(outline(explain_html(example("acme"))).text)
    assert "There is no picture here" in found
    assert "comes in anyway − USD 5,000,000" in found


def test_the_funnel_draws_every_stage_with_its_owner_once() -> None:
    drawn = funnel.draw(example("acme"))
    for stage in ("Inquiry", "MQL", "SAL", "SQL", "Opportunity", "Won", "Lost", "Recycled", "Disqualified"):
        assert drawn.count(f">{stage}</text>") == 1
    assert drawn.count(">VP of sales</text>") == 5
    # Four stages lead to `disqualified` and three to `recycled`; one leads to `lost`; five arrows go down the way.
    assert drawn.count("marker-end") == 4 + 3 + 1 + 5


def test_the_funnel_is_described_for_those_who_cannot_see_it() -> None:
    said = funnel.describe(example("acme"))
    assert said.startswith("The way goes from inquiry to MQL to SAL to SQL to opportunity to won.")
    assert "from MQL, SAL, SQL or lost to recycled, from there back to MQL" in said
