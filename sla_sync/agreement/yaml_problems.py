"""What a YAML parser complains about, in the words of somebody who edits an agreement."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yaml import MarkedYAMLError, YAMLError

from sla_sync.agreement.characters import lines_of
from sla_sync.agreement.lookalikes import ODD_INDENTATION
from sla_sync.diagnostics import Diagnostic, Location, Severity

_QUOTE = "Put the whole value in quotes."
_UNCLOSED = "unexpected end of stream"


@dataclass(frozen=True, slots=True)
class _Problem:
    """A pattern in what the parser says, and what to say instead; `{found}` stands for the character at the place."""

    pattern: str
    message: str
    hint: str


_PROBLEMS = (
    _Problem("scanning an alias", "`*` begins the name of an anchor, and no name follows.", _QUOTE),
    _Problem("scanning an anchor", "`&` begins an anchor, and no name follows.", _QUOTE),
    _Problem("tag", "A tag (`!…`) cannot be read.", "Remove the tag, or put the whole value in quotes."),
    _Problem("directive|incompatible YAML", "A line that begins with `%` cannot be read.", "Remove the line."),
    _Problem(_UNCLOSED, "A quotation mark is opened and never closed.", "Close the quotation mark."),
    _Problem(
        "escape character",
        "A backslash in double quotes is followed by a character that means nothing there.",
        "Write two backslashes, or use single quotes.",
    ),
    _Problem(
        "mapping values are not allowed",
        "A `:` makes a key of a text that cannot be one.",
        "Put the text in quotes where the `:` belongs to it; else check the indentation of this line.",
    ),
    _Problem(
        "(block )?sequence entries are not allowed",
        "A list begins where no list can begin.",
        "Write the first `-` on a line of its own, below the key.",
    ),
    _Problem(
        "expected ',' or '\\]'",
        "A list that begins with `[` lacks a comma or its `]`.",
        "Close the list with `]`; put texts with `,`, `[`, `]`, `: ` or ` #` in quotes.",
    ),
    _Problem(
        "expected ',' or '\\}'",
        "A mapping that begins with `{` lacks a comma or its `}`.",
        "Close the mapping with `}`; put texts with `,`, `{`, `}`, `: ` or ` #` in quotes.",
    ),
    _Problem("cannot start any token", "A value cannot begin with {found}.", _QUOTE),
    _Problem(
        "expected ':'",
        "A line has no `:`, so it is not a key with a value.",
        "Write `key: value`; indent a line that continues the value above it.",
    ),
    _Problem(
        "scanning a block scalar",
        "After `|` or `>` the text begins on the next line.",
        "Begin the text on the next line, further to the right than its key.",
    ),
    _Problem(
        "expected key|block end|'-' indicator|mapping keys are not allowed",
        "This does not fit what stands above it.",
        "Check the indentation; a value that begins with a quotation mark must end with it.",
    ),
    _Problem("node content", "A value is missing before {found}.", "Write the value; close each bracket that is open."),
    _Problem("document start", "Something follows the end of the document.", "Remove it; a file holds one document."),
)
_SPACES = "Indent with spaces."
_NAMES = {"": "the end", "\t": "a tab", "`": "a back quote"}
_INDENTATION = re.compile(r" *\t[ \t]*")


def syntax_finding(error: YAMLError, text: str, file: str) -> Diagnostic:
    """Return the finding for a text that no YAML parser can read."""
    lines = lines_of(text)
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return _finding("The text is not valid YAML.", "Check the text in an editor that knows YAML.", Location(file))
    said = f"{error.context or ''} {error.problem or ''}"
    begun = error.context_mark
    # A key without `:` is only noticed on the next line, a quotation mark that nothing closes at the end of the file.
    mark = begun if begun and ("simple key" in said or _UNCLOSED in said) else error.problem_mark
    line = min(mark.line, len(lines) - 1)
    column = min(mark.column, len(lines[line])) if line == mark.line else len(lines[line])
    place = Location(file, line + 1, column + 1)
    indentation = _INDENTATION.match(lines[line])
    if indentation and column <= indentation.end():
        tab = Location(file, line + 1, lines[line].index("\t") + 1)
        return _finding("A tab stands in the indentation of this line.", _SPACES, tab)
    for number in (line, line - 1):
        odd = ODD_INDENTATION.match(lines[number]) if number >= 0 else None
        if odd:
            at = Location(file, number + 1, odd.end())
            return _finding("A space of another kind stands in the indentation of this line.", _SPACES, at)
    where = f" It begins in line {begun.line + 1}." if begun and begun.line < line and "flow" in said else ""
    character = lines[line][column : column + 1]
    found = _NAMES.get(character, f"`{character}`")
    for each in _PROBLEMS:
        if re.search(each.pattern, said):
            return _finding(each.message.replace("{found}", found) + where, each.hint, place)
    return _finding(
        f"The text is not valid YAML: {error.problem}.", "Check the text in an editor that knows YAML.", place
    )


def _finding(message: str, hint: str, place: Location) -> Diagnostic:
    return Diagnostic("SLA100", Severity.ERROR, message, location=place, hint=hint)
