"""Gather how everything is known that concerns a platform, and write it to docs/verified.md and docs/inferred.md.

What a vendor documents, what was recorded from real accounts in public, what programs of others showed, and what nobody
vouches for stand in comments and docstrings after the words of `WORDS`, and in the tables named `sources.py`. The pages
repeat them word for word, so that they cannot say more than the code beside which they stand.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from sla_sync.registry import load_connector
from sla_sync_hubspot import sources as hubspot_settings
from sla_sync_hubspot.simulator import routes as hubspot_routes
from sla_sync_hubspot.simulator import sources as hubspot_double
from sla_sync_salesforce import sources as salesforce_settings
from sla_sync_salesforce.simulator import sources as salesforce_double
from sla_sync_salesforce.simulator.api import metadata_api, soap_data
from sla_sync_salesforce.simulator.api import routes as salesforce_routes
from sla_sync_salesforce.simulator.kinds.table import KINDS
from tests.connectors.hubspot.documented import TABLE
from tests.house.tried import COMMANDS, PLATFORMS

PROJECT = Path(__file__).resolve().parents[2]
INFERRED, VERIFIED = PROJECT / "docs/inferred.md", PROJECT / "docs/verified.md"
WORDS: Mapping[str, str] = {
    "Documented": "the vendor says so, on the page or in the description that is named",
    "Recorded": "answers and files of real accounts say so, which others published",
    "Seen": "a program that is not ours was driven against a simulator and took its answers",
    "Inferred": "nobody vouches for it",
}
_MARK = re.compile(rf"\b({'|'.join(WORDS)}): ")
_NEAR = re.compile(rf"\b({'|'.join(WORDS)}):")
"""What a mark looks like also where its line ends behind it."""
_QUOTES = ('"', "'")
_HEAD = """# What is inferred

No real Salesforce org or HubSpot account was at hand. What the vendors document is followed; the points below are not
documented, or the documents contradict each other, so they were inferred. Each stands beside the code that relies on it,
after the word `Inferred:`. This page is made from those comments by `make docs`; [how the rest is known](verified.md) is
a page of its own.
"""
_ABOUT = """# How it is known

