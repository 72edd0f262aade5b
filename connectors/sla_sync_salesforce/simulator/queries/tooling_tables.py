"""The tables of the Tooling API: the components of the org as records."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.fields import custom_shape, fields_of, object_names
from sla_sync_salesforce.simulator.packages.rendering import typed
from sla_sync_salesforce.simulator.queries.data_tables import (
    ENTITY_DEFINITION,
    PERMISSION_SET,
    PROFILE,
    STATIC_RESOURCE,
    USER,
    stamps,
)
from sla_sync_salesforce.simulator.queries.tables import Row, Table, columns, dated


def _metadata(desk: Desk, type_name: str, full_name: str, values: dict[str, Any]) -> dict[str, Any]:
    return {"FullName": full_name, "Metadata": typed(type_name, values, desk.schema)}


def _custom_fields(desk: Desk) -> Iterator[Row]:
    for name, each in desk.organization.of("CustomField").items():
        object_name, _, own = name.partition(".")
        yield {
            **stamps(each),
            **_metadata(desk, "CustomField", name, each.values),
            "Id": each.id,
            "DeveloperName": own.removesuffix("__c"),
            "TableEnumOrId": object_name,
            "EntityDefinitionId": object_name,
            "NamespacePrefix": None,
            "Description": each.values.get("description"),
            "InlineHelpText": each.values.get("inlineHelpText"),
            "Length": int(each.values["length"]) if "length" in each.values else None,
        }


def _validation_rules(desk: Desk) -> Iterator[Row]:
    for name, each in desk.organization.of("ValidationRule").items():
        object_name, _, own = name.partition(".")
        yield {
            **stamps(each),
            **_metadata(desk, "ValidationRule", name, each.values),
            "Id": each.id,
            "ValidationName": own,
            "EntityDefinitionId": object_name,
            "NamespacePrefix": None,
            "Active": each.values["active"] == "true",
            "Description": each.values.get("description"),
            "ErrorDisplayField": each.values.get("errorDisplayField"),
            "ErrorMessage": each.values["errorMessage"],
        }


def _flow_definitions(desk: Desk) -> Iterator[Row]:
    for name, each in desk.organization.of("Flow").items():
        active = next((version.id for version in each.versions if version.number == each.active), None)
        values = {"activeVersionNumber": str(each.active)} if each.active else {}
        yield {
            **stamps(each),
            **_metadata(desk, "FlowDefinition", name, values),
            "Id": each.id,
            "DeveloperName": name,
            "MasterLabel": each.versions[-1].values["label"],
            "NamespacePrefix": None,
            "ActiveVersionId": active,
            "LatestVersionId": each.versions[-1].id,
        }


def _flows(desk: Desk) -> Iterator[Row]:
    for name, each in desk.organization.of("Flow").items():
        for version in each.versions:
            yield {
                **_metadata(desk, "Flow", f"{name}-{version.number}", version.values),
                "Id": version.id,
                "DefinitionId": each.id,
                "MasterLabel": version.values["label"],
                "VersionNumber": version.number,
                "Status": version.values["status"],
                "ProcessType": version.values["processType"],
                "Description": version.values.get("description"),
                "CreatedDate": version.changed_at,
                "CreatedById": version.changed_by,
                "LastModifiedDate": version.changed_at,
                "LastModifiedById": version.changed_by,
                "SystemModstamp": version.changed_at,
            }


def _entity_particles(desk: Desk) -> Iterator[Row]:
    for object_name in object_names(desk.organization):
        custom = {
            name.partition(".")[2]: each.values
            for name, each in desk.organization.of("CustomField").items()
            if name.startswith(f"{object_name}.")
        }
        for shape in fields_of(desk.organization, object_name).values():
            values = custom.get(shape.name, {})
            yield {
                "DurableId": f"{object_name}.{shape.name}",
                "EntityDefinitionId": object_name,
                "QualifiedApiName": shape.name,
                "DeveloperName": shape.name.removesuffix("__c"),
                "Label": shape.label,
                "DataType": custom_shape(shape.name, values).type if values else shape.type,
                "Length": shape.length,
                "IsCalculated": "formula" in values,
                "IsNillable": not shape.required,
                "InlineHelpText": values.get("inlineHelpText"),
            }


def _custom_objects(desk: Desk) -> Iterator[Row]:
    for name, each in desk.organization.of("CustomObject").items():
        yield {
            **stamps(each),
            "Id": each.id,
            "DeveloperName": name.removesuffix("__c").removesuffix("__mdt"),
            "NamespacePrefix": None,
            "Description": each.values.get("description"),
        }


def _classes(desk: Desk) -> Iterator[Row]:
    for name, each in desk.organization.of("ApexClass").items():
        yield {
            **stamps(each),
            "Id": each.id,
            "Name": name,
            "NamespacePrefix": None,
            "ApiVersion": float(each.values["apiVersion"]),
            "Status": each.values["status"],
            "Body": base64.b64decode(each.content or "").decode(),
        }


def _none(_desk: Desk) -> Iterator[Row]:
    """Yield nothing: this double holds no such component, and a deployment of one is refused."""
    yield from ()


def _limits(desk: Desk) -> Iterator[Row]:
    """Yield how many custom fields and rules each object may have, as the Enterprise Edition has it."""
    for object_name in object_names(desk.organization):
        for limit, type_name, most in (
            ("CustomFields", "CustomField", 500),
            ("ValidationRules", "ValidationRule", 100),
        ):
            own = sum(each.startswith(f"{object_name}.") for each in desk.organization.of(type_name))
            yield {
                "DurableId": f"{object_name}.{limit}",
                "EntityDefinitionId": object_name,
                "Type": limit,
                "Label": limit,
                "Max": most,
                "Remaining": most - own,
            }


TOOLING_TABLES: Mapping[str, Table] = {
    each.name: each
    for each in (
        Table(
            "CustomField",
            dated(
                "Id:id DeveloperName TableEnumOrId EntityDefinitionId>EntityDefinition NamespacePrefix Description!"
                " InlineHelpText! Length:number FullName! Metadata:complex!"
            ),
            _custom_fields,
        ),
        Table(
            "ValidationRule",
            dated(
                "Id:id ValidationName EntityDefinitionId>EntityDefinition NamespacePrefix Active:boolean Description!"
                " ErrorDisplayField ErrorMessage! FullName! Metadata:complex!"
            ),
            _validation_rules,
        ),
        Table(
            "FlowDefinition",
            dated(
                "Id:id DeveloperName MasterLabel NamespacePrefix ActiveVersionId>Flow LatestVersionId>Flow FullName!"
                " Metadata:complex!"
            ),
            _flow_definitions,
        ),
        Table(
            "Flow",
            dated(
                "Id:id DefinitionId>FlowDefinition MasterLabel VersionNumber:number Status ProcessType Description!"
                " FullName! Metadata:complex!"
            ),
            _flows,
        ),
        Table(
            "EntityParticle",
            columns(
                "DurableId EntityDefinitionId>EntityDefinition QualifiedApiName DeveloperName Label DataType Length:number"
                " IsCalculated:boolean IsNillable:boolean InlineHelpText!"
            ),
            _entity_particles,
            key="DurableId",
        ),
        Table("CustomObject", dated("Id:id DeveloperName NamespacePrefix Description!"), _custom_objects),
        Table("ApexTrigger", dated("Id:id Name NamespacePrefix TableEnumOrId ApiVersion:number Status"), _none),
        Table("WorkflowRule", dated("Id:id Name NamespacePrefix TableEnumOrId FullName! Metadata:complex!"), _none),
        Table("ApexClass", dated("Id:id Name NamespacePrefix ApiVersion:number Status Body!"), _classes),
        Table(
            "EntityLimit",
            columns("DurableId EntityDefinitionId>EntityDefinition Type Label Max:number Remaining:number"),
            _limits,
            key="DurableId",
        ),
        ENTITY_DEFINITION,
        PERMISSION_SET,
        PROFILE,
        STATIC_RESOURCE,
        USER,
    )
}
