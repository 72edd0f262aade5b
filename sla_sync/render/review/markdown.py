"""A review as the one comment on a pull request: the summary first, the rest folded, within the host's limit of size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sla_sync.diagnostics import Diagnostic
from sla_sync.render.diagnostics import escape
from sla_sync.render.review import sentences
from sla_sync.render.words import count
from sla_sync.review.outcome import Consented, Review, Unreviewed

COMMENT = 65_536
"""Characters of a comment on GitHub; GitLab takes a million."""
STEP_SUMMARY = 1_000_000
"""Bytes of the summary of one step are limited to 1 MiB."""
_RESERVE = 600
"""Room for what is said of the part that was left out."""
_LONGEST = 1_000
"""Characters of one line that others wrote."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the comment: what is always shown, before and after lines of which as many are shown as there is room for."""

    before: tuple[str, ...]
    lines: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def marker(name: str) -> str:
    """Return the hidden first line by which the comment about an agreement is found again."""
    return f"<!-- sla-sync:review:{''.join(each for each in name if each.isalnum() or each in '-_')} -->"


def review_as_markdown(review: Review | Unreviewed, *, most: int = COMMENT, command: str = "sla-sync review") -> str:
    """Return the comment, of at most `most` bytes; `command` shows all where something was left out."""
    parts = _unreviewed(review) if isinstance(review, Unreviewed) else _parts(review)
    return _fitted([_Part((marker(review.title),)), *parts], most, command)


def _unreviewed(review: Unreviewed) -> Iterator[_Part]:
    said = (f"{_said(review.because)}", "", f"{_said(review.hint)}")
    yield _Part((f"### {_said(sentences.headline(review))} · {sentences.status(review)}", "", *said, ""))
    yield from _findings("Findings", review.diagnostics)


def _parts(review: Review) -> Iterator[_Part]:
    amendments = review.difference.amendments
    yield _Part((f"### {_said(sentences.headline(review))} · {sentences.status(review)}", ""))
    if amendments:
        author = f" Author: «{_said(review.author)}»" if review.author else ""
        yield _Part((f"{_said(sentences.gains_of_all(amendments))}{author}", ""))
    if len(amendments) > 1:
        asked = sentences.asked_by(review)
        yield _Part((), tuple(_amendment(each.sentence, asked[index]) for index, each in enumerate(amendments)), ("",))
    rows = tuple(
        f"| {_said(row.what)} | {_said(row.now)} | {_said(row.proposed)} |" for a in amendments for row in a.rows
    )
    if rows:
        yield _Part(("| What | Now | Proposed |", "|---|---|---|"), rows, ("",))
    yield _Part((*_effects(review), ""))
    yield from _findings("To be corrected", sentences.corrections(review))
    yield _Part((*_signed(review), ""))
    yield from _findings("New findings", review.appeared, folded=True)
    yield from _settings(review)
    yield from _findings("Findings that go", review.disappeared, folded=True)


def _amendment(sentence: str, roles: Sequence[str]) -> str:
    signed = f" *({_said(', '.join(map(sentences.role, roles)))})*" if roles else ""
    return f"- {_said(sentence)}{signed}"


def _effects(review: Review) -> Iterator[str]:
    settings = sentences.settings_in_short(review)
    if settings:
        yield f"- **Settings:** {_said(settings)}"
    if review.open_leads:
        yield f"- {_said(' '.join(review.open_leads))}"
    yield f"- **Checks:** {_said(sentences.checks_in_short(review))}"
    if review.impact is not None:
        yield f"- **{_said(review.impact.over)}:** {_said(' '.join((*review.impact.lines, *review.impact.unknown)))}"
    for what, why in (review.untold or {}).items():
        yield f"- **{_said(sentences.titled(what))}:** {_said(why)}"


def _signed(review: Review) -> Iterator[str]:
    boxes = [_box(role, signed) for role, signed in sentences.boxes(review)]
    if boxes:
        yield "&nbsp; ".join(boxes)
        yield ""
    if review.notice is not None:
        yield _said(sentences.in_force(review.notice, missing=bool(review.consent.missing)))


def _box(role: str, signed: Consented | None) -> str:
    if signed is None:
        return f"☐ {_said(sentences.role(role))}"
    return f"☑ {_said(sentences.role(role))} ({sentences.day(signed.on)}, {_evidence(signed.evidence)})"


def _evidence(evidence: str) -> str:
    """Return a link to what shows a consent; a path inside the repository is named as it is."""
    if not evidence.startswith("https://") or len(evidence) > _LONGEST:
        return _said(evidence)
    return f"[evidence](<{quote(evidence, safe=':/?#@!$&*+,;=%~.-_')}>)"


def _settings(review: Review) -> Iterator[_Part]:
    for each in review.settings:
        lines = sentences.folded((*each.changed, *each.created, *each.removed))
        shown = tuple(f"- {_said(line)}" for line in (*lines, *(f"by hand: {step}" for step in each.manual)))
        if shown:
            yield _folded(f"Settings on {each.target}, by {each.compared}", shown)


def _findings(heading: str, found: Sequence[Diagnostic], *, folded: bool = False) -> Iterator[_Part]:
    if not found:
        return
    lines = tuple(_finding(each) for each in found)
    if folded:
        yield _folded(f"{heading}: {len(found)}", lines)
    else:
        yield _Part((f"**{heading}**", ""), lines, ("",))


def _finding(found: Diagnostic) -> str:
    place = f" at {_said(str(found.location))}" if found.location else ""
    hint = f" {_said(found.hint)}" if found.hint else ""
    return f"- `{found.code}` {found.severity}{place}: {_said(found.message)}{hint}"


def _folded(heading: str, lines: tuple[str, ...]) -> _Part:
    return _Part(("<details>", f"<summary>{_said(heading)}</summary>", ""), lines, ("", "</details>", ""))


def _said(text: str) -> str:
    """Return text of others as Markdown shows it, cut; it calls nobody by an @."""
    return escape(sentences.short(text, _LONGEST)).replace("@", "@\N{WORD JOINER}")


def _fitted(parts: Sequence[_Part], most: int, command: str) -> str:
    """Return the parts in their order with as many lines as there is room for; what frames them is always there."""
    room = most - _RESERVE - sum(_size(line) for part in parts for line in (*part.before, *part.after))
    shown: list[str] = []
    left_out = 0
    for part in parts:
        kept = []
        for line in part.lines:
            if left_out == 0 and _size(line) <= room:
                kept.append(line)
                room -= _size(line)
            else:
                left_out += 1
        if kept or not part.lines:
            shown += [*part.before, *kept, *part.after]
    if left_out:
        shown += [f"*{count(left_out, 'line')} left out, for a comment has its limit; all of it: {_said(command)}*"]
    return "\n".join(shown).strip() + "\n"


def _size(line: str) -> int:
    return len(line.encode()) + 1
