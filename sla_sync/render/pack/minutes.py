"""The page for a meeting's minutes: the agenda in the order of the pack, actions carried over, and room for decisions."""

from __future__ import annotations

import re

from sla_sync.explain.names import words
from sla_sync.measures.pack import Pack
from sla_sync.render.diagnostics import escape
from sla_sync.render.pack.document import Page
from sla_sync.render.words import visible

_TAG = re.compile(r"(?<!\\)<")


def minutes_as_markdown(pack: Pack, page: Page, day: str) -> str:
    """Return the page to be filled in at the meeting of a day."""
    readers = ", ".join(map(words, pack.readers)) or "everybody whom the agreement names"
    carried = pack.minutes.open_actions if pack.minutes else ()
    since = f" (since {pack.minutes.day})" if pack.minutes and carried else ""
    lines = [
        f"# Minutes of {day}: {escape(page.title)}",
        "",
        *([f"> **{escape(page.warning)}**", ""] if page.warning else []),
        f"There: {escape(readers)}",
        "",
        "## What each side owed",
        "",
        *(f"- {escape(each)}" for each in pack.sides.values()),
        "",
        "## Agenda",
        "",
        *(f"{place}. {escape(part.title)}:" for place, part in enumerate(page.parts, start=1)),
        "",
        f"## Open actions{escape(since)}",
        "",
        "An action that is done gets an x: `- [x]`. What is open is carried over to the next meeting.",
        "",
        *(f"- [ ] {_action(each)}" for each in carried),
        "- [ ] ",
        "",
        "## Decisions",
        "",
        "| What was decided | Who decided | From when on |",
        "| --- | --- | --- |",
        "|  |  |  |",
        "",
        "A decision that changes the agreement is written into its file and signed: `sla-sync review`.",
        "",
    ]
    return "\n".join(lines)


def _action(text: str) -> str:
    """Return an action as it stood in the last minutes, which are Markdown already, without tags or signs that steer a screen."""
    return _TAG.sub(r"\<", " ".join(visible(text).split()))
