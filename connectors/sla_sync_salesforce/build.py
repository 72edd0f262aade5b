"""Building offline: the settings as a package, as a Salesforce DX project, or as JSON, for a team's own pipeline."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from sla_sync.connector import Address, Desired, Manifest, Translation, Values, manifest_to_json
from sla_sync_salesforce.containers import merged
from sla_sync_salesforce.names import manifest_name
from sla_sync_salesforce.package import (
    API_VERSION,
    SOURCE_ROOT,
    Component,
    Layout,
    files,
    mdapi_package,
    static_json,
)
from sla_sync_salesforce.types import CONTAINERS, RECORDS, STANDARD_VALUE_SET

ASSIGNMENT = "PermissionSetAssignment"
LEAD_STATUS_VALUE = "LeadStatusValue"
MANIFEST_DESCRIPTION = "What sla-sync applied last. Do not edit: drift is measured against it."

# The values that a new org offers (Salesforce Help, "Lead Fields").
STOCK_LEAD_STATUS: tuple[Values, ...] = (
    {"fullName": "Open - Not Contacted", "default": True, "label": "Open - Not Contacted", "converted": False},
    {"fullName": "Working - Contacted", "default": False, "label": "Working - Contacted", "converted": False},
    {"fullName": "Closed - Converted", "default": False, "label": "Closed - Converted", "converted": True},
    {"fullName": "Closed - Not Converted", "default": False, "label": "Closed - Not Converted", "converted": False},
)
STOCK: Mapping[str, Values] = {STANDARD_VALUE_SET: {"sorted": False, "standardValue": list(STOCK_LEAD_STATUS)}}
"""What a list of others holds in a new org, by its type; the others are empty there."""


def manifest_component(agreement: str, manifest: Manifest) -> Component:
    """Return the static resource that carries the manifest of an agreement."""
    return static_json(manifest_name(agreement), manifest_to_json(manifest), MANIFEST_DESCRIPTION)


def component(address: Address, values: Values) -> Component | None:
    """Return the component that a setting is written as, or None where it travels otherwise."""
    if address.type in CONTAINERS or address.type in RECORDS:
        return None
    return Component(address.type, address.key, values)


def portable(manifest: Manifest) -> Manifest:
    """Return the part of a manifest that files carry: what they do not bring must not count as last applied."""
    applied = {address: values for address, values in manifest.applied.items() if address.type not in RECORDS}
    created = frozenset(address for address in manifest.created if address.type not in RECORDS)
    return replace(manifest, applied=applied, created=created)


def _components(translation: Translation, manifest: Manifest) -> Iterator[Component]:
    wanted: dict[Address, dict[Address, Values]] = {}
    for each in translation.desired:
        made = component(each.address, each.values)
        if made is not None:
            yield made
        elif each.address.type in CONTAINERS:
            wanted.setdefault(CONTAINERS[each.address.type], {})[each.address] = each.values
    for container, parts in wanted.items():
        yield Component(container.type, container.key, merged(container, STOCK.get(container.type, {}), parts))
    yield manifest_component(translation.agreement, portable(manifest))


def build_package(translation: Translation, manifest: Manifest) -> Mapping[str, bytes]:
    """Return a package in Metadata API format under `src/`; beside it, not in it, what people must know."""
    tree = mdapi_package(_components(translation, manifest))
    return {
        **{f"src/{path}": content for path, content in tree.items()},
        "README.md": _readme(translation, Layout.PACKAGE),
    }


def build_source(translation: Translation, manifest: Manifest) -> Mapping[str, bytes]:
    """Return a Salesforce DX project in source format."""
    project = {
        "packageDirectories": [{"path": "force-app", "default": True}],
        "name": translation.agreement,
        "namespace": "",
        "sourceApiVersion": API_VERSION,
    }
    tree = {
        f"{SOURCE_ROOT}/{path}": content
        for path, content in files(_components(translation, manifest), Layout.SOURCE).items()
    }
    return {
        "sfdx-project.json": (json.dumps(project, indent=2) + "\n").encode(),
        **tree,
        "README.md": _readme(translation, Layout.SOURCE),
    }


def build_json(translation: Translation, manifest: Manifest) -> Mapping[str, bytes]:
    """Return every setting as JSON in one file, the assignments of permission sets among them."""
    settings = [
        {"address": str(each.address), "values": each.values, "requires": [str(address) for address in each.requires]}
        for each in translation.desired
    ]
    gaps = [{"id": each.id, "name": each.name, "advice": each.advice} for each in translation.gaps]
    content = {"agreement": translation.agreement, "agreement_digest": manifest.agreement_digest}
    whole = {**content, "settings": settings, "gaps": gaps}
    return {"settings.json": (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()}


_RELEASE: Mapping[Layout, str] = {
    Layout.PACKAGE: "sf project deploy start --metadata-dir src",
    Layout.SOURCE: "sf project deploy start --source-dir force-app",
}


def _readme(translation: Translation, layout: Layout) -> bytes:
    lines = [
        f"# {translation.agreement} for Salesforce",
        "",
        "Written by `sla-sync build`. Release it with your own pipeline, for example:",
        "",
        f"    {_RELEASE[layout]}",
        "",
        f"It carries the manifest `{manifest_name(translation.agreement)}` as a static resource, so that",
        "`sla-sync drift` knows what was applied last.",
    ]
    if any(each.address.type == LEAD_STATUS_VALUE for each in translation.desired):
        lines += [
            "",
            "## Before you release it: Lead Status",
            "",
            "Salesforce takes the values of Lead Status as one whole list. This file was written without looking at your",
            "org, so it holds the values of a new org and ours. Put in every other value that your org has, in your order,",
            "or leave the file out and let `sla-sync apply` merge ours into the live list.",
        ]
    others = sorted({CONTAINERS[each.address.type] for each in translation.desired if each.address.type in CONTAINERS})
    shared = [_SHARED[each.type] for each in others if each.type in _SHARED]
    if shared:
        lines += [
            "",
            "## Before you release it: lists that others write into",
            "",
            "These files hold our parts and nothing of your org's. Salesforce takes some of them as one whole, so merge",
            "them with yours first (`sla-sync build --merge-with` does it), or let `sla-sync apply` do it:",
            "",
            *(f"- {each}" for each in shared),
        ]
    records = [each for each in translation.desired if each.address.type in RECORDS]
    if records:
        lines += ["", "## After you released it: records", "", *_records(records)]
    if translation.gaps:
        lines += ["", "## By hand", ""]
        lines += [f"{number}. {gap.advice}" for number, gap in enumerate(translation.gaps, 1)]
    return ("\n".join(lines) + "\n").encode()


# A list that a package brings whole: what people must know it by.
_SHARED: Mapping[str, str] = {
    "AssignmentRules": "`assignmentRules/Lead`: the lead assignment rules",
    "LeadConvertSettings": "`LeadConvertSettings`: the field mapping of lead conversion",
    "Settings": "`settings/BusinessHours`: business hours and holidays",
}


def _records(records: list[Desired]) -> Iterator[str]:
    yield "A package carries no records. `sla-sync apply` writes them:"
    yield ""
    for each in records:
        first, _, second = each.address.key.partition("/")
        yield f"- {first} to {second}" if each.address.type == ASSIGNMENT else f"- {second} into {first}"


BUILD = {
    Layout.SOURCE.value: build_source,
    Layout.PACKAGE.value: build_package,
    "json": build_json,
}
