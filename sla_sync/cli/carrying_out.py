"""What apply and remove have in common with the person who runs them: whom they name, asking before, the exit code after."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from sla_sync.cli.options import FAILED, say
from sla_sync.errors import RefusedError

if TYPE_CHECKING:
    from sla_sync.reconcile.apply import Result

NamedTarget = Annotated[
    str | None, typer.Option("--target", "-t", metavar="T", help="A target of targets.yaml; never guessed.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def target_of(saved: Mapping[str, object] | None, target: str | None, *, of: str) -> str:
    """Return the target that a saved plan or the command line names; raises BadParameter where neither does."""
    name = str(saved["target"]) if saved is not None else target
    if name is None:
        raise typer.BadParameter(f"{of} never guesses a target; name one, or a saved plan.", param_hint="--target")
    return name


def confirmed(shown: str, question: str, *, refusal: str, hint: str) -> bool:
    """Show what would be done and ask; raises RefusedError where nobody is there to answer."""
    say(shown)
    if not sys.stdin.isatty():
        raise RefusedError(f"{refusal}: nobody is there to confirm the plan.", hint=hint)
    return typer.confirm(question, err=True)


def leave_with(result: Result | None) -> None:
    """Raise what cut the work off, or leave with the exit code of failure where something of it was not done."""
    if result is None or result.complete:
        return
    if result.error is not None:
        raise result.error
    raise typer.Exit(FAILED)
