"""What commitments came to before they were promised, as text, Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from sla_sync.measures.baseline import Baseline, as_plain, per_month
from sla_sync.measures.figures import Figure
from sla_sync.measures.scorecard import Kept
from sla_sync.render.pack.document import Block, Cell, Grid, Grounds, Page, Part, Points, Said
from sla_sync.render.pack.markdown import page_as_markdown
from sla_sync.render.pack.numbers import between, count_of, number, span, spelled
from sla_sync.render.pack.text import page_as_text

MADE_UP = "This history was made up. It says nothing about anybody."
_HEAD = ("Commitment", "Would be promised", "Was", "Of", "Between")


def baseline_as_text(found: Baseline) -> str:
    """Return what was measured in columns, then what was not and why."""
    return page_as_text(_page(found))


def baseline_as_markdown(found: Baseline) -> str:
    """Return the same as Markdown, with what each number means."""
    return page_as_markdown(_page(found))


def baseline_as_json(found: Baseline) -> str:
    """Return what was measured as it is kept."""
    return json.dumps(as_plain(found), indent=2, ensure_ascii=False, allow_nan=False)


def _page(found: Baseline) -> Page:
    days = f"{span(found.period)}, {found.period.zone}"
    standing = (
        f"{days}: {_months(found.months)} by business days. As if version {found.version} had been in force.",
        f"From {found.source}, as of {found.as_of:%Y-%m-%d %H:%M} UTC.",
    )
    parts = [Part("measured", "What was", tuple(_measured(found)))]
    lacking = [f"{each.commitment}: {each.because}" for each in found.kept if each.because]
    if lacking or found.gaps:
        blocks: list[Block] = [Points("Not measured", tuple(lacking))] if lacking else []
        blocks += [Said(each) for each in found.gaps]
        parts.append(Part("not-measured", "What could not be measured", tuple(blocks)))
    return Page(f"Baseline of {found.title}", standing, MADE_UP if found.synthetic else "", tuple(parts))


def _measured(found: Baseline) -> Iterator[Block]:
    told = [each for each in found.kept if not each.because]
    if not told:
        yield Said("Nothing of the agreement could be measured.")
        return
    yield Grid("What each commitment came to", _HEAD, tuple(_row(found, each) for each in told))
    for each in told:
        yield Grounds(f"{each.commitment}: n {each.basis.n:,}", tuple(_grounds(each)))


def _row(found: Baseline, each: Kept) -> tuple[Cell, ...]:
    monthly, actual, currency = per_month(found, each), each.actual, found.currency
    was = spelled(actual, currency=currency)
    if monthly is not None:
        was = f"{number(monthly, actual.unit, currency=currency)} a month ({was} in all)"
    target = _target(found, each.target)
    return (
        Cell(each.commitment),
        Cell(target),
        Cell(was if actual.value is not None else f"{was}: {actual.note}"),
        Cell(f"{actual.n:,}" if actual.n is not None else ""),
        Cell(between(actual.interval, actual.unit, currency=currency)),
    )


def _months(number: float) -> str:
    said = count_of(number)
    return f"{said} {'month' if said == '1' else 'months'}"


def _target(found: Baseline, target: Figure | None) -> str:
    if target is None or target.value is None:
        return "no number"
    monthly = target.unit in {"count", "money"} and found.months
    if monthly:
        return f"{number(target.value / found.months, target.unit, currency=found.currency)} a month"
    return spelled(target, currency=found.currency)


def _grounds(each: Kept) -> Iterator[str]:
    yield each.basis.definition
    if each.basis.left_out:
        yield f"Left out: {_tally(each.basis.left_out)}."
    if each.basis.unusable:
        yield f"Not usable: {_tally(each.basis.unusable)}."
    if each.basis.note:
        yield each.basis.note


def _tally(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {reason}" for reason, n in counts.items())
