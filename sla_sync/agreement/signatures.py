"""Signatures: which role has signed which meaning of an agreement, and what a later meaning changed."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator

from sla_sync.agreement.sections.reading import Section
from sla_sync.agreement.sections.words import Day, Name, Names

_EXAMPLE = "3f9c0d2e7a415b86c0ffee00112233445566778899aabbccddeeff0011223344"
_LATER = "9a41b7c5d6e8f9011223344556677889900aabbccddeeff00112233445566778"

_LINK = re.compile(r"https://[A-Za-z0-9.-]+(:[0-9]+)?([/?#][A-Za-z0-9._~!$&'*+,;=:@%/?#-]*)?")

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""The digest of a meaning: SHA-256, in hex."""


class Signature(Section):
    """One role, and the meaning that it has signed."""

    role: Name = Field(description="The role that signs.", examples=["vp_sales"])
    digest: Digest = Field(description="The digest of the meaning, as `sla-sync sign` writes it.", examples=[_EXAMPLE])
    version: str = Field(description="The version of the agreement, for people.", examples=["2026-10-01"])
    on: Day = Field(description="The day on which it was signed.", examples=["2026-11-02"])
    evidence: str = Field(
        description="A link to what shows the consent, or a path inside the repository.",
        examples=["https://acme.example/minutes/2026-11-02", "minutes/2026-11-02.md"],
    )

    @field_validator("evidence")
    @classmethod
    def _can_be_followed(cls, given: str) -> str:
        problem = problem_of_evidence(given)
        if problem:
            raise ValueError(problem)
        return given


class Amended(Section):
    """One step from a meaning to the next, so that whoever it does not concern need not sign again."""

    since: Digest = Field(description="The digest of the meaning before.", examples=[_EXAMPLE])
    digest: Digest = Field(description="The digest of the meaning after.", examples=[_LATER])
    needs: Names = Field(
        min_length=1, description="The roles without whose signature it is not agreed.", examples=[["vp_marketing"]]
    )
    on: Day = Field(description="The day on which it was written.", examples=["2026-11-02"])


class Signatures(Section):
    """Who has signed what. `sla-sync sign` writes it; the agreement itself is not touched."""

    apiVersion: Literal["sla-sync/v1"] = Field(description="The version of the language.")
    kind: Literal["Signatures"] = Field(description="What the document is.")
    agreement: Name = Field(description="The agreement, by its metadata.name.", examples=["acme-inbound"])
    signed: tuple[Signature, ...] = Field(
        default=(),
        description="The signatures.",
        examples=[
            [
                {
                    "role": "vp_sales",
                    "digest": _EXAMPLE,
                    "version": "2026-10-01",
                    "on": "2026-11-02",
                    "evidence": "https://acme.example/minutes/2026-11-02",
                }
            ]
        ],
    )
    amended: tuple[Amended, ...] = Field(
        default=(),
        description="What a later meaning changed.",
        examples=[[{"since": _EXAMPLE, "digest": _LATER, "needs": ["vp_marketing"], "on": "2026-11-02"}]],
    )

    def signature(self, role: str, digest: str) -> Signature | None:
        """Return the signature of a role under exactly this meaning; None where it has not signed that."""
        return next((each for each in self.signed if (each.role, each.digest) == (role, digest)), None)

    def leading_to(self, digest: str) -> tuple[Amended, ...]:
        """Return every amendment that leads to a meaning."""
        return tuple(each for each in self.amended if each.digest == digest)

    def needs(self, digest: str) -> frozenset[str]:
        """Return the roles that an amendment to this meaning asks, whichever amendment it is."""
        return frozenset(role for each in self.leading_to(digest) for role in each.needs)

    def binds(self, role: str, digest: str) -> bool:
        """Return whether a role stands by a meaning: it signed it, or one of which this is a change that asks others."""
        waiting, seen = [digest], set[str]()
        while waiting:
            at = waiting.pop()
            if self.signature(role, at):
                return True
            seen.add(at)
            if role not in self.needs(at):
                waiting += [each.since for each in self.leading_to(at) if each.since not in seen]
        return False


def problem_of_evidence(given: str) -> str | None:
    """Return in a sentence why nobody could follow this evidence, or None where it is a link or a path below here."""
    if not given.isprintable() or not given.strip():
        return "the evidence is empty or holds a character that cannot be printed"
    if "://" in given:
        # Brackets and the like are left out, so that a link stays one wherever it is shown.
        sound = _LINK.fullmatch(given)
        return (
            None if sound else f"`{given}` is no link that others can follow; it begins with https:// and names no user"
        )
    if given.startswith(("/", "\\", "~")) or ":" in given or ".." in given.replace("\\", "/").split("/"):
        return f"`{given}` is no path inside the repository"
    return None
