"""Disputes: what a report counts against a party and the party says it should not, with the reason, until the month is frozen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.findings import did_you_mean
from sla_sync.agreement.sections.reading import Section
from sla_sync.agreement.sections.words import Day, Name
from sla_sync.diagnostics import Diagnostic, Severity

_UNDEFINED = "SLA102"

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$")]
"""The id of a record as the history has it: letters and digits, with `-`, `.`, `:` or `_` between."""


class Dispute(Section):
    """One thing that is in dispute: a lead under a commitment, or one assignment of it."""

    lead: Id = Field(description="The lead, by the id that reports show.", examples=["00Q5g00000AbCdE"])
    commitment: Name = Field(description="The commitment that it is counted under.", examples=["first-response"])
    leg: Id | None = Field(
        default=None,
        description="The one assignment that is meant, by its id; all of the lead where left out.",
        examples=["a0B5g00000XyZ12"],
    )
    because: str = Field(
        min_length=1,
        max_length=2000,
        description="Why it should not count.",
        examples=["The lead was assigned while the phones were down."],
    )
    by: Name = Field(description="The role that disputes it.", examples=["vp_sales"])
    on: Day = Field(description="The day on which it was disputed.", examples=["2026-11-04"])

    @property
    def identity(self) -> tuple[str, str, str | None]:
        """What is disputed: the commitment, the lead, and the assignment where one is meant."""
        return self.commitment, self.lead, self.leg

    @property
    def sentence(self) -> str:
        """Who disputes what since when, and why, for a report."""
        leg = f" (assignment {self.leg})" if self.leg else ""
        return f"{self.by} disputes lead {self.lead}{leg} under {self.commitment} since {self.on}: {self.because}"


class Disputes(Section):
    """Everything that is in dispute. Reports show each figure with and without it."""

    apiVersion: Literal["sla-sync/v1"] = Field(description="The version of the language.")
    kind: Literal["Disputes"] = Field(description="What the document is.")
    agreement: Name = Field(description="The agreement that it is about.", examples=["acme-inbound"])
    disputes: tuple[Dispute, ...] = Field(
        min_length=1,
        description="What is in dispute; `sla-sync dispute` writes it.",
        examples=[
            [
                {
                    "lead": "00Q5g00000AbCdE",
                    "commitment": "first-response",
                    "because": "The lead was assigned while the phones were down.",
                    "by": "vp_sales",
                    "on": "2026-11-04",
                }
            ]
        ],
    )


def undefined(disputes: Disputes, agreement: Agreement) -> Iterator[Diagnostic]:
    """Yield every word of disputes that the agreement does not define, without its place in the file."""
    if disputes.agreement != agreement.metadata.name:
        yield Diagnostic(
            _UNDEFINED,
            Severity.ERROR,
            f"The disputes are about '{disputes.agreement}', and the agreement is '{agreement.metadata.name}'.",
            ("agreement",),
            hint=f"Write `{agreement.metadata.name}`, or move the file beside its agreement.",
        )
    for index, each in enumerate(disputes.disputes):
        for key, word, known, what in (
            ("commitment", each.commitment, agreement.commitments, "commitment"),
            ("by", each.by, agreement.roles, "role"),
        ):
            if word not in known:
                yield Diagnostic(
                    _UNDEFINED,
                    Severity.ERROR,
                    f"'{word}' is not a {what} of the agreement.",
                    ("disputes", index, key),
                    hint=did_you_mean(word, known),
                )