**Nothing ran against a real Salesforce org or a real HubSpot account.** Everything here was tried on the simulators, which
are ours. So it matters how we know what they do. Each mark stands beside the code, and `make docs` makes this page of the
marks:
"""


def paragraphs(text: str) -> Iterator[str]:
    """Yield the comments of a module, each to its end, and the paragraphs of its docstrings."""
    comment: list[str] = []
    last = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            words = token.string.lstrip("#: ").rstrip()
            if comment and token.start[0] == last + 1 and not _MARK.match(words):
                comment.append(words)
            else:
                yield " ".join(comment)
                comment = [words]
            last = token.start[0]
        elif token.type not in {tokenize.NL, tokenize.NEWLINE}:
            yield " ".join(comment)
            comment = []
            if token.type == tokenize.STRING and token.string.startswith(_QUOTES):
                for each in str(ast.literal_eval(token.string)).split("\n\n"):
                    yield " ".join(each.split())
    yield " ".join(comment)


def marks(text: str) -> Iterator[tuple[str, str]]:
    """Yield each mark of a text with what follows it, up to the next mark or the end of the paragraph."""
    if not _NEAR.search(text):  # most modules have none, and taking one apart takes milliseconds
        return
    for paragraph in paragraphs(text):
        yield from _marked(paragraph)


def _marked(paragraph: str) -> Iterator[tuple[str, str]]:
    parts = _MARK.split(paragraph)
    yield from ((word, said.strip()) for word, said in zip(parts[1::2], parts[2::2], strict=True))


def _connectors() -> tuple[Path, ...]:
    return tuple(sorted((PROJECT / "connectors").glob("sla_sync_*")))


@cache
def _beside(connector: Path) -> tuple[tuple[str, str, str], ...]:
    """Return every mark beside the code of a connector: the word, what it says, and the file."""
    return tuple(
        (word, f"{said[:1].upper()}{said[1:]}", path.relative_to(connector).as_posix())
        for path in sorted(connector.rglob("*.py"))
        if path.name != "sources.py"
        for word, said in marks(path.read_text(encoding="utf-8"))
    )


def inferred_page() -> str:
    """Return docs/inferred.md: a heading for each connector, a line for each assumption."""
    parts = [_HEAD]
    for connector in _connectors():
        lines = [f"- {said} (`{place}`)" for word, said, place in _beside(connector) if word == "Inferred"]
        parts.append("\n".join([f"## {connector.name}", "", *(lines or ["Nothing."]), ""]))
    return "\n".join(parts)


def verified_page() -> str:
    """Return docs/verified.md: what each mark means, how many there are, and every one of them but what is inferred."""
    counted = {each.name: Counter(word for word, _, _ in _beside(each)) for each in _connectors()}
    lines = [
        _ABOUT,
        "| mark | means |",
        "|---|---|",
        *(f"| `{word}:` | {meaning} |" for word, meaning in WORDS.items()),
        "",
        "Marks beside the code, without the tables below:",
        "",
        f"| connector | {' | '.join(WORDS)} |",
        f"|---|{'---:|' * len(WORDS)}",
        *(f"| `{name}` | {' | '.join(str(found[word]) for word in WORDS)} |" for name, found in counted.items()),
        "",
        "What is inferred stands on [a page of its own](inferred.md). Code without a mark does what the descriptions say that",
        "its table names; a simulator refuses by name what it does not have.",
        "",
        *_commands(),
        *_salesforce(),
        *_hubspot(),
        *(line for connector in _connectors() for line in _behaviour(connector)),
    ]
    return "\n".join(lines)


def _commands() -> Iterator[str]:
    yield from ("## Commands", "", "What each was tried on. A test is named that does it; there are more.", "")
    yield from ("| command | tried on | shown by |", "|---|---|---|")
    for name, (platforms, test) in sorted(COMMANDS.items()):
        yield f"| `{name}` | {PLATFORMS[platforms]} | `{test}` |"
    yield ""


def _table(title: str, of: str, rows: Mapping[str, str]) -> Iterator[str]:
    yield from (f"### {title}", "", f"| {of} | how it is known |", "|---|---|")
    yield from (f"| `{name}` | {said} |" for name, said in sorted(rows.items()))
    yield ""


def _salesforce() -> Iterator[str]:
    yield from ("## Salesforce", "")
    yield from _table("Settings of Salesforce", "type", salesforce_settings.SETTINGS)
    yield from _table("Addresses of the Salesforce simulator", "endpoint", salesforce_double.ENDPOINTS)
    yield from _table("Operations over SOAP", "operation", salesforce_double.OPERATIONS)
    yield from _table("Types of metadata in the simulator", "type", salesforce_double.KINDS)


def _hubspot() -> Iterator[str]:
    yield from ("## HubSpot", "")
    yield from _table("Settings of HubSpot", "type", hubspot_settings.SETTINGS)
    yield from _table("Areas of the HubSpot simulator", "area", hubspot_double.AREAS)
    built = Counter(each.area for each in hubspot_routes.ROUTES if each.endpoint)
    known = Counter(each.area for each in hubspot_routes.ROUTES)
    yield f"Of {known.total()} paths, {built.total()} are answered; the others are HubSpot's and refused as not built."
    yield from ("", "### Requests that the connector sends to HubSpot", "")
    yield "Each is held against the published description by `tests/connectors/hubspot/test_requests_documented.py`."
    yield from ("", "| request | documented in |", "|---|---|")
    # A bar would end the cell.
    yield from (f"| `{each.method} {each.path.replace('|', ', ')}` | {each.source} |" for each in TABLE)
    yield ""


def _behaviour(connector: Path) -> Iterator[str]:
    found = [each for each in _beside(connector) if each[0] != "Inferred"]
    if not found:
        return
    yield from (f"## Marked in {connector.name}", "")
    yield from (f"- **{word}.** {said} (`{place}`)" for word, said, place in found)
    yield ""


def unknown() -> Iterator[str]:
    """Yield everything of a platform that no table tells the source of, and every row of what is not there."""
    tables: tuple[tuple[str, Mapping[str, str], set[str]], ...] = (
        ("setting of Salesforce", salesforce_settings.SETTINGS, set(load_connector("salesforce").types)),
        ("setting of HubSpot", hubspot_settings.SETTINGS, set(load_connector("hubspot").types)),
        (
            "address of Salesforce",
            salesforce_double.ENDPOINTS,
            {str(each.endpoint) for each in salesforce_routes.addresses().iter_rules()},
        ),
        ("operation of Salesforce", salesforce_double.OPERATIONS, {*metadata_api.OPERATIONS, *soap_data.OPERATIONS}),
        ("type of metadata", salesforce_double.KINDS, set(KINDS)),
        ("area of HubSpot", hubspot_double.AREAS, {each.area for each in hubspot_routes.ROUTES}),
    )
    for what, rows, there in tables:
        yield from (f"no source of the {what} {each}" for each in sorted(there - rows.keys()))
        yield from (f"a source of the {what} {each}, which is not there" for each in sorted(rows.keys() - there))
        yield from (f"the source of {each} bears no mark" for each, said in rows.items() if not any(_marked(said)))


if __name__ == "__main__":
    INFERRED.write_text(inferred_page(), encoding="utf-8")
    VERIFIED.write_text(verified_page(), encoding="utf-8")
