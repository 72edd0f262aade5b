"""One layout for every document: order, indentation, quotation marks and space; nothing that the document says changes."""

from __future__ import annotations

from collections.abc import Callable

import yaml

from sla_sync.agreement.characters import decoded
from sla_sync.agreement.compose import compose
from sla_sync.authoring.indentation import with_even_indentation
from sla_sync.authoring.meaning import interchangeable
from sla_sync.authoring.order import in_reference_order
from sla_sync.authoring.quotes import without_idle_quotes
from sla_sync.authoring.spacing import with_even_gaps, with_plain_line_ends, without_idle_space
from sla_sync.diagnostics import Diagnostic, errors_in
from sla_sync.errors import DocumentError

STEPS: tuple[Callable[[str], str], ...] = (
    with_plain_line_ends,
    without_idle_space,
    without_idle_quotes,
    with_even_gaps,
    with_even_indentation,
    in_reference_order,
    without_idle_space,
)
_MOST_ROUNDS = 5


def readable(content: bytes, file: str) -> str:
    """Return the text of a file. Raises DocumentError, with every finding, where it is no YAML that the language knows."""
    found = decoded(content, file)
    findings: tuple[Diagnostic, ...] = (found.finding,) if found.finding else compose(found.text, file).findings
    if errors_in(findings):
        raise DocumentError(f"{file} cannot be read, so it stays as it is.", findings)
    return found.text


def laid_out(text: str) -> str:
    """Return a readable text in the one layout; a step that would change what the text says is left out."""
    for _ in range(_MOST_ROUNDS):
        before = text
        for step in STEPS:
            text = _proven(step, text)
        if text == before:
            break
    return text


def _proven(step: Callable[[str], str], text: str) -> str:
    try:
        new = step(text)
    except yaml.YAMLError:
        return text
    return new if interchangeable(text, new) else text
