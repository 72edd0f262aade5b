"""The files of the tutorial's connector as its page shows them; `python -m tests.kit.page` puts them there anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sla_sync.testing.simulated import SimulatedContract

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs/write-a-connector.md"
TUTORIAL = PROJECT / "docs/examples/sqlite"
BLOCK = re.compile(r"^<!-- shows: (\S+) -->\n```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

FACTS = re.compile(r"^(<!-- facts -->)\n.*?^(<!-- end of facts -->)$", re.MULTILINE | re.DOTALL)


def shown() -> Iterator[tuple[str, str]]:
    """Yield each file that the page shows, by its path inside the tutorial, with what the page shows of it."""
    for path, _, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        yield path, text


def facts() -> str:
    """Return what the suite judges, a line each: the names of its tests are sentences."""
    names = {name: None for each in reversed(SimulatedContract.mro()) for name in vars(each)}
    said = [name.removeprefix("test_").replace("_", " ") for name in names if name.startswith("test_")]
    return "".join(f"- {each}\n" for each in said)


def refreshed(page: str) -> str:
    """Return the page with every file and every fact as it is now."""
    page = FACTS.sub(lambda found: f"{found[1]}\n\n{facts()}\n{found[2]}", page)
    return BLOCK.sub(
        lambda found: (
            f"<!-- shows: {found[1]} -->\n```{found[2]}\n{(TUTORIAL / found[1]).read_text(encoding='utf-8')}```"
        ),
        page,
    )


if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
