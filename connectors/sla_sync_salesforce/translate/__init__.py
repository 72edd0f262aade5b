"""An agreement in Salesforce's words: one module per kind of resource, brought together here. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from sla_sync.connector import (
    BindingDocument,
    Desired,
    Gap,
    Resources,
    Setup,
    SlaSyncError,
    Translation,
)
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate.access import access
from sla_sync_salesforce.translate.fields import fields
from sla_sync_salesforce.translate.gates import gates
from sla_sync_salesforce.translate.reports import reports
from sla_sync_salesforce.translate.segments import excluded, segments
from sla_sync_salesforce.translate.stages import stages
from sla_sync_salesforce.translate.stamps import stamps
from sla_sync_salesforce.translate.words import OBJECT, Words, is_on_lead, learn

__all__ = ["translate"]


def translate(resources: Resources, binding: BindingDocument, setup: Setup) -> Translation:
    """Return the settings that an org needs for an agreement, and what people have to do there by hand.

    Raises SlaSyncError where two agreed names become one name on Salesforce.
    """
    if not isinstance(binding, SalesforceBinding):
        raise TypeError(f"The Salesforce connector was given a {type(binding).__name__}.")
    words = learn(resources, binding)
    asked: list[Desired | Gap] = [*fields(resources, binding, setup)]
    exclusion = tuple(excluded(resources, binding, setup, words))
    excludes = any(isinstance(each, Desired) for each in exclusion)
    asked += [*exclusion, *segments(resources, binding, setup, words, excludes=excludes)]
    shown = tuple(each for each in asked if isinstance(each, Desired))
    every = chain(
        asked,
        stages(resources, binding),
        gates(resources, binding, setup, words),
        stamps(resources, binding, setup, words),
        access(resources, binding, setup, words, shown),
        reports(resources, binding, setup, words, excludes=excludes),
        _unbound(resources, binding),
        _by_hand(resources, words),
    )
    desired: list[Desired] = []
    gaps: list[Gap] = []
    for each in every:
        if isinstance(each, Desired):
            desired.append(each)
        else:
            gaps.append(each)
    _refuse_collisions(desired)
    return Translation(tuple(desired), tuple(gaps), agreement=setup.agreement)


def _refuse_collisions(desired: Iterable[Desired]) -> None:
    seen: dict[str, Desired] = {}
    for each in desired:
        # Salesforce does not tell names apart by upper and lower case.
        key = str(each.address).lower()
        if key in seen and each != seen[key]:
            raise SlaSyncError(
                f"Two agreed names become {each.address} on Salesforce.",
                hint="Rename one of them in the agreement, or bind one to another field.",
            )
        seen[key] = each


def _unbound(resources: Resources, binding: SalesforceBinding) -> Iterator[Gap]:
    """Yield a gap for everything agreed that the binding does not place on the Lead."""
    own = {field.name for field in resources.fields}
    for stage, needed in resources.needs.items():
        for name in needed:
            bound = binding.fields.get(name)
            if name not in own and name != "source" and (bound is None or not is_on_lead(bound.field)):
                yield Gap(
                    f"field:{name}",
                    f"needed field «{name}»",
                    f"Bind «{name}» to a field of the {OBJECT}: it is needed at «{stage}», and nothing is pushed for it.",
                    ("stages", stage, "needs"),
                )
    for name, bound in binding.fields.items():
        if bound.add is not None and is_on_lead(bound.field) and not bound.field.endswith("__c"):
            yield Gap(
                f"field:{name}",
                f"field «{name}»",
                f"Remove `add` from «{name}» in the binding: {bound.field} is a standard field and cannot be created.",
            )
    for other in binding.objects:
        if other != OBJECT:
            yield Gap(
                f"object:{other}",
                f"fields of the {other}",
                f"Map our fields of the {OBJECT} to fields of the {other} in Setup > Object Manager > {OBJECT} > "
                f"Fields & Relationships > Map {OBJECT} Fields: this release writes no {other}.",
            )


def _by_hand(resources: Resources, words: Words) -> Iterator[Gap]:
    """Yield a gap for what Salesforce does not take by its API, or what nothing writes yet."""
    stamped = {stamp.field for stamp in resources.stamps}
    for field in resources.fields:
        place = words.places.get(field.name)
        if place is None or place.key not in words.created:
            continue
        if field.written_by_people:
            yield Gap(
                f"layout:{field.name}",
                f"«{field.label}» on the page layouts",
                f"Put the field «{field.label}» ({place.key}) on the page layouts of the {OBJECT}: a page layout is one "
                "whole that others edit, so it is not pushed.",
                field.origin,
            )
        elif field.name not in stamped:
            yield Gap(
                f"unwritten:{field.name}",
                f"values of «{field.label}»",
                f"Expect {place.key} to stay empty: this release creates the field and no flow writes it yet.",
                field.origin,
            )
