"""Where agreed words live on the Lead: fields, stages and sources, as every translator of this package looks them up."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sla_sync.connector import ADDED, BoundField, DataType, Resources, tree
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import developer_name

OBJECT = "Lead"
SOURCE = "source"
RAISED_AT = "raised_at"
"""The field of the Lead that keeps when its hand was raised."""


class Holds(StrEnum):
    """What a field holds, as far as formulas care."""

    TEXT = "text"
    LONG_TEXT = "long text"
    PICKLIST = "picklist"
    NUMBER = "number"
    CHECKBOX = "checkbox"
    INSTANT = "instant"
    REFERENCE = "reference"
    UNKNOWN = "a type that the binding does not tell"


@dataclass(frozen=True, slots=True)
class Place:
    """Where one agreed word lives on the Lead: its API name, what it holds, and how a formula reaches it."""

    api: str
    holds: Holds
    path: str

    @property
    def key(self) -> str:
        """The name by which settings refer to it: `Lead.SLA_Due_At__c`."""
        return f"{OBJECT}.{self.api}"


@dataclass(frozen=True)
class Words:
    """Every agreed word that the Lead can show."""

    places: Mapping[str, Place]
    statuses: Mapping[str, tuple[str, ...]]
    sources: Mapping[str, tuple[str, ...]]
    thresholds: Mapping[str, float]
    groups: Mapping[str, tuple[str | tree.Expression, ...]]
    created: frozenset[str]
    """Keys of the fields that this agreement creates."""
    status: str = "Status"
    """How Lead Status is written in a formula."""
    points: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Scoring model → how its threshold is written in a formula, where that is not the number itself."""

    def of(self, record: str, prefix: str) -> Words:
        """Return these words as a flow writes them of `record`, such as `$Record`: numbers are read where they stand once."""
        return replace(
            self,
            places={name: replace(each, path=merge_field(record, each.path)) for name, each in self.places.items()},
            status=merge_field(record, self.status),
            points={
                model: merge_field("$CustomMetadata", f"{prefix}Threshold__mdt.{threshold_name(model)}.Points__c")
                for model in self.thresholds
            },
        )

    def place(self, key: str) -> Place | None:
        """Return the place of a field that is named by its key on the platform: `Lead.Email`."""
        return next((each for each in self.places.values() if each.key == key), None) or _standard(key)


_OF_DATA: Mapping[DataType, Holds] = {
    DataType.TEXT: Holds.TEXT,
    DataType.LONG_TEXT: Holds.LONG_TEXT,
    DataType.CHECKBOX: Holds.CHECKBOX,
    DataType.NUMBER: Holds.NUMBER,
    DataType.INSTANT: Holds.INSTANT,
    DataType.CHOICE: Holds.PICKLIST,
}

CODES: Mapping[str, str] = {"CountryCode": "Country", "StateCode": "State"}
"""Fields that a Lead has where state and country picklists are on → the names that they are kept in step with."""
# Salesforce Object Reference, "Lead". Country and State are text also where State and Country/Territory Picklists are on.
STANDARD: Mapping[str, Holds] = {
    **dict.fromkeys(
        (
            "City",
            "Company",
            "Country",
            "Email",
            "Fax",
            "FirstName",
            "LastName",
            "MobilePhone",
            "Name",
            "Phone",
            "PostalCode",
            "State",
            "Street",
            "Title",
            "Website",
        ),
        Holds.TEXT,
    ),
    # MiddleName and Suffix are left out: an org has them only where a setting says so. So it is with the codes, but where
    # they are there Country holds what the list calls it, and only the code is what an agreement can name.
    **dict.fromkeys((*CODES, "Industry", "LeadSource", "Rating", "Salutation", "Status"), Holds.PICKLIST),
    **dict.fromkeys(("AnnualRevenue", "NumberOfEmployees"), Holds.NUMBER),
    **dict.fromkeys(("DoNotCall", "HasOptedOutOfEmail", "IsConverted", "IsUnreadByOwner"), Holds.CHECKBOX),
    **dict.fromkeys(("CreatedDate", "ConvertedDate", "LastModifiedDate"), Holds.INSTANT),
    "Description": Holds.LONG_TEXT,
    "OwnerId": Holds.REFERENCE,
}


