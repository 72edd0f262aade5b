"""The command line: arguments → pipeline → render → exit code. `main` turns every error into one message."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

from sla_sync.cli.stopping import stoppable, stopped
from sla_sync.cli.streams import settle_streams
from sla_sync.errors import DocumentError, RefusedError, SlaSyncError, of_the_disk

_ENGINES = frozenset({"duckdb", "_duckdb"})
"""Whose errors are about files of a history: they are found only while something is reckoned of them."""
_SWEEPS = (50_000, 20, 20)
"""After how many new objects Python looks for dead ones. What a command makes mostly lives as long as it; this saves a tenth."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; the arguments of this process where none are given."""
    settle_streams()
    with stoppable() as came:
        try:
            code = _run(arguments)
        except (Exception, KeyboardInterrupt):
            if not came:
                raise
            code = 1  # also libraries that make an error of their own of it
    return stopped(came[0]) if came and code else code


def _run(arguments: Sequence[str] | None) -> int:
    gc.set_threshold(*_SWEEPS)
    from sla_sync.cli.app import commands  # a broken installation must still give one clear message

    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        commands(given[0] if given else None)(args=given)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else 0
    except SlaSyncError as error:
        complain(error)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except OSError as error:
        complain(of_the_disk(error))
        return 1
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in _ENGINES:
            raise
        said = str(error).partition("\n")[0].rstrip(".")
        complain(
            SlaSyncError(f"The history cannot be read: {said}.", hint="Its files are damaged: sla-sync export --anew.")
        )
        return 1
    return 0


def complain(error: SlaSyncError) -> None:
    """Say on stderr what went wrong, with every finding that the error carries, and what to do."""
    from sla_sync.diagnostics import Severity  # these only when something is wrong
    from sla_sync.render.diagnostics import findings_as_text
    from sla_sync.render.excerpts import excerpt
    from sla_sync.render.words import visible

    lines = []
    if isinstance(error, (DocumentError, RefusedError)) and error.diagnostics:
        # Notes stand in nobody's way; `validate` tells them. Among them nobody would find what does.
        weighing = [each for each in error.diagnostics if each.severity is not Severity.INFORMATION]
        lines.append(findings_as_text(weighing or error.diagnostics, excerpt))
    lines.append(visible(f"error: {error.message}"))
    if error.hint:
        lines.append(visible(f"  → {error.hint}"))
    sys.stderr.write("\n".join(lines) + "\n")
