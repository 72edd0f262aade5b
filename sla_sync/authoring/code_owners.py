"""The lines of CODEOWNERS that follow from the roles of an agreement, among the lines of others.

GitHub and GitLab ask for one of the owners of a file, not for all of them: CODEOWNERS brings the right people to a
change, and whether everybody consents is judged by `sla-sync review`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sla_sync.errors import SlaSyncError

_UNSAYABLE = re.compile(r"[*?\[\]!#\\\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Owned:
    """One file or folder (which ends in a slash), seen from the top of the repository, and the roles that own it."""

    path: str
    roles: tuple[str, ...]


def owner_lines(
    owned: Iterable[Owned], accounts: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines, and in sentences what nobody owns: a role may be a person without an account.

    Raises SlaSyncError where a path cannot be written in CODEOWNERS.
    """
    lines, alone = [], []
    for each in owned:
        if _UNSAYABLE.search(each.path):
            raise SlaSyncError(
                f"The path {each.path} cannot be written in CODEOWNERS.", hint="Rename the file, or own it by hand."
            )
        found = dict.fromkeys(account for role in each.roles for account in accounts.get(role, ()))
        if found:
            path = each.path.replace(" ", "\\ ")
            lines.append(f"/{path} {' '.join(found)}")
        else:
            roles = " and ".join(each.roles) or "anybody"
            alone.append(f"Nobody owns {each.path}: `code_owners` has no account for {roles}.")
    return tuple(lines), tuple(alone)


def with_owners(text: str, agreement: str, lines: Sequence[str]) -> str:
    """Return the text of CODEOWNERS in which these lines stand between the marks of an agreement; all else stays.

    Raises SlaSyncError where one mark stands without the other.
    """
    begin, end = (f"# sla-sync {agreement}: {word}" for word in ("begin (written by `sla-sync codeowners`)", "end"))
    block = "\n".join((begin, *lines, end))
    marks = [text.count(f"{mark}\n") + text.endswith(mark) for mark in (begin, end)]
    if marks == [0, 0]:
        before = text.rstrip("\n") + "\n\n" if text.strip() else ""
        return f"{before}{block}\n"
    first, last = text.find(begin), text.find(end)
    if marks != [1, 1] or last < first:
        raise SlaSyncError(
            f"The marks of '{agreement}' in CODEOWNERS do not form one pair.", hint=f"Remove «{begin}» and «{end}»."
        )
    return f"{text[:first]}{block}{text[last + len(end) :]}"
