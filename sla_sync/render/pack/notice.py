"""The pack as a short message: what each side owed, what is overdue, and where the page is."""

from __future__ import annotations

from sla_sync.measures.pack import Pack
from sla_sync.render.notice import harmless
from sla_sync.render.pack.numbers import span
from sla_sync.render.pack.page import MADE_UP
from sla_sync.render.words import count


def notice_of(pack: Pack, place: str, *, room: int) -> tuple[str, str]:
    """Return the title and the body of a message of at most so many characters; `place` says where the page is."""
    late = sum(pack.overdue.count.values())
    lines = [
        *([MADE_UP] if pack.synthetic else []),
        *pack.sides.values(),
        f"{count(late, 'promise')} overdue now." if late else "Nothing is overdue.",
    ]
    end = harmless(f"The whole pack: {place}")
    body = harmless("\n".join(lines))
    if len(body) + len(end) + 1 > room:
        body = f"{body[: max(0, room - len(end) - 2)]}…"
    return harmless(f"{pack.title or pack.agreement} · {span(pack.period)}"), f"{body}\n{end}"[:room]
