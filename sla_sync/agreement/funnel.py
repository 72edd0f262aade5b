"""The way through the stages: where leads begin, what follows what, and where a lead counts as qualified."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.agreement.document import Agreement


def start_stages(agreement: Agreement) -> tuple[str, ...]:
    """Return the stages in which leads may begin; a sound agreement has one.

    Those that say `start: true`, else those to which no other stage leads.
    """
    said = tuple(name for name, stage in agreement.stages.items() if stage.start)
    if said:
        return said
    followed = {following for name, stage in agreement.stages.items() for following in stage.moves if following != name}
    return tuple(name for name in agreement.stages if name not in followed)


def distances(agreement: Agreement, start: str) -> Mapping[str, int]:
    """Return every stage that can be reached from `start`, with the fewest moves that it takes, the nearest first."""
    found, waiting = {start: 0}, [start]
    while waiting:
        name = waiting.pop(0)
        for following in agreement.stages[name].moves:
            if following in agreement.stages and following not in found:
                found[following] = found[name] + 1
                waiting.append(following)
    return found


def distances_from_start(agreement: Agreement) -> Mapping[str, int]:
    """Return how many moves each stage is from the start. Raises IndexError where no stage is a start."""
    return distances(agreement, start_stages(agreement)[0])


def along_the_way(agreement: Agreement, start: str) -> tuple[str, ...]:
    """Return every stage that can be reached from `start`, itself first, the nearer before the farther."""
    return tuple(distances(agreement, start))


def qualified_stage(agreement: Agreement) -> str | None:
    """Return the stage that a lead enters when it qualifies; None where no stage is a start.

    It is the first along the way that a lead enters on a condition, else the start itself.
    """
    starts = start_stages(agreement)
    if not starts:
        return None
    conditional = (name for name in along_the_way(agreement, starts[0]) if agreement.stages[name].enter_when)
    return next(conditional, starts[0])
