"""Gather what the connectors assume of their platforms without documentation, and write it to docs/inferred.md.

Such an assumption stands in a comment or docstring after the word "Inferred:"; the page repeats it word for word.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs/inferred.md"
WORD = "Inferred:"
QUOTES = ('"', "'")
HEAD = """# What is inferred

No real Salesforce org or HubSpot account was at hand. What the vendors document is followed; the points below are not
documented, or the documents contradict each other, so they were inferred. Each stands beside the code that relies on it,
after the word `Inferred:`. This page is made from those comments by `tests/house/inferred.py`.
"""


def assumptions(text: str) -> Iterator[str]:
    """Yield what follows the word in a module: to the end of the comment, or of the paragraph of a docstring."""
    if WORD not in text:
        return
    comment: list[str] = []
    last = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        words = token.string.lstrip("#: ").rstrip()
        continues = token.type == tokenize.COMMENT and token.start[0] == last + 1 and WORD not in words
        if comment and token.type == tokenize.COMMENT and continues:
            comment.append(words)
        elif comment and token.type not in {tokenize.NL, tokenize.NEWLINE}:
            yield " ".join(comment)
            comment = []
        if token.type == tokenize.COMMENT:
            last = token.start[0]
            if WORD in words:
                comment = [words.partition(WORD)[2].strip()]
        elif token.type == tokenize.STRING and token.string.startswith(QUOTES) and WORD in token.string:
            for paragraph in str(ast.literal_eval(token.string)).split("\n\n"):
                _, found, rest = paragraph.partition(WORD)
                if found:
                    yield " ".join(rest.split())
    if comment:
        yield " ".join(comment)


def page() -> str:
    """Return the page: a heading for each connector, a line for each assumption."""
    parts = [HEAD]
    for connector in sorted((PROJECT / "connectors").glob("sla_sync_*")):
        lines = [
            f"- {each[:1].upper()}{each[1:]} (`{path.relative_to(connector).as_posix()}`)"
            for path in sorted(connector.rglob("*.py"))
            for each in assumptions(path.read_text(encoding="utf-8"))
        ]
        parts.append("\n".join([f"## {connector.name}", "", *(lines or ["Nothing."]), ""]))
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
