"""Cells and grounds that the parts of the pack share: a figure with its place in the JSON, an owner, a lead, a basis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from sla_sync.attainment.shares import Share
from sla_sync.measures.figures import Basis, Figure, Unit
from sla_sync.measures.pack import Pack
from sla_sync.render.pack.document import Cell, Grounds
from sla_sync.render.pack.numbers import UNKNOWN, between, count_of, of_share, spelled
from sla_sync.render.pack.plain import pointer

NOBODY = "nobody"
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
_SENTENCES = re.compile(r"(?<=\.)\s+(?=[A-Z])")
_VOID = {
    "queue": "waited in a queue for an owner",
    "import": "came by an import",
    "merged": "merged",
    "deleted": "deleted",
    "test": "test records",
}


def figure_cell(pack: Pack, figure: Figure, *at: str | int, business: bool = False, n: bool = False) -> Cell:
    """Return the cell of a figure; with `n` also of how many it is, and how far the truth may lie from it."""
    text = spelled(figure, currency=pack.currency, business=business)
    if n and figure.value is not None:
        reach = between(figure.interval, figure.unit, currency=pack.currency)
        besides = [*([f"n {figure.n:,}"] if figure.n is not None else []), *([reach] if reach else [])]
        text += f" ({', '.join(besides)})" if besides else ""
    if figure.note and figure.value is None:
        text = f"{text}: {figure.note}"
    return Cell(text, pointer(*at, "value"), figure.value)


def share_cell(found: Share, *at: str | int) -> Cell:
    """Return the cell of a share: `73% (264 of 361)`."""
    return Cell(of_share(found), pointer(*at, "value"), found.value)


def count_cell(value: float | None, *at: str | int) -> Cell:
    """Return the cell of a count."""
    return Cell(UNKNOWN if value is None else count_of(value), pointer(*at), value)


def interval_cell(found: Share) -> Cell:
    """Return the interval of a share in words."""
    return Cell(between(found.interval, Unit.SHARE))


def owner(pack: Pack, user: str | None) -> str:
    """Return how an owner is called: by name where the readers may see it, else by id."""
    return NOBODY if user is None else pack.names.get(user, user)


def lead_cell(pack: Pack, lead: str) -> Cell:
    """Return the id of a lead with the link to its record, where there is one."""
    return Cell(lead, link=link_of(pack, lead))


def link_of(pack: Pack, lead: str) -> str:
    """Return the address of a lead's record, or an empty text."""
    return pack.links.replace("{id}", lead) if pack.links and _ID.fullmatch(lead) else ""


def grounds(basis: Basis, about: str = "") -> Grounds:
    """Return what a number means, of how many it is, and what was left out."""
    out, lost = sum(basis.left_out.values()), sum(basis.unusable.values())
    title = f"What this counts{f' ({about})' if about else ''}: n {basis.n:,}"
    title += f", {out:,} left out" if out else ""
    title += f", {lost:,} not usable" if lost else ""
    tallies = (f"{each[:1].upper()}{each[1:]}." for each in _tallies(basis))
    return Grounds(title, (basis.definition, *tallies, *([basis.note] if basis.note else [])))


def grounds_of_all(found: Iterable[tuple[str, Basis]]) -> Grounds:
    """Return what several numbers mean: each sentence once, then of each how many it is and what was left out."""
    named = tuple(found)
    said = dict.fromkeys(
        sentence for _, basis in named for line in (basis.definition, basis.note) for sentence in _SENTENCES.split(line)
    )
    said.pop("", None)
    counts = (f"{'; '.join((f'{about}: n {basis.n:,}', *_tallies(basis)))}." for about, basis in named)
    return Grounds("What these count", (*said, *counts))


def _tallies(basis: Basis) -> Iterator[str]:
    if sum(basis.left_out.values()):
        yield f"left out: {tally(basis.left_out)}"
    if sum(basis.unusable.values()):
        yield f"not usable: {tally(basis.unusable)}"


def tally(counts: Mapping[str, int]) -> str:
    """Return counts by their reasons, the largest first: `61 merged, 4 test records`."""
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{number:,} {_VOID.get(reason, reason)}" for reason, number in ordered if number)
