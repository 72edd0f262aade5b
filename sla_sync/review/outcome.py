"""The whole of a review: what a pull request shows, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sla_sync.diagnostics import Diagnostic, Location, errors_in
from sla_sync.review.amendments import Amendment, Difference

CONSENT = "SLA702"
"""The rule by which a change has the consent of everybody whose side it touches."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One role whose consent is needed, and the amendments for which it is."""

    role: str
    amendments: tuple[Amendment, ...]


@dataclass(frozen=True, slots=True)
class Consented:
    """A role that has signed the new meaning: on which day, and the link that shows it."""

    role: str
    on: date
    evidence: str


@dataclass(frozen=True)
class Consent:
    """Whose consent a change needs, and whose it has."""

    needed: tuple[Asked, ...]
    given: tuple[Consented, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The roles whose consent is needed and not there."""
        there = {each.role for each in self.given}
        return tuple(each.role for each in self.needed if each.role not in there)


@dataclass(frozen=True, slots=True)
class Notice:
    """When a change can take force. `first` is the first possible day if it were signed on `signed_on`.

    `said` is the notice in words (`10 business days`), empty where none is agreed; `planned` is the day in the file.
    """

    said: str
    signed_on: date
    first: date
    planned: date


@dataclass(frozen=True, slots=True)
class SettingsOnTarget:
    """What a change does to one target: lines for people (`+ Flow/…`, `~ CustomField/…: help text`), and counts.

    `compared` says what was compared: two translations of the text (offline), or the live target.
    """

    target: str
    connector: str
    created: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    manual: tuple[str, ...]
    """Manual steps that are new or different, in a sentence each."""
    compared: str
    summary: str = ""
    """How many settings of which sort change: `1 flow changed`; empty where none does."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What the change would have done to history, in sentences; `unknown` says what history cannot tell."""

    over: str
    lines: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class Unreviewed:
    """Why there is nothing to compare: the first agreement, or one that cannot be read.

    `because` is a whole sentence, `hint` starts with a verb, `diagnostics` are the findings about the side that counts;
    `missing` are the roles without whose signature what is to be agreed is not.
    """

    title: str
    because: str
    hint: str
    diagnostics: tuple[Diagnostic, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether a finding stands in the way of taking the change as it is."""
        return bool(errors_in(self.diagnostics))


@dataclass(frozen=True)
class Review:
    """What a pull request shows of a change of the agreement."""

    title: str
    difference: Difference
    consent: Consent
    notice: Notice | None
    """None where nothing changes that takes force."""
    open_leads: tuple[str, ...]
    """What happens to leads that are under way, in sentences."""
    appeared: tuple[Diagnostic, ...]
    disappeared: tuple[Diagnostic, ...]
    settings: tuple[SettingsOnTarget, ...]
    diagnostics: tuple[Diagnostic, ...]
    """What rules about a change find: SLA607, SLA702, SLA706, SLA709."""
    impact: Impact | None = None
    untold: Mapping[str, str] | None = None
    """What could not be shown here → why: a target that was not asked, a history that is not there."""
    author: str = ""
    """What the author says of it, in their own words; empty where nobody knows."""
    locations: tuple[Location | None, ...] = ()
    """Where each amendment stands in the files of the proposed side, in the order of the amendments."""

    @property
    def blocked(self) -> bool:
        """Whether a finding stands in the way of taking the change as it is; a signature that is awaited is none."""
        found = (each for each in self.diagnostics if not self.awaits(each))
        return bool(errors_in(found)) or bool(errors_in(self.appeared))

    def awaits(self, found: Diagnostic) -> bool:
        """Return whether a finding says only that a signature is not there yet."""
        return found.code == CONSENT and found.path[:1] != ("amended",) and bool(self.consent.missing)
