"""Pages that come to an end: the place of a further page is taken once, so that an answer leads nobody in a circle."""

from __future__ import annotations

_MOST = 100_000
"""Pages of one list; a hundred records each are ten million."""


def onward(seen: set[str], place: object) -> str:
    """Return the place of a further page, and keep it in `seen`. Raises ValueError where it was read, or follows too many."""
    text = str(place)
    if text in seen or len(seen) >= _MOST:
        raise ValueError(f"after {len(seen) + 1} pages it leads to «{text[:80]}», which was read already")
    seen.add(text)
    return text
