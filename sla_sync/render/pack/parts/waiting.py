"""Part 4: what the buyer waited, the whole way and what it was made of; and how much arrived when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sla_sync.explain.names import capital, heading, words
from sla_sync.measures.load import Load
from sla_sync.measures.pack import Pack
from sla_sync.measures.speed import BANDS, QUANTILES, Waited
from sla_sync.render.pack.cells import figure_cell, grounds, grounds_of_all
from sla_sync.render.pack.document import Block, Cell, Drawn, Grid, Heading, Part, Said
from sla_sync.render.pack.numbers import share, spelled
from sla_sync.render.pack.pictures import Bands, Hours, Waiting

_CLOCKS = {"wall": "on the wall", "business": "in open hours"}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WHOLE = "raised to touched"


def waiting(pack: Pack) -> Part:
    """Return how long people waited."""
    return Part("waiting", "What the buyer waited", tuple(_blocks(pack)))


def _blocks(pack: Pack) -> Iterator[Block]:
    found = pack.speed
    whole = next((each for each in found if (each.step, each.clock) == (_WHOLE, "wall")), None)
    median = whole.quantiles.get(QUANTILES[0]) if whole is not None else None
    if whole is not None and median is not None and median.value is not None:
        half, naive = spelled(median), spelled(whole.naive_median)
        known = whole.naive_median.value is not None and naive != half
        besides = f" Of the answered alone it would look like {naive}." if known else ""
        yield Said(
            f"Fewer than half of those who asked had an answer: the others waited {half}, and some still do.{besides}"
            if median.at_least
            else f"Half of those who asked had an answer after {half}, with those who still wait counted.{besides}"
        )
    if any(each.basis.n for each in found):
        curves = tuple(filter(None, map(_curve, (each for each in found if each.clock == "wall"))))
        if curves:
            yield Drawn(Waiting(_said(found), curves))
        yield Grid(
            "How long each step took",
            ("Step", "Clock", *(f"{each}% within" for each in QUANTILES)),
            tuple(_row(pack, place, each) for place, each in enumerate(found)),
        )
        yield Drawn(
            Bands(
                f"The whole way by length: {_in_bands(whole)}." if whole else "How long each step took, in bands.",
                BANDS,
                tuple(
                    (capital(each.step), tuple(_band(each, name) for name in BANDS))
                    for each in found
                    if each.clock == "wall" and _is_known(each)
                ),
            )
        )
        yield Grid(
            "How many waited how long, on the wall",
            ("Step", *BANDS),
            tuple(
                (
                    Cell(capital(each.step)),
                    *(
                        figure_cell(pack, each.bands[name], "speed", place, "bands", name)
                        if name in each.bands
                        else Cell("")
                        for name in BANDS
                    ),
                )
                for place, each in enumerate(found)
                if each.clock == "wall" and _is_known(each)
            ),
        )
        yield grounds_of_all(
            (f"{capital(each.step)}, {_CLOCKS.get(each.clock, each.clock)}", each.basis) for each in found
        )
    else:
        yield Said("Nobody asked in this period.")
    for place, load in enumerate(pack.load):
        yield from _load(pack, place, load)


def _row(pack: Pack, place: int, each: Waited) -> tuple[Cell, ...]:
    cells = (_quantile(pack, each, place, part) if part in each.quantiles else Cell("") for part in QUANTILES)
    return (Cell(capital(each.step)), Cell(_CLOCKS.get(each.clock, each.clock)), *cells)


def _quantile(pack: Pack, each: Waited, place: int, part: int) -> Cell:
    figure = replace(each.quantiles[part], note="")
    return figure_cell(pack, figure, "speed", place, "quantiles", part, business=each.clock == "business")


def _curve(each: Waited) -> tuple[str, tuple[tuple[float, float], ...]] | None:
    points = [
        (figure.value, 1 - part / 100)
        for part, figure in sorted(each.quantiles.items())
        if figure.value is not None and not figure.at_least
    ]
    return (capital(each.step), tuple(points)) if points else None


def _said(found: tuple[Waited, ...]) -> str:
    lines = [
        f"{each.step}: " + ", ".join(f"{part}% within {spelled(figure)}" for part, figure in each.quantiles.items())
        for each in found
        if each.clock == "wall"
    ]
    return f"How many still wait after a time, on the wall. {'; '.join(lines)}."


def _is_known(each: Waited) -> bool:
    return any(figure.value is not None for figure in each.bands.values())


def _band(each: Waited, name: str) -> float:
    return (each.bands[name].value or 0.0) if name in each.bands else 0.0


def _in_bands(each: Waited) -> str:
    return ", ".join(f"{name} {share(_band(each, name))}" for name in BANDS)


def _load(pack: Pack, place: int, each: Load) -> Iterator[Block]:
    yield Heading(f"How much arrived when: {words(each.team)}")
    outside = figure_cell(pack, each.outside, "load", place, "outside", n=True)
    busy = figure_cell(pack, each.utilisation, "load", place, "utilisation")
    waits = tuple(
        (Cell(f"{_clock(name)}: how likely somebody waits longer than the limit"),
         figure_cell(pack, figure, "load", place, "waits", name))
        for name, figure in each.waits.items()
    )  # fmt: skip
    yield Grid(
        f"Load of {words(each.team)}",
        ("What", "Value"),
        ((Cell("Arrived outside open hours"), outside), (Cell("Hours of effort per hour of capacity"), busy), *waits),
    )
    counts = tuple((day, hour, number) for (day, hour), number in sorted(each.by_hour.items()) if number)
    if counts:
        day, hour, most = max(counts, key=lambda found: found[2])
        said = f"Arrivals of {words(each.team)} by weekday and hour; the most, {most}, on {_DAYS[day]} at {hour:02}:00."
        yield Drawn(Hours(said, counts))
    yield grounds(each.basis, words(each.team))


def _clock(name: str) -> str:
    """Return the name of a commitment and a priority: `first-response, hot` → First response, hot."""
    commitment, comma, priority = name.partition(", ")
    return f"{heading(commitment)}{comma}{words(priority)}"
