"""How each type of setting is known: which description says what it holds, and whether real portals were seen to hold such.

`docs/verified.md` is made from this table. Names such as `properties.json` are those of HubSpot's published descriptions.
"""

from __future__ import annotations

from collections.abc import Mapping

SETTINGS: Mapping[str, str] = {
    "LifecycleStage": "Recorded: public programs read and write the lifecycle as a pipeline of contacts; no page says so.",
    "Pipeline": "Documented: pipelines.json.",
    "Property": "Documented: properties.json. Recorded: refusals and their sub categories, names that can be used again.",
    "PropertyGroup": "Documented: properties.json. Recorded: refusals of groups that are there or in use.",
    "PropertyOption": "Documented: properties.json. Recorded: options of the lead status that public code adds to.",
    "PropertyValidation": "Documented: propertyValidations.json.",
    "Segment": "Documented: lists.json. Recorded: filters as portals return them.",
    "Workflow": "Documented: automationV4.json. Recorded: workflows of real portals, and refusals of bodies.",
}
"""Type of setting → how it is known. What a portal fills in and spells in its own way is said in `types.py`."""
