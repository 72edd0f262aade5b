"""What targets.yaml names, held against what is there: agreements, bindings, connectors and their options."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sla_sync.agreement.findings import did_you_mean, nearest
from sla_sync.agreement.target_options import wrong_options
from sla_sync.diagnostics import Diagnostic, KeyPath, Severity
from sla_sync.errors import ConnectorError
from sla_sync.registry import load_connector

if TYPE_CHECKING:
    from sla_sync.agreement.binding import BindingDocument
    from sla_sync.agreement.targets import Target, Targets
    from sla_sync.places import Place

_NOT_THERE = "SLA106"
_UNDEFINED = "SLA102"
_SLIP_OF_THE_PEN = 0.8
"""How much a name must be like a role to be taken for it, and not for a name of the connector's own."""


def what_targets_name(
    place: Place, targets: Targets, bindings: Mapping[Path, BindingDocument], known: Collection[str]
) -> Iterator[Diagnostic]:
    """Yield what the targets name and is not there; of the targets of this agreement also what cannot be used.

    `known` are the roles and teams of the agreement. A file that is not there is a warning, for it is no reason to refuse
    what the parties agreed; a plan needs it.
    """
    folder = place.targets.parent if place.targets else Path()
    for name, target in targets.targets.items():
        path = ("targets", name)
        named = [folder / each for each in target.agreements]
        for number, file in enumerate(named):
            if not _there(file):
                yield _missing_agreement(name, target.agreements[number], (*path, "agreements", number))
        if place.agreement.resolve() in {each.resolve() for each in named}:
            yield from _binding(place, name, target, folder / target.binding, bindings)
            yield from _options(name, target)
            yield from _people(name, target, known)
        if target.promoted_from is not None and target.promoted_from not in targets.targets:
            yield Diagnostic(
                _UNDEFINED,
                Severity.ERROR,
                f"Target '{name}' is promoted from '{target.promoted_from}', which is not a target of the file.",
                (*path, "promoted_from"),
                hint=did_you_mean(target.promoted_from, targets.targets),
            )


def _people(name: str, target: Target, known: Collection[str]) -> Iterator[Diagnostic]:
    """Yield what is nearly a role or a team; other names may be the connector's own."""
    for said in target.people_said if isinstance(target.people_said, Mapping) else ():
        near = None if said in known else nearest(said, known, likeness=_SLIP_OF_THE_PEN)
        if near is not None:
            yield Diagnostic(
                _UNDEFINED,
                Severity.WARNING,
                f"Target '{name}' names the people behind '{said}', which is neither a role nor a team of the agreement.",
                ("targets", name, "people", said),
                hint=f"Write `{near}`, if that is meant.",
            )


def _there(path: Path) -> bool:
    """Return whether this is a file; a name that no disk can hold is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _missing_agreement(name: str, said: str, path: KeyPath) -> Diagnostic:
    return Diagnostic(
        _NOT_THERE,
        Severity.WARNING,
        f"Target '{name}' names the agreement {said}, which is not there.",
        path,
        hint="Correct the path, which begins in the folder of targets.yaml, or remove the target.",
    )


def _binding(
    place: Place, name: str, target: Target, asked: Path, bindings: Mapping[Path, BindingDocument]
) -> Iterator[Diagnostic]:
    path = ("targets", name, "binding")
    beside = next((each for each in place.bindings if each.resolve() == asked.resolve()), None)
    if beside is None:
        there = "is not in the folder bindings beside the agreement" if _there(asked) else "is not there"
        names = ", ".join(each.name for each in place.bindings)
        yield Diagnostic(
            _NOT_THERE,
            Severity.WARNING,
            f"Target '{name}' names the binding {target.binding}, which {there}.",
            path,
            hint=f"Name one of those that are there: {names}."
            if names
            else "Write one there: sla-sync init shows how.",
        )
    elif beside in bindings and bindings[beside].metadata.connector != target.connector:
        yield Diagnostic(
            _UNDEFINED,
            Severity.ERROR,
            f"Target '{name}' is on '{target.connector}', and its binding {target.binding} is for "
            f"'{bindings[beside].metadata.connector}'.",
            path,
            hint="Let both name the same connector.",
        )


def _options(name: str, target: Target) -> Iterator[Diagnostic]:
    try:
        model = load_connector(target.connector).options
    except ConnectorError as error:
        yield Diagnostic(_UNDEFINED, Severity.ERROR, error.message, ("targets", name, "connector"), hint=error.hint)
        return
    if target.simulator:
        return
    wrong = wrong_options(name, target.options, model)
    yield from wrong
    if target.audit_as and not wrong:
        for each in wrong_options(name, target.reading_options, model):
            yield replace(each, path=("targets", name, "audit_as"))
