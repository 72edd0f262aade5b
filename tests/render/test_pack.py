"""The weekly pack: what its page says is what its JSON says, in the order of a meeting, and words of others do nothing."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.measures.figures import Figure, Unit
from sla_sync.measures.pack import Pack
from sla_sync.render.pack.cells import link_of
from sla_sync.render.pack.document import Grid, Grounds, Page
from sla_sync.render.pack.markdown import page_as_markdown
from sla_sync.render.pack.minutes import minutes_as_markdown
from sla_sync.render.pack.notice import notice_of
from sla_sync.render.pack.numbers import count_of, number, share, span, spelled, time
from sla_sync.render.pack.page import MADE_UP, page_of
from sla_sync.render.pack.rows import as_csv, files_of
from sla_sync.render.pack.sides import sides_of
from sla_sync.render.pack.text import page_as_text
from sla_sync.render.words import visible
from tests.haste import examples
from tests.render import packs
from tests.render.reported import EVIL

USUAL, QUIET = packs.usual(), packs.quiet()
PARTS = (
    "What each side owed", "Promises", "Overdue now", "What the buyer waited", "Month to date", "Rejections",
    "Conversion by cohort", "Data gaps, drift, changes", "Actions, decisions, minutes",
)  # fmt: skip


def test_the_page_has_the_parts_in_the_order_of_a_meeting() -> None:
    assert tuple(each.title for each in page_of(USUAL).parts) == PARTS
    assert [each.title for each in page_of(USUAL, only=("R11", "r6")).parts] == [PARTS[0], PARTS[1], PARTS[5], PARTS[8]]
    assert len(page_of(USUAL, only=("board",)).parts) == len(PARTS)


def test_markdown_and_text_have_every_cell_of_the_page() -> None:
    page = page_of(USUAL)
    markdown, text = page_as_markdown(page).replace("\\", ""), page_as_text(page)
    grids = [block for part in page.parts for block in part.blocks if isinstance(block, Grid)]
    every = [cell for grid in grids for row in grid.rows for cell in row if cell.text]
    cells = {text for cell in every for text in ([piece for piece, _ in cell.links] or [cell.text])}
    assert len(cells) > 100
    assert [each for each in cells if each not in markdown] == []
    assert [each for each in cells if len(each) <= 60 and each not in text] == []


def test_every_number_has_its_definition_and_what_was_left_out() -> None:
    parts = page_of(USUAL).parts[1:-1]
    for part in parts:
        grounds = [line for block in part.blocks if isinstance(block, Grounds) for line in block.lines]
        assert packs.BASIS.definition in grounds, part.title
        assert any("11 merged, 4 test records" in line for line in grounds), part.title
        assert any("ot usable: 2 no calendar" in line for line in grounds), part.title


@pytest.mark.parametrize("told", ["page", "markdown", "text", "minutes", "message"])
def test_a_history_that_was_made_up_says_so_everywhere(told: str) -> None:
    def tell(pack: Pack) -> str:
        page = page_of(pack)
        return {
            "page": lambda: page.warning, "markdown": lambda: page_as_markdown(page),
            "text": lambda: page_as_text(page), "minutes": lambda: minutes_as_markdown(pack, page, "2026-11-17"),
            "message": lambda: "\n".join(notice_of(pack, "pack.html", room=4000)),
        }[told]()  # fmt: skip

    assert MADE_UP in tell(QUIET)
    assert MADE_UP not in tell(replace(QUIET, synthetic=False))


def test_names_are_shown_where_they_were_given_and_else_ids() -> None:
    assert "Ana Gray" in page_as_text(page_of(USUAL))
    nameless = page_as_text(page_of(replace(USUAL, names={})))
    assert "Ana Gray" not in nameless
    assert "005A" in nameless


def test_a_lead_leads_to_its_record_only_where_its_id_is_one() -> None:
    assert link_of(USUAL, "00Q000") == "https://acme.example/00Q000"
    assert link_of(USUAL, "../x?y") == ""
    assert link_of(replace(USUAL, links=""), "00Q000") == ""
    assert "[00Q000](<https://acme.example/00Q000>)" in page_as_markdown(page_of(USUAL))


def test_hostile_words_stay_words_in_markdown_and_in_text() -> None:
    page = page_of(packs.evil())
    markdown, text = page_as_markdown(page), page_as_text(page)
    assert "\\<script\\>" in markdown
    for told in (markdown, text, "".join(map(minutes_of, (packs.evil(),)))):
        assert not re.search("[\u202a-\u202e\u200e\u200f\x1b]", told)
    for told in (markdown, minutes_of(packs.evil())):
        assert not re.search(r"(?<!\\)<(?!https://acme)[a-zA-Z/!]", told.replace("(<https", ""))
        assert "](<javascript" not in told
        assert not [line for line in told.splitlines() if line.startswith("|") and line.count(" | ") > 20]


def minutes_of(pack: Pack) -> str:
    """Return the page for the minutes."""
    return minutes_as_markdown(pack, page_of(pack), "2026-11-17")


def cells_of(content: bytes) -> list[list[str]]:
    """Return the cells of a CSV as a spreadsheet reads them."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@settings(max_examples=examples(200))
