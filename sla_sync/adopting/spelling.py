"""Plain values as YAML on one line, as a person would write them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sla_sync.adopting.edits import Plain
from sla_sync.agreement.compose import compose


def spelled(value: Plain, *, inside: bool = True) -> str:
    """Return a value on one line; `inside` brackets more texts need quotation marks than behind a key."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{spelled(key)}: {spelled(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(spelled(each) for each in value) + "]"
    if isinstance(value, str):
        return value if _reads_the_same(value, inside=inside) else _quoted(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def _quoted(text: str) -> str:
    """Return a text in quotation marks, whatever it holds; what cannot be seen is written by its number."""
    said = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in said)


def _reads_the_same(text: str, *, inside: bool) -> bool:
    """Return whether a text means itself without quotation marks."""
    if not text or text != text.strip() or not text.isprintable():
        return False
    composed = compose(f"k: [{text}]" if inside else f"k: {text}", "")
    read = composed.root.value if composed.root and not composed.findings else None
    return bool(read == {"k": [text]} if inside else read == {"k": text})
