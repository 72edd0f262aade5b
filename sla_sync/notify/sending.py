"""Handing a message to a service by apprise; an address is a secret, and is in no error and on no screen."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from sla_sync.errors import SlaSyncError

Send = Callable[[str, str, str], None]
"""Sends a title and a body to an address. Raises SlaSyncError whose message holds no part of the address."""

LONGEST = 3_500
"""Characters of a message, where the service itself does not take fewer."""
_TALKATIVE = ("apprise", "urllib3")
"""The loggers that name addresses."""
_STATUS = re.compile(r"error=(\d{3})\b")


def address(channel: str, variable: str, environ: Mapping[str, str]) -> str:
    """Return the address of a channel. Raises SlaSyncError where the environment does not have it."""
    found = environ.get(variable, "").strip()
    if not found:
        raise SlaSyncError(
            f"Channel '{channel}' takes its address from the environment variable {variable}, which is not set.",
            hint=f"Set {variable} in the environment of this command.",
        )
    return found


def room(url: str) -> int:
    """Return how many characters a body may have there. Raises SlaSyncError where apprise knows no such address."""
    import apprise  # half a second, and only for those who are told

    with _unheard():
        found = apprise.Apprise.instantiate(url)
    if found is None:
        raise SlaSyncError(
            "Its address is none that apprise can read.",
            hint="Write it as https://github.com/caronc/apprise/wiki shows for this service.",
        )
    return min(LONGEST, int(found.body_maxlen))


def send(url: str, title: str, body: str, *, attached: Path | None = None) -> None:
    """Send one message, with a file where the service takes files. Raises SlaSyncError where it did not take the message."""
    import apprise

    room(url)
    service = apprise.Apprise()
    with _unheard() as heard:
        service.add(url)
        takes_files = attached is not None and all(bool(each.attachment_support) for each in service)
        file = str(attached) if takes_files else None
        taken = service.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT, attach=file)
    if not taken:
        status = _STATUS.search(heard.getvalue())
        answered = f"answered {status[1]}" if status else "did not take the message"
        raise SlaSyncError(f"The service {answered}.", hint="Look whether the address still holds.")


@contextmanager
def _unheard() -> Iterator[StringIO]:
    """Keep what apprise logs and what it uses log away from the screen until the context ends.

    Its plugins are imported when they are first asked for, and some of them use what Python means to drop.
    """
    heard = StringIO()
    handler = logging.StreamHandler(heard)
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    passed = [each.propagate for each in loggers]
    for each in loggers:
        each.addHandler(handler)
        each.propagate = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            yield heard
    finally:
        for each, before in zip(loggers, passed, strict=True):
            each.removeHandler(handler)
            each.propagate = before
