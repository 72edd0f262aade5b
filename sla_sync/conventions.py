"""Spellings that stand in one place: the version of the language, and the mark by which we know what is ours."""

from __future__ import annotations

from typing import Final

API_VERSION: Final = "sla-sync/v1"
FORMAT_VERSION = 1
STATE_FOLDER = ".sla-sync"
_MARK = "managed by sla-sync"


def mark_line(agreement: str) -> str:
    """Return the line that a setting of ours bears in its description; it holds no digest, or every commit would change it."""
    return f"{_MARK} {agreement}"


def describe(means: str, agreement: str, *, limit: int) -> str:
    """Return a description that quotes the agreement and bears our mark, cut to `limit` characters without losing the mark."""
    mark = mark_line(agreement)
    room = limit - len(mark) - 2
    text = means if len(means) <= room else means[: room - 1].rstrip() + "…"
    return f"{text}\n\n{mark}" if text else mark


def bears_mark(text: str | None, agreement: str) -> bool:
    """Return whether one line of `text` is our mark for this agreement."""
    mark = mark_line(agreement)
    return any(line.strip() == mark for line in (text or "").replace("\r", "\n").split("\n"))


def unmarked(text: str, agreement: str) -> str:
    """Return a text without the lines that are our mark for this agreement, and without the gap that they leave."""
    mark = mark_line(agreement)
    kept = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip() != mark]
    return "\n".join(kept).strip("\n")
