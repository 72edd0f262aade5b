"""Secrets do not belong in a document: what looks like one is found without ever being repeated."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from sla_sync.diagnostics import KeyPath

FOUND = "SLA902"

_SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
    ("a HubSpot token", re.compile(r"\bpat-(?:na|eu|ap)\d-[0-9a-fA-F-]{20,}")),
    ("a Salesforce session", re.compile(r"\b00D[A-Za-z0-9]{12,15}![A-Za-z0-9._]{20,}")),
    ("a Salesforce consumer key", re.compile(r"\b3MVG[A-Za-z0-9._]{40,}")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})")),
    ("an AWS access key", re.compile(r"\bAKIA[0-9A-Z]{16}\b")),
    ("a Slack token", re.compile(r"\bxox[abposr]-[A-Za-z0-9-]{10,}")),
    ("a webhook of Slack", re.compile(r"\bhooks\.slack\.com/services/T[A-Z0-9]+/B[A-Z0-9]+/[A-Za-z0-9]{16,}")),
    ("a JSON web token", re.compile(r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}")),
    ("a password in an address", re.compile(r"https?://[^\s/:@]+:[^\s/@]+@")),
)
SECRET_KEYS = re.compile(
    r"(?:^|_)(?:token|password|secret|private_key|consumer_key|client_secret|api_key|refresh_token)$", re.IGNORECASE
)
"""The keys of a targets file that ask for a secret: `token`, `password` and the like."""
CHANNEL_KEYS = re.compile(r"^url$")
"""The keys of a file of channels that do: an address of a service lets everybody write there who knows it."""
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")


def shaped_like_secrets(lines: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Yield line and column, from 1, of everything that has the shape of a credential, and what it looks like."""
    for number, line in enumerate(lines, start=1):
        for what, pattern in _SHAPES:
            for found in pattern.finditer(line):
                yield number, found.start() + 1, what


def values_of_secret_keys(
    data: object, path: KeyPath = (), *, keys: re.Pattern[str] = SECRET_KEYS
) -> Iterator[KeyPath]:
    """Yield the path of every key that asks for a secret and whose value is no name of an environment variable."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            named = isinstance(key, str) and keys.search(key)
            if named and isinstance(value, str) and not _VARIABLE.fullmatch(value):
                yield (*path, key)
            yield from values_of_secret_keys(value, (*path, key), keys=keys)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from values_of_secret_keys(value, (*path, index), keys=keys)
