"""The LALR parser that lark makes of the grammar; its tables are kept in `tables.json`, so that not every start works them out.

`python -m sla_sync.agreement.expressions.tables` writes them anew after a change of the grammar or of lark.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from sla_sync.agreement.expressions.grammar import grammar

FILE = Path(__file__).with_name("tables.json")


@cache
def parser() -> lark.Lark:
    """Return the parser; it is made once, when the first expression is read."""
    return kept_parser(grammar()) or built_parser()


def built_parser() -> lark.Lark:
    """Return the parser, worked out from the grammar."""
    return lark.Lark(grammar(), parser="lalr", lexer="contextual", start=["expression", "measure", "event"])


def fingerprint(text: str) -> str:
    """Return what tables depend on: the grammar, and the version of lark, whose tables have no format of their own."""
    return f"lark {lark.__version__} {hashlib.sha256(text.encode()).hexdigest()}"


def kept_parser(text: str) -> lark.Lark | None:
    """Return the parser that the kept tables make of a grammar, or None where they come from another grammar or another lark."""
    try:
        kept = json.loads(FILE.read_text(encoding="utf-8"), object_hook=_with_numbers)
    except (OSError, ValueError):
        return None
    if kept["fingerprint"] != fingerprint(text):
        return None
    return lark.Lark.load({"data": kept["data"], "memo": kept["memo"]})


def tables(made: lark.Lark, text: str) -> str:
    """Return the text of the file that keeps the tables of a parser."""
    data, memo = made.memo_serialize([TerminalDef, Rule])
    # The file's own place is no part of the grammar.
    data["options"] = {name: value for name, value in data["options"].items() if name != "source_path"}
    kept = {"fingerprint": fingerprint(text), "data": data, "memo": memo}
    return json.dumps(kept, separators=(",", ":")) + "\n"


def _with_numbers(mapping: dict[str, object]) -> dict[str, object] | dict[int, object]:
    """Return a mapping with the numbers that its keys were before JSON made them texts."""
    if mapping and all(key.isdigit() for key in mapping):
        return {int(key): value for key, value in mapping.items()}
    return mapping


if __name__ == "__main__":
    # The same grammar gives tables with other numbers in every run, so they are left alone while they are in step.
    if kept_parser(grammar()) is None:
        FILE.write_text(tables(built_parser(), grammar()), encoding="utf-8")
