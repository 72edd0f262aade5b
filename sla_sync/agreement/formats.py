"""What is raised when a text has not the form that it must have."""

from __future__ import annotations


class FormatError(ValueError):
    """A text cannot be read. `offset` counts characters from 0; `hint` starts with a verb and says what to write."""

    def __init__(self, message: str, *, offset: int = 0, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset
        self.hint = hint


def shortened(text: str, limit: int = 40) -> str:
    """Return the text for use in a message: on one line, and no longer than `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
