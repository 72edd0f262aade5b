"""The way of a lead as a drawing: the stages downward, who answers for each, and the ways out beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise

from sla_sync.agreement.document import Agreement
from sla_sync.explain.names import capital, heading, listed, title, words
from sla_sync.explain.path import main_path

_WIDTH = 700
_LEFT, _BOX, _HEIGHT, _GAP = 44, 240, 54, 38
_OUT_X, _OUT_BOX, _OUT_HEIGHT, _OUT_GAP = 440, 250, 70, 22
_PALETTE = ("#e3eef7", "#e8f1e4", "#f6eddc", "#efe7f4", "#f7e6e6", "#e5eeee")
_EDGES = ("#1f5f8b", "#3f7a34", "#a06a12", "#6d4a8f", "#a14545", "#3f7373")
_INK, _SOFT = "#1c2430", "#5a6472"
_LINES = (_SOFT, "#a06a12", "#a14545", "#6d4a8f", "#3f7373")


def describe(agreement: Agreement) -> str:
    """Return in words what the drawing shows."""
    path = main_path(agreement)
    onward = " to ".join(words(each) for each in path)
    out = [
        f"from {listed([words(each) for each in _entries(name, agreement)], last='or')} to {words(name)}"
        + (f", from there back to {listed(back, last='or')}" if (back := _back(name, path, agreement)) else "")
        for name in _aside(path, agreement)
    ]
    return f"The way goes from {onward}. Ways out: {'; '.join(out)}." if out else f"The way goes from {onward}."


def draw(agreement: Agreement) -> str:
    """Return the drawing as SVG, with colours by side and every text in it escaped."""
    path = main_path(agreement)
    aside = sorted(_aside(path, agreement), key=lambda name: _height(name, path, agreement))
    sides = list(dict.fromkeys(_side(name, agreement) for name in agreement.stages))
    colours = {side: index % len(_PALETTE) for index, side in enumerate(sides)}
    tops = {name: 10 + index * (_HEIGHT + _GAP) for index, name in enumerate(path)}
    left_bottom = 10 + len(path) * (_HEIGHT + _GAP)
    spread = max(_OUT_HEIGHT + _OUT_GAP, (left_bottom - _GAP - _OUT_HEIGHT) // max(len(aside) - 1, 1)) if aside else 0
    first = 10 if len(aside) > 1 else max(10, (left_bottom - _GAP - _OUT_HEIGHT) // 2)
    out_tops = {name: first + index * spread for index, name in enumerate(aside)}
    bottom = max(left_bottom - _GAP, *(top + _OUT_HEIGHT for top in out_tops.values()), 0) + 16
    parts = [
        *_arrows(path, tops, agreement),
        *_jumps(path, tops, agreement),
        *_ways_out(path, tops, out_tops, agreement),
        *(_stage(name, _LEFT, tops[name], agreement, colours) for name in path),
        *(_out(name, out_tops[name], path, agreement, colours) for name in aside),
        *_legend(sides, colours, bottom),
    ]
    height = bottom + 34
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}" '
        f'font-size="14" fill="{_INK}">\n<defs>{"".join(_tip(each) for each in range(len(_LINES)))}</defs>\n'
        + "\n".join(parts)
        + "\n</svg>"
    )


def _side(name: str, agreement: Agreement) -> str:
    said = agreement.roles.get(agreement.stages[name].accountable or "")
    return said.party if said else ""


def _aside(path: Sequence[str], agreement: Agreement) -> Sequence[str]:
    return [name for name in agreement.stages if name not in path]


def _height(name: str, path: Sequence[str], agreement: Agreement) -> float:
    """Return from how far down the way a way out is entered on average, so that fewer lines cross."""
    entered = [path.index(each) for each in _entries(name, agreement) if each in path]
    return sum(entered) / len(entered) if entered else len(path)


def _entries(name: str, agreement: Agreement) -> Sequence[str]:
    return [start for start, stage in agreement.stages.items() if name in stage.moves and start != name]


def _back(name: str, path: Sequence[str], agreement: Agreement) -> Sequence[str]:
    return [words(each) for each in agreement.stages[name].moves if each in path]


def _arrows(path: Sequence[str], tops: Mapping[str, int], agreement: Agreement) -> Sequence[str]:
    rates = agreement.goal.plan.rates if agreement.goal and agreement.goal.plan else {}
    middle = _LEFT + _BOX // 2
    parts = []
    for start, end in pairwise(path):
        top = tops[start] + _HEIGHT
        parts.append(_line(f"M{middle} {top} V{tops[end] - 2}"))
        rate = rates.get(f"{start} to {end}") if isinstance(rates, dict) else None
        if rate is not None:
            parts.append(f'<text x="{middle + 10}" y="{top + 24}" fill="{_SOFT}">{escape(str(rate))} go on</text>')
    return parts


def _jumps(path: Sequence[str], tops: Mapping[str, int], agreement: Agreement) -> Sequence[str]:
    """Return a dashed line, left of the stages, for each move that leaves out the next stage."""
    parts: list[str] = []
    for index, start in enumerate(path):
        for end in path[index + 2 :]:
            if end in agreement.stages[start].moves:
                rail = _LEFT - 12 - 10 * (len(parts) % 3)
                parts.append(_line(f"M{_LEFT} {tops[start] + 36} H{rail} V{tops[end] + 18} H{_LEFT - 2}", dashed=True))
    return parts


def _ways_out(
    path: Sequence[str], tops: Mapping[str, int], out_tops: Mapping[str, int], agreement: Agreement
) -> Sequence[str]:
    """Return a line from each stage of the way to each way out, side by side so that none covers another."""
    right = _LEFT + _BOX
    parts = []
    for lane, name in enumerate(out_tops):
        rail = right + 34 + lane * 22
        target = out_tops[name] + 24
        for start in _entries(name, agreement):
            if start not in path:
                continue
            ways = [each for each in out_tops if each in agreement.stages[start].moves]
            y = tops[start] + _HEIGHT * (ways.index(name) + 1) // (len(ways) + 1)
            parts.append(_line(f"M{right} {y} H{rail} V{target} H{_OUT_X - 2}", colour=lane % len(_LINES)))
    return parts


def _line(path: str, *, colour: int = 0, dashed: bool = False) -> str:
    dashes = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<path d="{path}" fill="none" stroke="{_LINES[colour]}" stroke-width="1.4"{dashes} '
        f'marker-end="url(#tip-{colour})"/>'
    )


def _tip(colour: int) -> str:
    return (
        f'<marker id="tip-{colour}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0 8 4 0 8z" fill="{_LINES[colour]}"/></marker>'
    )


def _stage(name: str, left: int, top: int, agreement: Agreement, colours: Mapping[str, int]) -> str:
    return _box(left, top, _BOX, _HEIGHT, colours[_side(name, agreement)], (heading(name), _owner(name, agreement)))


def _out(name: str, top: int, path: Sequence[str], agreement: Agreement, colours: Mapping[str, int]) -> str:
    back = _back(name, path, agreement)
    others = [words(each) for each in agreement.stages[name].moves if each not in path]
    last = (
        f"comes back to {listed(back, last='or')}"
        if back
        else f"goes to {listed(others, last='or')}"
        if others
        else "ends here"
    )
    texts = (heading(name), _owner(name, agreement), last)
    return _box(_OUT_X, top, _OUT_BOX, _OUT_HEIGHT, colours[_side(name, agreement)], texts)


def _owner(name: str, agreement: Agreement) -> str:
    accountable = agreement.stages[name].accountable
    return capital(title(accountable)) if accountable else "nobody named"


def _box(left: int, top: int, width: int, height: int, colour: int, texts: Sequence[str]) -> str:
    first, *others = texts
    lines = "".join(
        f'<text x="{left + 14}" y="{top + 41 + index * 18}" font-size="12.5" fill="{_SOFT}">{escape(_short(each))}</text>'
        for index, each in enumerate(others)
    )
    return (
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="6" fill="{_PALETTE[colour]}" '
        f'stroke="{_EDGES[colour]}"/><text x="{left + 14}" y="{top + 22}" font-weight="600">{escape(_short(first))}</text>{lines}'
    )


def _short(text: str) -> str:
    longest = 34
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _legend(sides: Sequence[str], colours: Mapping[str, int], top: int) -> Sequence[str]:
    parts = []
    left = _LEFT
    for side in sides:
        label = capital(words(side)) if side else "Nobody named"
        colour = colours[side]
        parts.append(
            f'<rect x="{left}" y="{top + 4}" width="14" height="14" rx="3" fill="{_PALETTE[colour]}" stroke="{_EDGES[colour]}"/>'
            f'<text x="{left + 21}" y="{top + 16}" font-size="12.5" fill="{_SOFT}">{escape(label)}</text>'
        )
        left += 42 + 8 * len(label)
    return parts
