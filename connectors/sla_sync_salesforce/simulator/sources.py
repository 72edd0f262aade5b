"""How each address, operation and type of this double is known: documented, recorded, seen through others' clients, inferred.

`docs/verified.md` is made from this table and from the marks beside the code. "WSDL" is Salesforce's own description of
version 63.0, as simple-salesforce 1.12.10 ships it; requests and files are held against it. "Seen" names programs of others
that were driven against this double and took its answers, which proves that those answers are well formed, not that an org
gives the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping

_CLI = "Seen: Salesforce CLI 2.146.3."
_LIBRARY = "Seen: simple-salesforce 1.12.10."
_REST = "Documented: REST API Developer Guide"
_META = "Documented: Metadata API Developer Guide"
_BULK = "Documented: Bulk API 2.0 and Bulk API Developer Guide"
_SOAP = "Documented: SOAP API Developer Guide"
_TOOLING = "Documented: Tooling API"

ENDPOINTS: Mapping[str, str] = {
    "userinfo": f'Documented: Salesforce Help, "The UserInfo Endpoint". {_CLI}',
    "token": 'Documented: Salesforce Help, "OAuth Authorization Flows" (JWT bearer, client credentials, refresh token).',
    "revoke": 'Documented: Salesforce Help, "Revoke OAuth Tokens".',
    "versions": f'{_REST}, "Versions". {_CLI}',
    "resources": f'{_REST}, "Resources by Version".',
    "limits": f'{_REST}, "Limits". {_LIBRARY}',
    "deploy": f'{_META}, REST resource "deployRequest".',
    "deploy_status": f'{_META}, REST resource "deployRequest".',
    "sobjects": f'{_REST}, "Describe Global".',
    "sobject": f'{_REST}, "sObject Basic Information". {_LIBRARY}',
    "describe": f'{_REST}, "sObject Describe".',
    "record": f'{_REST}, "sObject Rows". {_CLI} {_LIBRARY}',
    "external": f'{_REST}, "sObject Rows by External ID".',
    "body": f'{_REST}, "sObject Blob Get". {_LIBRARY}',
    "query": f'{_REST}, "Query" and "QueryAll". {_CLI} {_LIBRARY}',
    "more": f'{_REST}, "Query More Results". {_LIBRARY}',
    "tooling": f'{_TOOLING}, "REST Resources" (query). {_CLI}',
    "tooling_more": f'{_TOOLING}, "REST Resources" (query).',
    "tooling_record": f'{_TOOLING}, "REST Resources" (sObjects), "FlowDefinition", "Flow". {_CLI}',
    "composite": f'{_REST}, "Composite".',
    "batch": f'{_REST}, "Composite Batch".',
    "collection": f'{_REST}, "sObject Collections".',
    "retrieved": f'{_REST}, "sObject Collections".',
    "upserted": f'{_REST}, "sObject Collections".',
    "tree": f'{_REST}, "sObject Tree".',
    "jobs": f'{_BULK}, "Create a Query Job", "Create a Job".',
    "job": f'{_BULK}, "Get Information About a Query Job", "Get Job Info".',
    "batches": f'{_BULK}, "Upload Job Data".',
    "outcome": f'{_BULK}, "Get Results for a Query Job", "Get Job Successful Record Results".',
    "soap": f"Documented: WSDL of the Metadata API 63.0. {_CLI}",
    "soap_data": f'{_SOAP}, "login()", "convertLead()", "merge()"; the WSDL of that API is not at hand.',
}
"""Endpoint of `routes.py` → how it is known."""

OPERATIONS: Mapping[str, str] = {
    "cancelDeploy": f'{_META}, "cancelDeploy()"; WSDL.',
    "checkDeployStatus": f'{_META}, "checkDeployStatus()"; WSDL. {_CLI}',
    "checkRetrieveStatus": f'{_META}, "checkRetrieveStatus()"; WSDL. {_CLI}',
    "deploy": f'{_META}, "deploy()"; WSDL. {_CLI}',
    "deployRecentValidation": f'{_META}, "deployRecentValidation()"; WSDL. {_CLI}',
    "describeMetadata": f'{_META}, "describeMetadata()"; WSDL. {_CLI}',
    "listMetadata": f'{_META}, "listMetadata()"; WSDL. {_CLI}',
    "readMetadata": f'{_META}, "readMetadata()"; WSDL.',
    "retrieve": f'{_META}, "retrieve()"; WSDL. {_CLI}',
    "convertLead": f'{_SOAP}, "convertLead()".',
    "merge": f'{_SOAP}, "merge()".',
}
"""Operation over SOAP → how it is known."""

_SHAPE = "its members and their order: WSDL."
_FILES = "Recorded: files that real orgs returned, in public repositories."
_BOTH = f"Documented: {_SHAPE} {_FILES}"

KINDS: Mapping[str, str] = {
    "CustomField": f"{_BOTH} {_CLI}",
    "ValidationRule": f"{_BOTH} {_CLI}",
    "StandardValueSet": f"{_BOTH} {_CLI}",
    "PermissionSet": f"{_BOTH} {_CLI}",
    "Flow": f"{_BOTH} {_CLI}",
    "FlowDefinition": f"Documented: {_SHAPE}",
    "StaticResource": f"Documented: {_SHAPE} {_CLI}",
    "ReportFolder": f"{_BOTH} {_CLI}",
    "DashboardFolder": f"{_BOTH} {_CLI}",
    "EmailFolder": f"Documented: {_SHAPE}",
    "Report": f"{_BOTH} {_CLI}",
    "ReportType": f"{_BOTH} {_CLI}",
    "Dashboard": f"{_BOTH} {_CLI}",
    "EmailTemplate": f"Documented: {_SHAPE}",
    "WorkflowAlert": f"Documented: {_SHAPE}",
    "CustomObject": f"{_BOTH} {_CLI}",
    "CustomMetadata": f"{_BOTH} {_CLI}",
    "CustomNotificationType": f"{_BOTH} {_CLI}",
    "CustomPermission": f"Documented: {_SHAPE} {_CLI}",
    "Group": f"Documented: {_SHAPE} {_CLI}",
    "Queue": f"{_BOTH} {_CLI}",
    "AssignmentRule": _BOTH,
    "Settings": f"{_BOTH} {_CLI}",
    "LeadConvertSettings": f"{_BOTH} {_CLI}",
    "BusinessProcess": _BOTH,
    "RecordType": _BOTH,
    "ListView": f"{_BOTH} {_CLI}",
    "ApexClass": f"Documented: {_SHAPE}",
}
"""Type of metadata → how what is taken and given back of it is known. What is refused of it, its module says."""
