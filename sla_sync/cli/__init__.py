"""The command line: arguments → pipeline → render → exit code. `main` turns every error into one message."""

from __future__ import annotations

import sys

from sla_sync.diagnostics import Diagnostic
from sla_sync.errors import DocumentError, RefusedError, SlaSyncError


def main() -> None:
    """Run the command of this process's arguments and leave with its exit code."""
    from sla_sync.cli.app import app

    try:
        app()
    except SlaSyncError as error:
        complain(error)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        print(f"error: {error.strerror or error}: {error.filename or 'a file'}.", file=sys.stderr)  # noqa: T201
        sys.exit(1)


def complain(error: SlaSyncError) -> None:
    """Say on stderr what went wrong, with every finding that the error carries, and what to do."""
    from sla_sync.render.diagnostics import findings_as_text
    from sla_sync.render.excerpts import excerpt
    from sla_sync.render.words import visible

    found: tuple[Diagnostic, ...] = error.diagnostics if isinstance(error, (DocumentError, RefusedError)) else ()
    if found:
        print(findings_as_text(found, excerpt), file=sys.stderr)  # noqa: T201
    print(visible(f"error: {error.message}"), file=sys.stderr)  # noqa: T201
    if error.hint:
        print(visible(f"  → {error.hint}"), file=sys.stderr)  # noqa: T201