@given(st.lists(st.text(max_size=20) | st.sampled_from(["=cmd()", "@SUM(1)", " =1", "-1", "\t=1", EVIL]), max_size=6))
def test_no_cell_of_a_csv_is_a_formula_and_none_is_lost(texts: list[str]) -> None:
    rows = cells_of(as_csv(("head",), [[each] for each in texts]))
    assert rows[0] == ["head"]
    found = [row[0] if row else "" for row in rows[1:]]
    assert len(found) == len(texts)
    for cell, text in zip(found, texts, strict=True):
        assert not cell.lstrip(" \u00a0").startswith(
            ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
        )
        assert cell.removeprefix("'").replace("\r\n", "\n") in {visible(text), visible(text).removeprefix("'")}


def test_numbers_in_a_csv_stay_numbers() -> None:
    assert cells_of(as_csv(("a", "b"), [(-5, None), (0.25, 'x,"y')])) == [["a", "b"], ["-5", ""], ["0.25", 'x,"y']]


def test_the_rows_behind_a_pack_are_those_of_the_pack() -> None:
    files = {name: cells_of(content) for name, content in files_of(USUAL).items()}
    assert [row[1] for row in files["overdue.csv"][1:]] == [each.lead for each in USUAL.overdue.late]
    assert [row[:3] for row in files["rejections.csv"][1:]] == [
        [each.stage, each.reason, str(each.count)] for each in USUAL.rejections.bars
    ]
    assert [row[0] for row in files["ownership.csv"][1:]] == ["00Q900", "00Q901", "00Q902"]
    evil = files_of(packs.evil())
    assert b"=cmd" in evil["overdue.csv"]
    assert not [cell for row in cells_of(evil["overdue.csv"]) for cell in row if cell.startswith("=")]


SPELLED = [
    (Figure(None, Unit.SHARE), "not known"),
    (Figure(0.731, Unit.SHARE), "73%"),
    (Figure(0.9999, Unit.SHARE), "99.9%"),
    (Figure(0.0001, Unit.SHARE), "0.1%"),
    (Figure(1.0, Unit.SHARE), "100%"),
    (Figure(12_345.0, Unit.COUNT), "12,345"),
    (Figure(5.5, Unit.COUNT), "5.5"),
    (Figure(42.0, Unit.SECONDS), "42 s"),
    (Figure(5_760.0, Unit.SECONDS), "1 h 36 min"),
    (Figure(259_200.0, Unit.SECONDS, at_least=True), "> 3 d"),
    (Figure(1_500_000.0, Unit.MONEY), "USD 1,500,000"),
    (Figure(0.417, Unit.RATIO), "0.42"),
]


@pytest.mark.parametrize(("figure", "text"), SPELLED, ids=[text for _, text in SPELLED])
def test_a_figure_is_spelled_as_people_read_it(figure: Figure, text: str) -> None:
    assert spelled(figure, currency="USD") == text


@settings(max_examples=examples(100))
@given(st.floats(0, 1), st.floats(0, 1e9))
def test_nothing_is_rounded_to_all_or_nothing_and_open_hours_make_no_days(part: float, seconds: float) -> None:
    assert (share(part) == "100%") == (part == 1)
    assert (share(part) == "0%") == (part == 0)
    assert " d" not in time(seconds, business=True)
    assert number(round(seconds), Unit.COUNT) == count_of(round(seconds)) == f"{round(seconds):,}"


def test_the_days_of_a_period_are_said_once() -> None:
    period = packs.PERIOD
    assert span(period) == "9–15 Nov 2026"
    assert span(replace(period, first=period.first.replace(month=10))) == "9 Oct – 15 Nov 2026"
    assert span(replace(period, last=period.first)) == "9 Nov 2026"


def test_each_side_has_one_sentence_that_says_what_became_of_what_it_owed() -> None:
    assert sides_of(USUAL.scorecard) == {
        "marketing": (
            "What marketing owed is neither kept nor broken yet; not decided: MQL volume (58, owed 110) and MQL quality "
            "(71%, owed 70%)."
        ),
        "sales": (
            "Sales broke First response (73%, owed 90%) and kept Follow up (92%, owed 85%); not measured: Handover."
        ),
    }


@settings(max_examples=examples(50))
@given(st.integers(60, 4_000))
def test_a_message_fits_its_channel_and_says_where_the_page_is(room: int) -> None:
    loud = replace(USUAL, title="@here <!channel>", sides={"a": "@everyone " + "word " * 300})
    title, body = notice_of(loud, "packs/pack-2026-11-17.html", room=room)
    assert len(body) <= room
    assert "packs/pack-2026-11-17.html" in body
    assert not re.search(r"@(here|everyone)|<!", title + body)


def test_the_page_for_minutes_carries_over_what_is_open_and_has_the_agenda_of_the_pack() -> None:
    text = minutes_of(USUAL)
    assert "- [ ] Kim: cover lunch" in text
    assert "ask Ana" not in text
    assert [line.split(". ", 1)[1] for line in text.splitlines() if re.match(r"\d\. ", line)] == [
        f"{each}:" for each in PARTS
    ]


def test_a_page_without_anything_still_has_every_part() -> None:
    page: Page = page_of(QUIET)
    assert tuple(each.title for each in page.parts) == PARTS
    text = page_as_text(page)
    for said in ("Nothing is overdue.", "Nobody asked in this period.", "No lead came back", "There are no minutes"):
        assert said in text
