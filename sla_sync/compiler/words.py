"""How an agreed name is read by people."""

from __future__ import annotations

from collections.abc import Sequence

_LETTERS = frozenset({
    "ae", "aql", "apac", "bdr", "crm", "dach", "emea", "eu", "id", "latam", "mql", "pql", "sal", "sao", "sdr", "sla",
    "sql", "sqo", "tal", "tql", "uk", "url", "us", "vp",
})  # fmt: skip


def label(name: str) -> str:
    """Return a name in words: `first-response` → First Response, `mql` → MQL."""
    words = name.replace("-", " ").replace("_", " ").split()
    return " ".join(word.upper() if word.lower() in _LETTERS else word[:1].upper() + word[1:] for word in words)


def listed(words: Sequence[str], *, last: str = "and") -> str:
    """Return words as a sentence lists them: A, B and C."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)
