"""Segments as formula fields: a checkbox on the Lead that is ticked while the lead belongs to the segment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sla_sync.connector import Address, Desired, Gap, Resources, Segment, Setup, describe, tree
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import (
    FIELD_DESCRIPTION_LIMIT,
    HELP_LIMIT,
    LABEL_LIMIT,
    developer_name,
    shorten,
)
from sla_sync_salesforce.translate.fields import field_address
from sla_sync_salesforce.translate.formulas import UnsayableError, all_of, any_of, formula, text_test
from sla_sync_salesforce.translate.words import OBJECT, Holds, Words

EXCLUDED = "excluded"
_TEST = re.compile(r"^(?P<key>\w+\.\w+)(?: (?P<test>contains|starts with|ends with) (?P<text>\S.*))?$")


def segment_field(binding: SalesforceBinding, name: str) -> str:
    """Return the API name of the formula field that shows a segment."""
    return f"{developer_name(binding.prefix, name)}__c"


def segments(
    resources: Resources, binding: SalesforceBinding, setup: Setup, words: Words, *, excludes: bool
) -> Iterator[Desired | Gap]:
    """Yield a formula field for each segment that a formula can say, and a gap for each that it cannot.

    `excludes`: there is a field for the leads that no segment counts.
    """
    left_out = segment_field(binding, EXCLUDED) if excludes else None
    fields = words.created | ({f"{OBJECT}.{left_out}"} if left_out else set())
    for segment in resources.segments:
        try:
            text = formula(segment.when, words)
        except UnsayableError as error:
            yield Gap(
                f"segment:{segment.name}",
                f"segment «{segment.label}»",
                f"Find the leads of «{segment.label}» by hand: {error}.",
                segment.origin,
            )
        else:
            counted = all_of((text, f"NOT({left_out})")) if left_out else text
            yield _field(segment, segment_field(binding, segment.name), counted, setup=setup, fields=fields)


def excluded(resources: Resources, binding: SalesforceBinding, setup: Setup, words: Words) -> Iterator[Desired | Gap]:
    """Yield the formula field that is ticked for leads that no report counts, and a gap for what it cannot say."""
    terms: list[str] = []
    for name in resources.exclusions:
        try:
            terms.append(_exclusion(name, binding, words))
        except UnsayableError as error:
            yield Gap(
                f"exclude:{name}",
                f"leads left out as «{name}»",
                f"Leave «{name}» out of every report by hand: {error}.",
                ("quality", "exclude"),
            )
    if terms:
        segment = Segment(
            name=EXCLUDED,
            origin=("quality", "exclude"),
            means=f"No report counts these leads: {', '.join(resources.exclusions)}.",
            label="Excluded from reports",
            when=tree.Not(tree.Known(EXCLUDED)),
        )
        yield _field(segment, segment_field(binding, EXCLUDED), any_of(terms), setup=setup, fields=words.created)


def _exclusion(name: str, binding: SalesforceBinding, words: Words) -> str:
    bound = binding.exclude.get(name)
    if bound is None:
        raise UnsayableError("the binding does not say how the Lead shows it")
    match = _TEST.match(bound)
    if match is None:
        raise UnsayableError(f"«{bound}» is neither a checkbox nor «field contains, starts with or ends with text»")
    place = words.place(match["key"])
    if match["test"] is None:
        if place is not None and place.holds is Holds.CHECKBOX:
            return place.path
        raise UnsayableError(f"{match['key']} is not known to be a checkbox; name it under fields with add: checkbox")
    if place is None or place.holds is not Holds.TEXT:
        raise UnsayableError(f"{match['key']} is not known to hold text")
    return text_test(place.path, tree.TextTest(match["test"]), match["text"].strip().strip("\"'"))


def _field(segment: Segment, api: str, text: str, *, setup: Setup, fields: Iterable[str]) -> Desired:
    used = set(re.findall(r"\w+", text))
    return Desired(
        field_address(api),
        {
            "label": shorten(segment.label, LABEL_LIMIT),
            "description": describe(segment.means, setup.agreement, limit=FIELD_DESCRIPTION_LIMIT),
            "inlineHelpText": shorten(segment.means or segment.label, HELP_LIMIT),
            "type": "Checkbox",
            "formula": text,
            "formulaTreatBlanksAs": "BlankAsBlank",
        },
        requires=tuple(Address("CustomField", key) for key in sorted(fields) if key.partition(".")[2] in used),
        origins={(): segment.origin},
    )
