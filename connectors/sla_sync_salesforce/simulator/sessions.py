"""The sessions of an org: which tokens are open, for whom, and what may be traded for a new one."""

from __future__ import annotations

from collections.abc import Mapping


class Sessions:
    """Open sessions by token. They live as long as the process; those that an org begins with come back."""

    def __init__(self, first: Mapping[str, str]) -> None:
        self._open = dict(first)
        self._prefix = next(iter(first)).partition("!")[0]
        self._refresh: dict[str, str] = {}
        self._count = 0
        self.secrets: list[str] = []
        """Every token that was given out besides the first ones."""

    def username(self, token: str) -> str | None:
        """Return whose session a token is, None where it is not open."""
        return self._open.get(token)

    def token_of(self, username: str) -> str:
        """Return an open session of a user, the first one or a new one."""
        found = next((token for token, name in self._open.items() if name == username), None)
        if found is None:
            found = f"{self._prefix}!simulator.{username.partition('@')[0]}"
            self._open[found] = username
        return found

    def start(self, username: str) -> str:
        """Open one more session of a user and return its token."""
        self._count += 1
        token = f"{self._prefix}!session.{self._count:04}.{username.partition('@')[0]}"
        self._open[token] = username
        self.secrets.append(token)
        return token

    def refresh_token(self, username: str) -> str:
        """Return a token that can be traded for new sessions of a user."""
        token = f"5Aep861.simulator.{username.partition('@')[0]}"
        self._refresh[token] = username
        return token

    def refreshed(self, token: str) -> str | None:
        """Return whose sessions a refresh token opens, None for one that was never given out."""
        return self._refresh.get(token)

    def close(self, token: str) -> None:
        """End one session, or what a refresh token allows."""
        self._open.pop(token, None)
        self._refresh.pop(token, None)

    def expire(self) -> None:
        """End every session; only signing in again opens one."""
        self._open.clear()
