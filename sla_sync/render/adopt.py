"""What was adopted and what was not, as text and JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sla_sync.adopting.adoption import Adopted, Adoption, NotAdopted
from sla_sync.adopting.proof import Follows
from sla_sync.conventions import FORMAT_VERSION
from sla_sync.diagnostics import spell
from sla_sync.reconcile.drift import OBSERVED, Finding
from sla_sync.reconcile.manifest import plain
from sla_sync.render.diagnostics import escape
from sla_sync.render.drift_lines import DO, one_line
from sla_sync.render.words import count, spell_value, visible

_SHOWN = 5


def adoption_as_text(adoption: Adoption) -> str:
    """Return the lines of the documents that change, what else follows from them, and what stays to be done by hand."""
    blocks = [list(_adopted(each)) for each in adoption.outcomes if isinstance(each, Adopted)]
    blocks += [[f"{_heading(each)}", "  settled by what was adopted above"] for each in adoption.settled]
    blocks += [[each.difference.rstrip("\n")] for each in adoption.rewrites if each.changes]
    blocks += [list(_by_hand(each, adoption.target)) for each in adoption.outcomes if isinstance(each, NotAdopted)]
    blocks.append([summary(adoption)])
    return visible("\n\n".join("\n".join(block) for block in blocks))


def adoption_as_markdown(adoption: Adoption) -> str:
    """Return the same for a pull request: what was found as a list, and the changed lines as a diff."""
    lines = [f"### {escape(summary(adoption))}", ""]
    for each in adoption.outcomes:
        lines.append(f"- {escape(_heading(each.finding))}")
        said = _adopted(each) if isinstance(each, Adopted) else _by_hand(each, adoption.target)
        lines += [f"  - {escape(line.strip())}" for line in list(said)[1:]]
    for rewrite in adoption.rewrites:
        if rewrite.changes:
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", rewrite.difference)), default=0))
            lines += ["", f"{fence}diff", rewrite.difference.rstrip("\n"), fence]
    return visible("\n".join(lines))


def summary(adoption: Adoption) -> str:
    """Return in one sentence what became of the findings."""
    done = sum(isinstance(each, Adopted) for each in adoption.outcomes) + len(adoption.settled)
    if not adoption.outcomes:
        return f"{adoption.target}: nothing differs from what was agreed, so there is nothing to adopt."
    lacking = len(adoption.outcomes) + len(adoption.settled) - done
    rest = f"; {count(lacking, 'finding')} cannot be said by the documents" if lacking else ""
    if not done:
        return f"{adoption.target}: nothing adopted{rest}."
    return (
        f"{adoption.target}: {count(done, 'finding')} adopted by {count(_edits(adoption), 'change')} of the YAML{rest}."
    )


def _edits(adoption: Adoption) -> int:
    return sum(len(each.edits) for each in adoption.outcomes if isinstance(each, Adopted))


def _heading(finding: Finding) -> str:
    if finding.what:
        return f"{finding.id}  {one_line(finding.what)}: {one_line(finding.sentence)}"
    what = f"{finding.address} {spell(finding.path)}".rstrip()
    return f"{finding.id}  {what}: {spell_value(finding.agreed)} → {spell_value(finding.live)}"


def _adopted(adopted: Adopted) -> Iterator[str]:
    yield _heading(adopted.finding)
    yield f"  adopted at {', '.join(f'{each.paper} {spell(each.path)}' for each in adopted.edits)}"
    already = len(adopted.follows) - len(adopted.pending)
    if already:
        yield f"  {count(already, 'other value')} that the platform has already come with it"
    if adopted.takes_over:
        yield f"  the setting itself is not ours yet: apply takes it over with --ack adopt:{adopted.finding.address}"
    if not adopted.pending:
        if not adopted.takes_over:
            yield "  nothing is left to apply for it"
        return
    addresses = tuple(dict.fromkeys(each.address for each in adopted.pending))
    yield f"  {count(len(addresses), 'more setting')} {'says' if len(addresses) == 1 else 'say'} the same; apply then writes:"
    for address in addresses[:_SHOWN]:
        yield from _pending(tuple(each for each in adopted.pending if each.address == address))
    if len(addresses) > _SHOWN:
        yield f"    … and {len(addresses) - _SHOWN} more"


def _pending(follows: tuple[Follows, ...]) -> Iterator[str]:
    first = follows[0]
    if all(each.after is None for each in follows):
        yield f"    {first.address} is let go of"
    elif all(each.before is None for each in follows):
        yield f"    {first.address} is added"
    else:
        more = f", and {len(follows) - 1} more" if len(follows) > 1 else ""
        yield f"    {first.address} {spell(first.path)}: {spell_value(first.before)} → {spell_value(first.after)}{more}"


def _by_hand(outcome: NotAdopted, target: str) -> Iterator[str]:
    finding = outcome.finding
    yield _heading(finding)
    yield f"  not adopted: {outcome.because}"
    if outcome.place is not None:
        yield f"  it comes from {spell(finding.commitment) or 'the agreement as a whole'} ({outcome.place})"
    if finding.drift in OBSERVED:
        yield f"  → {'; '.join(DO[finding.drift][:-1]).capitalize()},"
        yield f"    or live with it for a while (sla-sync accept {finding.id} --target {target})."
        return
    yield f"  → Change that line by hand, put the setting back (sla-sync apply --target {target} --only {finding.id}),"
    yield f"    or live with it for a while (sla-sync accept {finding.id} --target {target})."


def adoption_as_plain(adoption: Adoption) -> Mapping[str, object]:
    """Return the adoption as JSON says it."""
    return {
        "format_version": FORMAT_VERSION,
        "target": adoption.target,
        "complete": adoption.complete,
        "findings": [_outcome_as_plain(each) for each in adoption.outcomes],
        "settled": [each.id for each in adoption.settled],
        "files": [
            {"path": str(each.path), "difference": each.difference} for each in adoption.rewrites if each.changes
        ],
    }


def _outcome_as_plain(outcome: Adopted | NotAdopted) -> Mapping[str, object]:
    finding = outcome.finding
    said: dict[str, object] = {
        "id": finding.id,
        "address": str(finding.address),
        "path": spell(finding.path),
        "agreed": plain(finding.agreed),
        "live": plain(finding.live),
        "adopted": isinstance(outcome, Adopted),
    }
    if isinstance(outcome, NotAdopted):
        return {**said, "because": outcome.because, "place": str(outcome.place) if outcome.place else None}
    edits = [
        {"document": str(each.paper), "does": str(each.how), "path": spell(each.path), "value": each.value}
        for each in outcome.edits
    ]
    pending = [
        {
            "address": str(each.address),
            "path": spell(each.path),
            "before": plain(each.before),
            "after": plain(each.after),
        }
        for each in outcome.pending
    ]
    return {**said, "edits": edits, "pending": pending}


def message_of(adoption: Adoption) -> str:
    """Return the message of the commit that adopts: what was found, each in a line."""
    lines = [_heading(each.finding) for each in adoption.outcomes if isinstance(each, Adopted)]
    return visible("\n".join([f"Adopt what was found on {adoption.target}", "", *lines, ""]))
