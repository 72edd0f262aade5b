"""What this CRM has, what a target may say of it, and what a binding may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from sla_sync import connector as sla

_FIELD = sla.SettingType(
    "Field", "field", sla.Mark.DESCRIPTION, keyed={"options": "value"}, immutable=frozenset({"kind"})
)
_STAGE = sla.SettingType("Stage", "stage", sla.Mark.DESCRIPTION)
_LIST = sla.SettingType("List", "list", sla.Mark.DESCRIPTION, on_removal=sla.Removal.DELETE)
TYPES: Mapping[str, sla.SettingType] = {
    each.name: replace(each, cosmetic=frozenset({"label", "description"}), aspects=frozenset({sla.Aspect.RECORDED}))
    for each in (_FIELD, _STAGE, _LIST)
}
TABLES: Mapping[str, str] = {"Field": "fields", "Stage": "stages", "List": "lists"}
"""Type of setting → the table of the CRM that has a row for each, by its name."""


class SqliteOptions(BaseModel):
    """How one CRM is reached."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    file: Path = Field(description="The file of the CRM, from the folder in which the command runs.")


class SqliteBinding(sla.BindingDocument):
    """How agreed words appear in this CRM."""

    stages: Mapping[str, str] = Field(default_factory=dict, description="Agreed stage → its name in the CRM.")
