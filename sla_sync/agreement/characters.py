"""The bytes of a file become text that is safe to read and to show, or a finding says why not."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass

from sla_sync.diagnostics import Diagnostic, Location, Severity

LARGEST = 1 << 20
"""The most bytes that one file may have."""

# All but what YAML calls printable: NUL, escape sequences for terminals, halves of surrogate pairs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
# They change the order in which text is shown, so that what people read and sign is not what is meant.
_DECEPTIVE = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_SAVE_AS = "Save the file as UTF-8."


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file; with a finding it is only good for showing where the finding is."""

    text: str
    finding: Diagnostic | None = None


def decoded(content: bytes, file: str) -> Decoded:
    """Return the text of a file without a byte order mark."""
    if len(content) > LARGEST:
        message = f"The file is larger than {LARGEST:,} bytes."
        hint = "Move parts into files of their own and list them under `include:`."
        return Decoded("", _finding(message, Location(file), hint))
    for mark, name in _OTHER_ENCODINGS:
        if content.startswith(mark):
            return Decoded("", _finding(f"The file is written in {name}, not in UTF-8.", Location(file), _SAVE_AS))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        message = f"Byte {error.start:,} of the file (0x{content[error.start]:02x}) is not UTF-8."
        finding = _finding(message, position(before, len(before), file), _SAVE_AS)
        return Decoded(content.decode("utf-8", errors="replace"), finding)
    return checked(text.removeprefix("\ufeff"), file)


def checked(text: str, file: str) -> Decoded:
    """Return the text, with a finding where it holds a character that has no place in a file for people."""
    unprintable, deceptive = _UNPRINTABLE.search(text), _DECEPTIVE.search(text)
    if unprintable is not None:
        name = "a NUL byte" if unprintable[0] == "\0" else f"the control character U+{ord(unprintable[0]):04X}"
        hint = f"Remove it; {_SAVE_AS[0].lower()}{_SAVE_AS[1:]}"
        return Decoded(text, _finding(f"The file holds {name}.", position(text, unprintable.start(), file), hint))
    if deceptive is not None:
        name = unicodedata.name(deceptive[0], "").lower()
        message = f"The file holds an invisible character, U+{ord(deceptive[0]):04X} ({name})."
        hint = "Remove it; it can make the text read differently from what it means."
        return Decoded(text, _finding(message, position(text, deceptive.start(), file), hint))
    return Decoded(text)


def position(text: str, offset: int, file: str) -> Location:
    """Return the line and column of a character."""
    breaks = list(_BREAK.finditer(text, 0, offset))
    start = breaks[-1].end() if breaks else 0
    return Location(file, len(breaks) + 1, offset - start + 1)


def lines_of(text: str) -> tuple[str, ...]:
    """Return the lines of a text as YAML counts them."""
    return tuple(_BREAK.split(text))


def _finding(message: str, place: Location, hint: str) -> Diagnostic:
    return Diagnostic("SLA100", Severity.ERROR, message, location=place, hint=hint)
