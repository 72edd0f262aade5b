"""The agreement in the words of the CRM: fields, stages and lists, and a gap for all that it cannot hold."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync import connector as sla

KINDS: Mapping[sla.DataType, str] = {sla.DataType.NUMBER: "number", sla.DataType.INSTANT: "instant"}
"""What a field holds → the kind of field for it; text for the others."""
ADVICE: Mapping[str, str] = {
    "gates": "Ask for the reason yourself: this CRM lets everybody change every stage.",
    "clocks": "Look at the dates every day: this CRM does nothing by itself.",
    "segments": "Filter by hand: a list of this CRM shows one stage or all.",
    "access": "Give the file to these people only: whoever can open it sees everything.",
}
"""What the CRM cannot hold → what a person does instead."""


def translate(resources: sla.Resources, binding: sla.BindingDocument, setup: sla.Setup) -> sla.Translation:
    """Return the settings that the agreement asks for, and the steps that are left to people."""
    fields = {each.name: sla.Address("Field", binding.prefix + each.name) for each in resources.fields}
    stages = {one.name: sla.Address("Stage", str(binding.stages.get(one.name, one.name))) for one in resources.stages}

    def desired(
        each: sla.Field | sla.Stage | sla.Report, address: sla.Address, *requires: sla.Address, **values: sla.Value
    ) -> sla.Desired:
        words = {"label": each.label, "description": sla.describe(each.means, setup.agreement, limit=400)}
        return sla.Desired(address, words | values, requires, {(): each.origin})

    found = [desired(each, stages[each.name], place=each.order + 1) for each in resources.stages]
    for field in resources.fields:
        options = [{"value": each.name, "label": each.label} for each in field.choices]
        found.append(desired(field, fields[field.name], kind=KINDS.get(field.data, "text"), options=options))
    for report in resources.reports:
        address, stage = sla.Address("List", binding.prefix + report.name), stages.get(report.stage or "")
        needs = [fields[name] for name in report.columns if name in fields] + ([stage] if stage else [])
        shown = [fields[name].key if name in fields else name for name in report.columns]
        found.append(desired(report, address, *needs, columns=shown, stage=sla.Ref(stage) if stage else None))
    gaps = [
        sla.Gap(f"{kind}:{each.name}", each.means or each.name, advice, each.origin)
        for kind, advice in ADVICE.items()
        for each in getattr(resources, kind)
    ]
    return sla.Translation(tuple(found), tuple(gaps), setup.agreement)