def _standard(key: str) -> Place | None:
    target, _, api = key.partition(".")
    return Place(api, STANDARD[api], api) if target == OBJECT and api in STANDARD else None


def is_on_lead(key: str) -> bool:
    """Return whether a key of the binding names a field of the Lead."""
    return key.startswith(f"{OBJECT}.")


def added_fields(binding: SalesforceBinding) -> Iterator[tuple[str, BoundField, DataType]]:
    """Yield every field that the binding asks to create on the Lead: agreed name, binding, what it holds."""
    for name, bound in binding.fields.items():
        if bound.add is not None and is_on_lead(bound.field) and bound.field.endswith("__c"):
            yield name, bound, ADDED[bound.add]


def merge_field(record: str, path: str) -> str:
    """Return how a formula of a flow writes a field of one of its records: `{!$Record.Status}`."""
    return f"{{!{record}.{path}}}"


def threshold_name(model: str) -> str:
    """Return the name of the row that keeps the points which a scoring model asks for: `Score_person`."""
    return developer_name("Score_", model)


def source_field(binding: SalesforceBinding) -> str | None:
    """Return the API name of the field in which the Lead keeps the agreed source of its latest hand-raise, if any is read.

    None where the binding reads no source, or has a field of its own for it.
    """
    read = binding.sources.read_from and binding.sources.values
    return own_field(binding, SOURCE) if read and SOURCE not in binding.fields else None


def own_field(binding: SalesforceBinding, name: str) -> str:
    """Return the API name of a field that the agreement needs for itself: `SLA_Due_At__c`."""
    return f"{developer_name(binding.prefix, name)}__c"


def learn(resources: Resources, binding: SalesforceBinding) -> Words:
    """Return where every agreed word lives on the Lead; what is bound elsewhere is left out."""
    places: dict[str, Place] = {}
    created: set[str] = set()
    for field in resources.fields:
        if field.name not in binding.fields:
            api = own_field(binding, field.name)
            places[field.name] = Place(api, _OF_DATA[field.data], api)
            created.add(places[field.name].key)
    added = {name: _OF_DATA[data] for name, _, data in added_fields(binding)}
    created.update(binding.fields[name].field for name in added)
    for name, bound in binding.fields.items():
        if is_on_lead(bound.field):
            places[name] = _bound(bound, added.get(name))
    source = source_field(binding)
    if source is not None:
        places[SOURCE] = Place(source, Holds.TEXT, source)
        created.update((places[SOURCE].key, f"{OBJECT}.{own_field(binding, RAISED_AT)}"))
    return Words(
        places=places,
        statuses={name: stage.lead_status for name, stage in binding.stages.items() if stage.lead_status},
        sources=binding.sources.values,
        thresholds=resources.thresholds,
        groups=resources.groups,
        created=frozenset(created),
    )


def _bound(bound: BoundField, added: Holds | None) -> Place:
    api = bound.field.removeprefix(f"{OBJECT}.")
    if bound.through:
        # A formula follows a look-up by its relationship; what it then finds is known only where it is an Id.
        relationship = f"{api.removesuffix('__c')}__r" if api.endswith("__c") else api.removesuffix("Id")
        holds = Holds.REFERENCE if bound.through.endswith("Id") else Holds.UNKNOWN
        return Place(api, holds, f"{relationship}.{bound.through}")
    return Place(api, added or STANDARD.get(api, Holds.UNKNOWN), api)


def statuses_of(words: Words, stages: Sequence[str]) -> tuple[str, ...]:
    """Return the values of Lead Status that mean one of these stages, in their order."""
    return tuple(status for stage in stages for status in words.statuses.get(stage, ()))
