"""The main job as a story: validate, plan, apply, plan again, a working week, an administrator's edits, drift, measures."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

from sla_sync.connector.simulation import serve
from sla_sync.demo.measured import measure_week
from sla_sync.demo.pair import play_pair
from sla_sync.demo.quarter import play_quarter
from sla_sync.demo.rehearsal import Week, play_week
from sla_sync.diagnostics import errors_in
from sla_sync.errors import DocumentError
from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.drift import drift
from sla_sync.pipeline.plan import plan
from sla_sync.pipeline.validate import validate
from sla_sync.places import Place
from sla_sync.reconcile.drift import Drift
from sla_sync.registry import load_connector
from sla_sync.render.diagnostics import verdict_as_text
from sla_sync.render.drift import drift_as_text
from sla_sync.render.excerpts import excerpt
from sla_sync.render.plan import plan_as_text, result_as_text, summary
from sla_sync.render.words import count

Say = Callable[[str], None]


def run(place: Place, *, say: Say) -> int:
    """Play the story on every simulator target and return the exit code: 0 where each step came out as it must."""
    place = replace(place, state=place.state / "demo")
    shutil.rmtree(place.state, ignore_errors=True)
    say(f"$ sla-sync validate {place.agreement.parent}")
    validated = validate(place, today=None)
    say(verdict_as_text(validated.diagnostics, place.agreement, excerpt))
    if errors_in(validated.diagnostics) or validated.agreement is None or validated.targets is None:
        raise DocumentError(f"{place.agreement} cannot be used.", ())
    start = datetime.combine(validated.agreement.metadata.effective.start, time(), tzinfo=UTC)
    simulated = {name: each for name, each in validated.targets.targets.items() if each.simulator}
    played = {name: _play(place, name, each.connector, start, say) for name, each in simulated.items()}
    good = [*(each.good for each in played.values()), play_pair(place, say=say)]
    good.append(play_quarter(place, say=say, seen=_seen))
    say("")
    say(
        f"The story ended as it should on {' and '.join(simulated)}."
        if all(good)
        else "The story did not end as it should; see above."
    )
    for name, each in played.items():
        if each.record is not None:
            say(
                f"Ask about a lead of the week: {_program()} why {each.record} --target {name} --state {_seen(place.state)}"
            )
    return 0 if good and all(good) else 1


def _program() -> str:
    """Return how the command is called from here: by its name, or by its path where that is not searched."""
    return "sla-sync" if shutil.which("sla-sync") else str(_seen(Path(sys.executable).parent / "sla-sync"))


def _seen(path: Path) -> Path:
    """Return a path as it is seen from the current folder, where it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _play(place: Place, name: str, platform: str, start: datetime, say: Say) -> Week:
    """Play the story on one target and return how it went, each step considered."""
    say(f"\n$ sla-sync plan --target {name}")
    first = plan(place, name, environ={}, today=None)
    say(plan_as_text(first))

    say(f"\n$ sla-sync apply --target {name} --yes")
    applied = apply(place, name, environ={}, today=None)
    say(result_as_text(applied.plan, applied.result))

    say(f"\n$ sla-sync plan --target {name}        # a second time")
    second = plan(place, name, environ={}, today=None)
    say(summary(second))

    week = play_week(place, name, say=say)
    measured = week.record is None or measure_week(place, name, say=say)

    say(f"\nMeanwhile an administrator of {name} works in the platform:")
    simulator = load_connector(platform).simulator
    assert simulator is not None  # noqa: S101 - the target runs on it
    with serve(simulator(), place.state / name / "simulator", clock=start) as running:
        edits = simulator().administer(running)
    for each in edits:
        say(f"  - {each}")

    say(f"\n$ sla-sync drift --target {name}")
    found = drift(place, name, environ={}, today=None)
    say(drift_as_text(found))
    told = _tells(found, len(edits), say)
    return replace(week, good=bool(first.changes) and not second.changes and week.good and measured and told)


def _tells(found: Drift, edits: int, say: Say) -> bool:
    """Return whether the audit found as many settings changed as the administrator changed."""
    drifted = {each.address for each in found.drifted}
    say(f"\n{count(edits, 'edit')} made, {count(len(drifted), 'drifted setting')} found.")
    return len(drifted) == edits
