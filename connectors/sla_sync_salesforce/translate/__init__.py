"""An agreement in Salesforce's words: one module per kind of resource, brought together here. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sla_sync.connector import (
    Address,
    BindingDocument,
    DataType,
    Desired,
    Gap,
    Resources,
    Setup,
    SlaSyncError,
    Translation,
)
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate.access import access
from sla_sync_salesforce.translate.attainment import attainment_fields, left_to_others, report_types
from sla_sync_salesforce.translate.contacts import has_assignments
from sla_sync_salesforce.translate.conversion import conversion
from sla_sync_salesforce.translate.dashboards import dashboards
from sla_sync_salesforce.translate.elsewhere import HERE, timed_elsewhere
from sla_sync_salesforce.translate.fields import fields, only_on_leg
from sla_sync_salesforce.translate.footprint import footprint
from sla_sync_salesforce.translate.gates import gates
from sla_sync_salesforce.translate.held import held
from sla_sync_salesforce.translate.life import life
from sla_sync_salesforce.translate.listviews import list_views
from sla_sync_salesforce.translate.processes import processes
from sla_sync_salesforce.translate.qualifying import qualified_stage
from sla_sync_salesforce.translate.reports import folder_address, reports
from sla_sync_salesforce.translate.segments import excluded, segments
from sla_sync_salesforce.translate.stages import stages
from sla_sync_salesforce.translate.switches import switches
from sla_sync_salesforce.translate.words import CODES, OBJECT, Words, is_on_lead, learn

__all__ = ["translate"]


def translate(resources: Resources, binding: BindingDocument, setup: Setup) -> Translation:
    """Return the settings that an org needs for an agreement, and what people have to do there by hand.

    Raises SlaSyncError where two agreed names become one name on Salesforce.
    """
    if not isinstance(binding, SalesforceBinding):
        raise TypeError(f"The Salesforce connector was given a {type(binding).__name__}.")
    words = learn(resources, binding)
    elsewhere = timed_elsewhere(resources, binding)
    if elsewhere is not None or qualified_stage(resources, words) is None:
        resources = _lifeless(resources)
    words = _on_lead_alone(words, resources, binding)
    alive = life(resources, binding, setup, words)
    # What the org does not hold of a clock, no report and no list can show.
    shown = replace(resources, clocks=alive.clocks)
    words = _on_lead_alone(words, shown, binding)
    asked: list[Desired | Gap] = [*switches(resources, binding, setup), *fields(shown, binding, setup)]
    exclusion = tuple(excluded(resources, binding, setup, words))
    excludes = any(isinstance(each, Desired) for each in exclusion)
    asked += [*exclusion, *segments(resources, binding, setup, words, excludes=excludes)]
    asked += [*alive.settings, *attainment_fields(shown, binding, setup)]
    asked += conversion(each for each in asked if isinstance(each, Desired))
    asked += [*stages(resources, binding), *gates(resources, binding, setup, words)]
    asked += processes(resources, binding, setup, words)
    asked += access(resources, binding, setup, words, tuple(each for each in asked if isinstance(each, Desired)))
    asked += report_types(shown, binding, setup)
    groups = _groups(asked)
    asked += reports(shown, binding, setup, words, excludes=excludes, groups=groups)
    asked += dashboards(shown, binding, setup, folder_address(binding), groups)
    asked += [*list_views(shown, binding), *left_to_others(shown)]
    asked += [*_unbound(resources, binding), *_by_hand(resources, words, binding)]
    asked += [elsewhere] if elsewhere is not None else []
    desired = held(_once(each for each in asked if isinstance(each, Desired)), resources, binding, words)
    gaps = {each.id: each for each in asked if isinstance(each, Gap)}
    return Translation(desired, tuple(gaps.values()), agreement=setup.agreement, opening=footprint(desired))


def _lifeless(resources: Resources) -> Resources:
    """Return an agreement of which no assignment is opened here, so that nothing is timed, routed or escalated."""
    return replace(
        resources,
        stages=tuple(replace(stage, qualifies=False) for stage in resources.stages),
        clocks=(),
        deadline=None,
    )


def _on_lead_alone(words: Words, resources: Resources, binding: SalesforceBinding) -> Words:
    """Return the words without those that the assignment alone carries, and with the look-ups that the binding creates."""
    gone = {
        name: place
        for name, place in words.places.items()
        if only_on_leg(name, resources) and place.key in words.created
    }
    return replace(
        words,
        places={name: place for name, place in words.places.items() if name not in gone},
        created=words.created.difference(place.key for place in gone.values()).union(binding.lookups),
    )


def _groups(asked: Iterable[Desired | Gap]) -> tuple[Address, ...]:
    """Return the public groups of roles and teams, with whom folders are shared."""
    return tuple(sorted(each.address for each in asked if isinstance(each, Desired) and each.address.type == "Group"))


def _once(desired: Iterable[Desired]) -> tuple[Desired, ...]:
    """Return the settings, those that two translators ask for alike once. Raises SlaSyncError where two differ."""
    desired = tuple(desired)
    _refuse_collisions(desired)
    return tuple({each.address: each for each in desired}.values())


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


def _by_hand(resources: Resources, words: Words, binding: SalesforceBinding) -> Iterator[Gap]:
    """Yield a gap for what Salesforce does not take by its API."""
    for name, coded in words.places.items():
        if coded.api in CODES and coded.path == coded.api:
            yield Gap(
                f"codes:{name}",
                f"who writes «{name}»",
                f"Let every form and system write {coded.key} and not {OBJECT}.{CODES[coded.api]}: Salesforce brings the two "
                "into step after the flow that enters stages, which sees the one that was written.",
            )
    for field in resources.fields:
        place = words.places.get(field.name)
        if place is None or place.key not in words.created:
            continue
        if field.data is DataType.INSTANT and not has_assignments(resources) and binding.timers == HERE:
            yield Gap(
                f"unwritten:{field.name}",
                f"values of «{field.label}»",
                f"Expect {place.key} to stay empty: no stage that is a Lead Status opens an assignment, and nothing else "
                "writes it.",
                field.origin,
            )
        if field.written_by_people:
            yield Gap(
                f"layout:{field.name}",
                f"«{field.label}» on the page layouts",
                f"Put the field «{field.label}» ({place.key}) on the page layouts of the {OBJECT}: a page layout is one "
                "whole that others edit, so it is not pushed.",
                field.origin,
            )
