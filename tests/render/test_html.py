"""Reports for a browser say all that the text says, and whatever others wrote stands in them as text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from lxml import etree, html

from sla_sync.measures.pack import Pack
from sla_sync.reconcile.drift import Drift
from sla_sync.render.drift import drift_as_text, headline
from sla_sync.render.html.drift import drift_told, report_of_drift
from sla_sync.render.html.night import report_of_night
from sla_sync.render.html.pack import report_of_page
from sla_sync.render.html.page import link
from sla_sync.render.html.review import report_of_review
from sla_sync.render.night import summary_as_text
from sla_sync.render.pack.page import MADE_UP, page_of
from sla_sync.render.pack.plain import Plain, pack_as_json, pointer
from sla_sync.render.review.markdown import review_as_markdown
from sla_sync.render.review.text import review_as_text
from sla_sync.render.words import visible
from sla_sync.review.outcome import Review, Unreviewed
from tests.render import packs
from tests.render.reported import (
    EVIL,
    LONG,
    evil_drift,
    evil_review,
    night,
    now,
    quiet_drift,
    unreviewed,
    whole_review,
)
from tests.render.test_drift import FLOW, NIGHT

PAGES: Mapping[str, Callable[[], str]] = {
    "hostile drift": lambda: report_of_drift(drift_told(evil_drift()), night(evil_drift())[0].trend),
    "hostile night": lambda: report_of_night(night(evil_drift(), quiet_drift(), agreement=EVIL), now()),
    "hostile review": lambda: report_of_review(evil_review()),
    "hostile pack": lambda: report_of_page(page_of(packs.evil())),
    "drift": lambda: report_of_drift(drift_told(NIGHT)),
    "in sync": lambda: report_of_drift(drift_told(quiet_drift())),
    "night": lambda: report_of_night(night(NIGHT, quiet_drift()), now()),
    "review": lambda: report_of_review(whole_review()),
    "nothing to compare": lambda: report_of_review(unreviewed()),
    "pack": lambda: report_of_page(page_of(packs.usual())),
    "pack of a quiet week": lambda: report_of_page(page_of(packs.quiet())),
}
HOSTILE = [name for name in PAGES if name.startswith("hostile")]
ELEMENTS = frozenset(
    "html head meta title style body a header h1 h2 h3 h4 p nav ol ul li main section article div span table caption thead"
    " tbody tr th td dl dt dd code strong details summary br figure figcaption svg rect"
    " data g path text line circle clippath defs pattern".split()
)
each_page = pytest.mark.parametrize("page", PAGES, indirect=True)


@cache
def drawn(name: str) -> str:
    """Return a page, drawn once, and only where a test asks for it."""
    return PAGES[name]()


@pytest.fixture
def page(request: pytest.FixtureRequest) -> str:
    """Return the page that a test names."""
    return drawn(request.param)


def elements(page: str) -> Iterator[etree._Element]:
    yield from html.document_fromstring(page).iter("*")


def shown(page: str) -> str:
    """Return the text of a page, each run of blanks as one."""
    body = html.document_fromstring(page).find("body")
    assert body is not None
    return " ".join(" ".join(str(each) for each in body.itertext()).split())


def words(text: str) -> set[str]:
    """Return the words of a text or a page, without those that are cut."""
    plain = shown(text) if text.startswith("<!doctype") else text
    return set(re.findall(r"\w+", re.sub(r"\S*…", "", plain).lower()))


def squeezed(text: str) -> str:
    """Return a text without blanks: a page has marks between its pieces where a line has none."""
    return re.sub(r"\s+", "", text)


@each_page
def test_a_page_has_only_elements_and_attributes_of_its_own(page: str) -> None:
    assert {str(each.tag) for each in elements(page)} <= ELEMENTS
    for each in elements(page):
        assert not [name for name in each.attrib if str(name).startswith("on") or name == "style"]
        assert str(each.get("href", "#")).startswith(("#", "https://acme.example/"))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f\x00-\x08\x1b]", page)


@pytest.mark.parametrize("page", HOSTILE, indirect=True)
def test_what_others_wrote_stands_there_as_they_wrote_it(page: str) -> None:
    text = squeezed(shown(page))
    assert squeezed(visible(EVIL)) in text
    assert LONG in text


@each_page
def test_a_page_asks_nobody_for_anything_and_permits_no_style_but_its_own(page: str) -> None:
    (style,) = (each for each in elements(page) if each.tag == "style")
    (policy,) = (each for each in elements(page) if each.get("http-equiv") == "Content-Security-Policy")
    digest = base64.b64encode(hashlib.sha256((style.text or "").encode()).digest()).decode()
    said = str(policy.get("content")).split("; ")
    assert said == ["default-src 'none'", f"style-src 'sha256-{digest}'", "base-uri 'none'", "form-action 'none'"]
    assert not re.search(r"url\(|@import|@font-face", style.text or "")
    assert not [each for each in elements(page) if each.get("src") or each.tag in {"script", "link", "img"}]


@each_page
def test_a_page_can_be_found_through_by_headings_tables_and_anchors(page: str) -> None:
    levels = [int(str(each.tag)[1]) for each in elements(page) if re.fullmatch("h[1-6]", str(each.tag))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for each in elements(page):
        if each.tag == "table":
            assert each.find("caption") is not None
            assert all(head.get("scope") for head in each.iter("th"))
    ids = [str(each.get("id")) for each in elements(page) if each.get("id")]
    assert len(ids) == len(set(ids))
    assert {str(each.get("href"))[1:] for each in elements(page) if str(each.get("href")).startswith("#")} <= set(ids)
    assert html.document_fromstring(page).get("lang") == "en"


@pytest.mark.parametrize("found", [NIGHT, quiet_drift(), evil_drift()], ids=["night", "in sync", "hostile"])
def test_an_audit_has_every_word_that_its_text_has(found: Drift) -> None:
    # The general form of the commands stands in the text once; the page has it with the name of each finding.
    assert words(drift_as_text(found)) - words(report_of_drift(drift_told(found))) <= {"id"}


def test_the_verdict_comes_first_then_the_promises_then_findings_by_gravity() -> None:
    text = shown(drawn("drift"))
    order = [
        headline(NIGHT), "«A rep touches hot leads within 15 business minutes.»", "Fix before 09:15", "HIGH: 1 difference",
        "Dana Ruiz, Tue 3 Nov 18:42", "23 leads without due time, 4 hot.", f"sla-sync plan --target production --only {FLOW.id}",
        "LOW: 1 difference", "Agreed and not applied yet", "Renamed on purpose.", "revops vouches for it until 2026-11-30",
    ]  # fmt: skip
    places = [text.rindex(each) for each in order]
    assert places == sorted(places)


def test_a_value_that_a_terminal_cuts_is_shown_whole() -> None:
    long = "x" * 1_000
    found = replace(NIGHT, findings=(replace(FLOW, live=long),))
    assert long not in drift_as_text(found)
    assert long in shown(report_of_drift(drift_told(found)))


def test_a_night_has_the_worst_target_first_and_says_why_one_was_not_audited() -> None:
    told = night(NIGHT, quiet_drift())
    text = shown(drawn("night"))
    assert summary_as_text([each.kept for each in told]).splitlines()[0] in text
    targets = ("acme-inbound · away", "acme-inbound · production", "acme-inbound · quiet")
    places = [text.index(each) for each in targets]
    assert places == sorted(places)
    assert "production cannot be audited." in text
    assert "error SLA102 at a.yaml:1:1" in text


def test_the_picture_of_a_trend_has_its_nights_in_words() -> None:
    (told, away) = night(NIGHT)
    assert told.trend is not None
    assert len(told.trend.bars) == 26
    (first, second, *_), last = told.trend.bars, told.trend.bars[-1]
    assert (first.kind, first.said, second.said) == ("none", "2026-10-09: 0 findings", "2026-10-10: 3 findings")
    assert first.height < second.height
    assert last.said == "2026-11-03: 2 findings"
    assert away.trend is not None
    assert away.trend.bars[-1].kind == "unknown"
    page = report_of_night(night(NIGHT), now())
    assert told.trend.alternative in shown(page)
    assert "Repaired: 2 findings, after 20 hours on average." in shown(page)


def test_a_review_has_what_the_comment_had_to_leave_out() -> None:
    found = whole_review()
    page, comment = shown(drawn("review")), review_as_markdown(found)
    for number in range(40):
        assert f"+ CustomMetadata/Day.{number} " in f"{page} "
    assert "CustomMetadata/Day.20" not in comment
    assert "agreement.commitments.first-response.within.hot" in page


@pytest.mark.parametrize("found", [whole_review(), evil_review(), unreviewed()], ids=["usual", "hostile", "nothing"])
def test_a_review_has_every_word_that_its_text_has(found: Review | Unreviewed) -> None:
    # The text counts the findings and says that JSON has all lines; the page has them.
    besides = {*"format json has all lines like these errors".split()}
    assert words(review_as_text(found)) - words(report_of_review(found)) <= besides


LINKS = [
    ("https://acme.example/minutes/7", "https://acme.example/minutes/7"),
    ("https://acme.example/a b\"'><x>", "https://acme.example/a%20b%22%27%3E%3Cx%3E"),
    ("http://acme.example/", ""),
    ("javascript:alert(1)", ""),
    ("docs/minutes.md", ""),
    (f"https://acme.example/{'x' * 2_000}", ""),
]


@pytest.mark.parametrize(("evidence", "address"), LINKS)
def test_only_an_address_on_the_web_becomes_a_link(evidence: str, address: str) -> None:
    assert link(evidence) == address


_IN_WORDS = re.compile(
    r"/scorecard/\d+/(trend|disputed|baseline)|/speed/\d+/(naive_median|bands)|/rejections/verdict|/conversions/\d+/naive"
    r"|/attainment/figures/\d+/zero_second|/attainment/figures/7/"
)
"""Figures of a pack that stand in a picture or in a sentence; the last is a week, which the trend shows."""


def at(plain: Plain, place: str) -> Plain:
    """Return what stands at a place of JSON."""
    found = plain
    for each in place.removeprefix("/").split("/"):
        key = each.replace("~1", "/").replace("~0", "~")
        found = found[int(key)] if isinstance(found, list) else found[key]  # type: ignore[index]
    return found


def figures_in(plain: Plain, place: str = "") -> Iterator[str]:
    """Yield the place of every figure and share in JSON that has a value."""
    if isinstance(plain, Mapping):
        if "value" in plain and ("unit" in plain or "whole" in plain) and plain["value"] is not None:
            yield f"{place}/value"
            return
        for key, each in plain.items():
            yield from figures_in(each, f"{place}{pointer(key)}")
    elif isinstance(plain, list):
        for index, each in enumerate(plain):
            yield from figures_in(each, f"{place}/{index}")


@pytest.mark.parametrize(
    ("pack", "page"),
    [(packs.usual(), "pack"), (packs.evil(), "hostile pack")],
    ids=["usual", "hostile"],
    indirect=["page"],
)
def test_every_number_of_a_pack_is_that_of_its_json(pack: Pack, page: str) -> None:
    plain = json.loads(pack_as_json(pack))
    shown = {}
    for each in html.document_fromstring(page).iter("data"):
        place = str(each.get("data-at"))
        shown[place] = float(str(each.get("value")))
        if "�" not in place:
            assert at(plain, place) == shown[place], place
    if page is drawn("pack"):
        missing = [each for each in figures_in(plain) if each not in shown and not _IN_WORDS.match(each)]
        assert missing == []
        assert len(shown) > 200


def test_long_words_are_cut_in_pictures_and_whole_in_the_table() -> None:
    page = html.document_fromstring(drawn("hostile pack"))
    written = ["".join(map(str, each.itertext())) for each in page.iter("text")]
    assert not [each for each in written if LONG in each]
    assert [each for each in page.iter("td", "th") if LONG in "".join(map(str, each.itertext()))]


def test_each_sheet_of_a_made_up_pack_says_so_when_it_is_printed() -> None:
    made_up, real = drawn("pack of a quiet week"), drawn("pack")
    banners = ["".join(map(str, each.itertext())) for each in elements(made_up) if each.get("class") == "made-up"]
    (style,) = (each.text or "" for each in elements(made_up) if each.tag == "style")
    assert banners == [MADE_UP]
    assert f'@page made-up {{\n  margin: 18mm 16mm;\n  @top-center {{ content: "{MADE_UP}"' in style
    assert not [each for each in elements(real) if each.get("class") == "made-up"]
