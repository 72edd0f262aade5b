"""Characters that look like those of a keyboard and are others, as word processors, chats and web pages put them in."""

from __future__ import annotations

import re
import unicodedata

_DASHES = "‐‑‒–—―−"  # noqa: RUF001 - these are what it is about
_TYPED: dict[str, tuple[str, str]] = {
    **dict.fromkeys(_DASHES, ("a dash", "`-`")),
    **dict.fromkeys("“”„‟«»", ("a curly quotation mark", '`"`')),
    **dict.fromkeys("‘’‚‛", ("a curly quotation mark", "`'`")),  # noqa: RUF001 - these are what it is about
    **dict.fromkeys("\u00a0\u2007\u202f\u3000", ("a space of another kind", "a plain space")),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060", ("a character that nobody sees", "nothing")),
    **dict.fromkeys("％", ("a wide percent sign", "`%`")),  # noqa: RUF001 - these are what it is about
    **dict.fromkeys("：", ("a wide colon", "`:`")),  # noqa: RUF001 - these are what it is about
}
"""Character → what it is, and what is typed instead."""
_ODD = re.compile(f"[{''.join(_TYPED)}]")
_NO_PLAIN_LETTER = re.compile(r"[^\W\d_a-zA-Z]")
ODD_INDENTATION = re.compile("[ \t]*[\u00a0\u2007\u202f\u3000]")
"""The beginning of a line that is indented by a space of another kind, which YAML takes for a letter."""


def told_apart(text: str) -> str:
    """Return a sentence on the first character that is not what it looks like, with a space before it, or nothing."""
    found = _ODD.search(text)
    if found is None:
        return ""
    what, typed = _TYPED[found[0]]
    return f" It holds {what} (U+{ord(found[0]):04X}) where {typed} is typed."


def letter_told_apart(text: str) -> str:
    """Return the same for a name, whose letters are a to z: a letter of another alphabet, or one with an accent."""
    odd = told_apart(text)
    found = _NO_PLAIN_LETTER.search(text)
    if odd or found is None:
        return odd
    return f" Its `{found[0]}` is the character {unicodedata.name(found[0], 'without a name')} (U+{ord(found[0]):04X})."
