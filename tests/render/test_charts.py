"""Pictures of the pack: shapes and texts alone, with a title that says all of it, whatever others called things."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from sla_sync.render.charts import svg_of
from sla_sync.render.pack.pictures import Bands, Bars, Cohorts, Hours, Month, Picture, Waiting, Weeks
from sla_sync.render.words import visible
from tests.render.reported import EVIL

SVG = "{http://www.w3.org/2000/svg}"
PICTURES: dict[str, Picture] = {
    "weeks": Weeks(
        EVIL, (("21 Sep", 0.7, 0.5, 0.8), ("28 Sep", None, None, None), ("5 Oct", 0.8, None, None)), 0.9, True
    ),
    "waiting": Waiting(EVIL, ((EVIL, ((0.5, 0.5), (540.0, 0.25))), ("assigned to touched", ((90_000.0, 0.5),)))),
    "bands": Bands(EVIL, ("0–5 min", "none yet"), ((EVIL, (0.25, 0.75)), ("b", (0.0, 0.0)))),
    "month": Month(EVIL, ((1, 3.0), (2, 8.0)), 30, 2, 12.5, 110.0),
    "bars": Bars(EVIL, ((EVIL, 9, 4), ("missing", 0, 0)), "after a touch", "before any touch"),
    "cohorts": Cohorts(EVIL, (("Oct 2026", 0.68, 0.5, 0.8, False), ("Nov 2026", 0.71, None, None, True))),
    "hours": Hours(EVIL, ((0, 9, 4), (6, 23, 1))),
}
NOTHING: dict[str, Picture] = {
    "weeks": Weeks("Nothing.", (), None, False),
    "waiting": Waiting("Nothing.", ()),
    "bands": Bands("Nothing.", ("0–5 min",), ()),
    "month": Month("Nothing.", (), 30, 1, 0.0, 0.0),
    "bars": Bars("Nothing.", (), "leads", ""),
    "cohorts": Cohorts("Nothing.", ()),
    "hours": Hours("Nothing.", ()),
}


def drawn(picture: Picture) -> etree._Element:
    """Return a picture as a page gets it."""
    return etree.fromstring(svg_of(picture, "p1-"))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_shapes_and_texts_and_its_title_says_what_it_shows(name: str) -> None:
    root = drawn(PICTURES[name])
    assert root.findtext(f"{SVG}title") == visible(EVIL)
    assert root.get("aria-labelledby") == "p1-title"
    shapes = [each for each in root.iter() if each.tag in {f"{SVG}path", f"{SVG}text", f"{SVG}rect", f"{SVG}line"}]
    assert len(shapes) > 3
    for each in root.iter():
        names = {str(key) for key in each.attrib}
        assert not [key for key in names if key.startswith(("on", "style", "xlink", "{")) or "href" in key]
        assert each is root or not names & {"role", "aria-label", "aria-hidden"}
        assert str(each.get("id", "p1-")).startswith("p1-")
        for value in each.attrib.values():
            assert "url(" not in str(value) or str(value).startswith("url(#p1-")
    said = "".join(map(str, root.itertext()))
    assert not re.search("[\u202a-\u202e\u200f\x1b]", said)


def test_months_whose_time_is_not_over_are_hatched_and_others_are_not() -> None:
    root = drawn(PICTURES["cohorts"])
    assert root.find(f".//{SVG}pattern[@id='p1-hatch']") is not None
    hatched = [each for each in root.iter() if each.get("fill") == "url(#p1-hatch)"]
    assert len(hatched) == 2, "one bar, and its colour in the legend"
    assert drawn(PICTURES["bars"]).find(f".//{SVG}pattern") is None


def test_numbers_stand_at_their_bars_and_lines() -> None:
    texts = {
        name: {str(each.text) for each in drawn(PICTURES[name]).iter(f"{SVG}text")}
        for name in ("bars", "month", "cohorts")
    }
    assert {"9", "0", "before any touch", "after a touch", "missing"} <= texts["bars"]
    assert {"so far 8", "target 110"} <= texts["month"]
    assert {"68%", "71%", "Nov 2026"} <= texts["cohorts"]


@pytest.mark.parametrize("name", NOTHING)
def test_a_picture_of_nothing_can_be_drawn(name: str) -> None:
    assert drawn(NOTHING[name]).findtext(f"{SVG}title") == "Nothing."
