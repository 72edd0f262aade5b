"""CODEOWNERS for the documents of an agreement, from its roles and their accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.authoring.code_owners import Owned, owner_lines, with_owners
from sla_sync.errors import SlaSyncError
from sla_sync.files import write_atomically
from sla_sync.pipeline.validate import Documents, read
from sla_sync.places import Place
from sla_sync.review.voices import required_roles, roles_where

_PLACES = (".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub and GitLab look for it; the first that is there is kept, and a new one stands at the top."""
_NEW = "CODEOWNERS"
_LARGEST = 3 * 1024 * 1024
"""Bytes beyond which GitHub does not read the file (docs.github.com, «About code owners»)."""


@dataclass(frozen=True, slots=True)
class CodeOwners:
    """The file as it is and as it should be; `alone` says in sentences what nobody owns."""

    path: Path
    old: str
    new: str
    alone: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether the file should hold something else."""
        return self.old != self.new

    def write(self) -> None:
        """Write the file whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.path, self.new.encode("utf-8"))


def code_owners(place: Place) -> CodeOwners:
    """Return CODEOWNERS of the repository with the lines of this agreement.

    Raises SlaSyncError where no role has an account, DocumentError where the agreement has errors.
    """
    documents = read(place)
    agreement = documents.usable
    accounts = documents.targets.code_owners if documents.targets else {}
    if not accounts:
        raise SlaSyncError(
            f"{place.targets or 'The targets file'} does not say which account stands for a role.",
            hint='Add `code_owners` there, such as {vp_marketing: "@acme/marketing", revops: "@acme/revops"}.',
        )
    strangers = [each for each in accounts if each not in agreement.roles]
    if strangers and len(strangers) == len(accounts):
        raise SlaSyncError(
            f"`code_owners` names {', '.join(strangers)}, and the agreement has: {', '.join(agreement.roles)}.",
            hint="Name roles of the agreement.",
        )
    top = _top(place)
    lines, alone = owner_lines(_owned(documents, agreement, top), accounts)
    path = next((top / each for each in _PLACES if (top / each).is_file()), top / _NEW)
    try:
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
    except UnicodeDecodeError as error:
        raise SlaSyncError(
            f"{path} is not UTF-8.", hint="Write it anew in UTF-8; lines of others stay then."
        ) from error
    new = with_owners(old, agreement.metadata.name, lines)
    if len(new.encode()) > _LARGEST:
        raise SlaSyncError(
            f"{path} would be larger than {_LARGEST:,} bytes.", hint="Remove lines that no file needs any longer."
        )
    return CodeOwners(path, old, new, alone)


def _owned(documents: Documents, agreement: Agreement, top: Path) -> Iterator[Owned]:
    place = documents.place
    everybody = _in_order(agreement, required_roles(agreement))
    steward = _in_order(agreement, roles_where(agreement, lambda role: role.steward)) or everybody
    for file, sections in _sections_by_file(documents).items():
        yield Owned(
            _seen_from(top, file), _owners_of(agreement, sections, everybody, whole=file == place.agreement.resolve())
        )
    days = tuple(read_holiday_files(agreement, place.folder).texts)
    calendars = _owners_of(agreement, ("calendars",), everybody, whole=False)
    yield from (Owned(_seen_from(top, place.folder / each), calendars) for each in days)
    # A dispute arrives in a pull request of its own, and each party must see those of the other.
    yield from (Owned(_seen_from(top, each), everybody) for each in (place.signatures, place.disputes))
    if place.bindings:
        yield Owned(f"{_seen_from(top, place.folder / 'bindings')}/", steward)
    kept = (place.sync, place.attestations, place.exceptions, place.baseline, *_targets(documents))
    yield from (Owned(_seen_from(top, each), steward) for each in kept if each.is_file())


def _owners_of(
    agreement: Agreement, sections: tuple[str, ...], everybody: tuple[str, ...], *, whole: bool
) -> tuple[str, ...]:
    """Return the roles that own a file: those that were given its sections, and everybody where one was given to nobody."""
    given = {section: agreement.approval.owners.get(section, ()) for section in sections}
    named = dict.fromkeys(role for roles in given.values() for role in roles)
    return tuple(dict.fromkeys([*(everybody if whole or not all(given.values()) else ()), *named]))


def _sections_by_file(documents: Documents) -> dict[Path, tuple[str, ...]]:
    """Return the agreement and every file that it includes, each with the sections that stand in it."""
    place, source = documents.place, documents.sources[documents.place.agreement]
    found: dict[Path, tuple[str, ...]] = {place.agreement.resolve(): ()}
    for section in source.data or {}:
        file = Path(source.locate_key((section,)).file)
        path = (file if file.is_file() else place.folder / file).resolve()
        found[path] = (*found.get(path, ()), section)
    return found


def _targets(documents: Documents) -> Iterator[Path]:
    """Yield the targets file, and the files in which it keeps people."""
    path = documents.place.targets
    if path is None or documents.targets is None:
        return
    yield path
    said = (each.people_said for each in documents.targets.targets.values())
    yield from dict.fromkeys(path.parent / each for each in said if isinstance(each, str))


def _in_order(agreement: Agreement, roles: frozenset[str]) -> tuple[str, ...]:
    return tuple(each for each in agreement.roles if each in roles)


def _top(place: Place) -> Path:
    """Return the top of the repository. Raises SlaSyncError outside of one."""
    top = next((each for each in place.agreement.resolve().parents if (each / ".git").exists()), None)
    if top is None:
        raise SlaSyncError(
            f"{place.agreement} is in no git repository, and CODEOWNERS speaks of one.", hint="Run: git init"
        )
    return top


def _seen_from(top: Path, path: Path) -> str:
    try:
        return path.resolve().relative_to(top.resolve()).as_posix()
    except ValueError:
        raise SlaSyncError(
            f"{path} lies outside of {top}, and CODEOWNERS speaks of one repository.",
            hint="Keep the documents of an agreement in one repository.",
        ) from None
