"""The figures of a campaign as Markdown, between markers of docs/reliability.md that name the part."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sla_sync.connector.simulation.trouble import TRANSPORT, Fault
from sla_sync.registry import load_connector
from tests.chaos.campaign import Log
from tests.chaos.proof import Proof
from tests.laws.protocol import Tally

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
_PLATFORMS = {"hubspot": "HubSpot", "salesforce": "Salesforce"}
_CODES = {0: "0", 1: "1", 3: "3", 4: "4"}


def publish(part: str, text: str, *, write: bool) -> None:
    """Print a part, and put it between its markers on the page where that is asked for."""
    print(text)
    if not write:
        return
    page = PAGE.read_text(encoding="utf-8")
    begin, end = f"<!-- {part}: written by tests.chaos -->\n", f"<!-- end of {part} -->"
    before, _, rest = page.partition(begin)
    _, _, after = rest.partition(end)
    PAGE.write_text(f"{before}{begin}{text}\n{end}{after}", encoding="utf-8")


def campaign(log: Log, command: str, seconds: float) -> str:
    """Return what became of a campaign."""
    said = (
        f"`{command}`, {_where(seconds)}: {log.sailed:,} schedules, to {log.sailed - log.untouched:,} of which faults "
        f"happened, {sum(log.happened.values()):,} in all. **{len(log.broken)} of them left something that does not hold.**"
    )
    lines = [
        said,
        "",
        "| command under faults | platform | schedules | exit 0 | 1 | 3 | 4 |",
        "|---|---|---|---|---|---|---|",
    ]
    for platform, job in sorted({(each[0], each[1]) for each in log.ended}, key=lambda each: (each[1], each[0])):
        counts = [log.ended[platform, job, code] for code in _CODES]
        cells = " | ".join(f"{each:,}" if each else "" for each in counts)
        lines.append(f"| {job} | {_PLATFORMS[platform]} | {sum(counts):,} | {cells} |")
    return "\n".join([*lines, "", *_faults(log.happened)])


def _faults(happened: Counter[tuple[str, str]]) -> Iterator[str]:
    yield "| fault | what happens | HubSpot | Salesforce |"
    yield "|---|---|---|---|"
    own = {platform: _own(platform) for platform in _PLATFORMS}
    every: dict[str, Fault] = {**TRANSPORT, **own["hubspot"], **own["salesforce"]}
    for name, fault in every.items():
        known = name in TRANSPORT
        cells = [
            f"{happened[platform, name]:,}" if known or name in own[platform] else ""
            for platform in ("hubspot", "salesforce")
        ]
        yield f"| `{name}` | {fault.sentence} | {' | '.join(cells)} |"


def _own(platform: str) -> dict[str, Fault]:
    make = load_connector(platform).simulator
    assert make is not None
    return dict(make().faults)


def law(tally: Tally, examples: int, command: str, seconds: float) -> str:
    """Return how much of the law was tried."""
    ended = ", ".join(f"{count:,} {how}" for how, count in sorted(tally.ended.items(), key=lambda each: -each[1]))
    return (
        f"`{command}`, {_where(seconds)}: {examples:,} examples, {tally.steps:,} steps, {tally.runs:,} runs of apply ({ended}). "
        "Every invariant held after every step."
    )


def mutants(proofs: Sequence[Proof], command: str) -> str:
    """Return what found each mistake, and after how much."""
    lines = [f"`{command}`:", "", "| mistake | looked for by | found after |", "|---|---|---|"]
    lines += [f"| {each.mutant.name} | {each.mutant.by} | {each.found or '**not found**'} |" for each in proofs]
    return "\n".join(lines)


def _where(seconds: float) -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, {seconds / 60:.0f} minutes"
