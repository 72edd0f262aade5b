"""The operations of the Metadata API over SOAP."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping

from sla_sync_salesforce.simulator.api.envelope import Call, rendered
from sla_sync_salesforce.simulator.desk import Caller, Desk, Retrieve
from sla_sync_salesforce.simulator.documents import XSD
from sla_sync_salesforce.simulator.identifiers import normal
from sla_sync_salesforce.simulator.packages import jobs
from sla_sync_salesforce.simulator.packages.rendering import render_inline
from sla_sync_salesforce.simulator.packages.retrieval import (
    SETTINGS,
    described,
    list_components,
    read_values,
    require_type,
    retrieve,
)
from sla_sync_salesforce.simulator.refusals import RefusedError, not_implemented
from sla_sync_salesforce.simulator.schema import VERSION

_LIST_LIMIT, _READ_LIMIT = 3, 10
_READING_CALLS = ("describeMetadata", "listMetadata", "readMetadata", "retrieve", "checkRetrieveStatus")
STATUS_CALLS = ("deploy", "checkDeployStatus", "cancelDeploy")
"""Calls that leave the deployments that wait or run as they are; every other one finds them done."""


def perform(call: Call, desk: Desk, caller: Caller) -> list[str]:
    """Return the insides of the results of a call. Raises RefusedError."""
    operation = OPERATIONS.get(call.operation)
    if operation is None:
        raise not_implemented(f"The operation {call.operation}")
    # Documented: a user with this permission changes only what further permissions let him change ("Metadata API Edit
    # Access"). Inferred: without any of them the calls that only read are answered, and the others are not.
    if not (caller.user.auditor and call.operation in _READING_CALLS):
        jobs.allow(caller.user)
    if call.operation not in STATUS_CALLS:
        jobs.finish_all(desk)
    return operation(call, desk, caller)


def _require(call: Call, *names: str) -> None:
    for name in names:
        if name not in call.parameters:
            raise RefusedError("UNKNOWN_EXCEPTION", f"Missing element {name} in the request {call.operation}")


def _require_version(given: str) -> None:
    if given.strip() not in (VERSION, VERSION.partition(".")[0]):
        raise not_implemented(f"API version {given}")


def _deploy(call: Call, desk: Desk, caller: Caller) -> list[str]:
    _require(call, "ZipFile", "DeployOptions")
    options = {
        name: value if isinstance(value, list) or name == "testLevel" else value == "true"
        for name, value in call.parameters["DeployOptions"].items()
    }
    deploy = jobs.start(desk, decode(call.parameters["ZipFile"]), {**jobs.DEFAULTS, **options}, caller.user)
    return [rendered("AsyncResult", {"done": False, "id": deploy.id, "state": "Queued"}, desk.schema)]


def decode(text: str) -> bytes:
    """Return what a base64 text holds. Raises RefusedError."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error as error:
        raise RefusedError("UNKNOWN_EXCEPTION", f"The zip file is not base64: {error}") from None


def _check_deploy(call: Call, desk: Desk, _caller: Caller) -> list[str]:
    _require(call, "asyncProcessId")
    deploy = jobs.poll(desk, call.parameters["asyncProcessId"])
    details = call.parameters.get("includeDetails") == "true"
    return [rendered("DeployResult", jobs.report(desk, deploy, details=details), desk.schema)]


def _cancel(call: Call, desk: Desk, caller: Caller) -> list[str]:
    # The WSDL spells this parameter with a capital.
    identity = call.parameters.get("String", "")
    deploy = jobs.cancel(desk, identity, caller.user)
    return [rendered("CancelDeployResult", {"done": True, "id": deploy.id}, desk.schema)]


def _quick(call: Call, desk: Desk, caller: Caller) -> list[str]:
    _require(call, "validationId")
    return [jobs.quick_deploy(desk, call.parameters["validationId"], caller.user).id]


def _retrieve(call: Call, desk: Desk, _caller: Caller) -> list[str]:
    _require(call, "retrieveRequest")
    request = call.parameters["retrieveRequest"]
    for member in ("packageNames", "specificFiles"):
        if request.get(member):
            raise not_implemented(f"'{member}' of a retrieve request")
    _require_version(request.get("apiVersion", VERSION))
    _require_version(request.get("unpackaged", {}).get("version", VERSION))
    manifest: dict[str, list[str]] = {}
    for each in request.get("unpackaged", {}).get("types", []):
        type_name = each.get("name", "")
        require_type(type_name, desk.schema)
        manifest.setdefault(type_name, []).extend(
            member.strip().removesuffix("/") for member in each.get("members", [])
        )
    answer = retrieve(
        desk.organization, manifest, desk.switches, desk.schema, single=request.get("singlePackage") == "true"
    )
    identity = desk.organization.new_id("Retrieve")
    desk.retrieves[identity] = Retrieve(identity, answer.zipped(), answer.properties, answer.messages)
    return [rendered("AsyncResult", {"done": False, "id": identity, "state": "Queued"}, desk.schema)]


def _check_retrieve(call: Call, desk: Desk, _caller: Caller) -> list[str]:
    _require(call, "asyncProcessId")
    identity = call.parameters["asyncProcessId"]
    found = desk.retrieves.get(normal(identity))
    if found is None:
        raise RefusedError("INVALID_CROSS_REFERENCE_KEY", f"no retrieve request with the id {identity} exists")
    found.polls += 1
    if found.polls == 1:
        waiting = {"done": False, "id": found.id, "status": "InProgress", "success": False}
        return [rendered("RetrieveResult", waiting, desk.schema)]
    result = {
        "done": True,
        "fileProperties": found.properties,
        "id": found.id,
        "messages": found.messages,
        "status": "Succeeded",
        "success": True,
    }
    if call.parameters.get("includeZip", "true") == "true":
        result["zipFile"] = base64.b64encode(found.zip).decode("ascii")
    return [rendered("RetrieveResult", result, desk.schema)]


def _list(call: Call, desk: Desk, _caller: Caller) -> list[str]:
    _require_version(call.parameters.get("asOfVersion", VERSION))
    queries = call.parameters.get("queries", [])
    if len(queries) > _LIST_LIMIT:
        raise RefusedError(
            "LIMIT_EXCEEDED", f"at most {_LIST_LIMIT} queries are allowed, and {len(queries)} were given"
        )
    return [
        rendered("FileProperties", each, desk.schema)
        for query in queries
        for each in list_components(
            desk.organization, query.get("type", ""), query.get("folder", ""), desk.switches, desk.schema
        )
    ]


def _describe(call: Call, desk: Desk, _caller: Caller) -> list[str]:
    _require_version(call.parameters.get("asOfVersion", VERSION))
    return [rendered("DescribeMetadataResult", described(), desk.schema)]


def _read(call: Call, desk: Desk, _caller: Caller) -> list[str]:
    _require(call, "type")
    type_name, names = call.parameters["type"], call.parameters.get("fullNames", [])
    if type_name not in SETTINGS:
        require_type(type_name, desk.schema)
    if type_name not in desk.schema.types:
        raise RefusedError("INVALID_TYPE", f"{type_name} is no type of readMetadata; use one of {', '.join(SETTINGS)}")
    if len(names) > _READ_LIMIT:
        raise RefusedError("LIMIT_EXCEEDED", f"at most {_READ_LIMIT} names are allowed, and {len(names)} were given")
    records = ""
    for name in names:
        values = read_values(desk.organization, type_name, name, desk.switches)
        if values is None:
            records += '<records xsi:nil="true"/>'
        else:
            inside = render_inline(type_name, values, desk.schema)
            records += f'<records xmlns:xsd="{XSD}" xsi:type="{type_name}">{inside}</records>'
    return [records]


OPERATIONS: Mapping[str, Callable[[Call, Desk, Caller], list[str]]] = {
    "cancelDeploy": _cancel,
    "checkDeployStatus": _check_deploy,
    "checkRetrieveStatus": _check_retrieve,
    "deploy": _deploy,
    "deployRecentValidation": _quick,
    "describeMetadata": _describe,
    "listMetadata": _list,
    "readMetadata": _read,
    "retrieve": _retrieve,
}
