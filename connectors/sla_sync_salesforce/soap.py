"""Envelopes of the Metadata API: what is asked as XML, and what came back as values.

simple-salesforce's own client for this API ignores the session's certificates, writes booleans that are not XML's, and
has no timeout; what is needed of it is little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from sla_sync.connector import Value
from sla_sync_salesforce.markup import NAMESPACE, escape, parse, read_xml
from sla_sync_salesforce.wsdl import is_complex

_ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

TEXT = "text"
"""Where the text of a result stands that has no members."""

# Operation → the type of its result in the schema.
RESULTS: Mapping[str, str] = {
    "checkDeployStatus": "DeployResult",
    "checkRetrieveStatus": "RetrieveResult",
    "deploy": "AsyncResult",
    "deployRecentValidation": "string",
    "describeMetadata": "DescribeMetadataResult",
    "listMetadata": "FileProperties",
    "readMetadata": "ReadResult",
    "retrieve": "AsyncResult",
}


def envelope(operation: str, arguments: Mapping[str, Value], token: str) -> bytes:
    """Return the request for an operation; the arguments stand in the order of the schema already."""
    body = "".join(_element(name, value) for name, value in arguments.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{_ENVELOPE}" xmlns="{NAMESPACE}">'
        f"<soapenv:Header><SessionHeader><sessionId>{escape(token)}</sessionId></SessionHeader></soapenv:Header>"
        f"<soapenv:Body><{operation}>{body}</{operation}></soapenv:Body></soapenv:Envelope>"
    ).encode()


def _element(name: str, value: Value) -> str:
    if isinstance(value, Mapping):
        inner = "".join(_element(key, each) for key, each in value.items())
        return f"<{name}>{inner}</{name}>"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "".join(_element(name, each) for each in value)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escape(text)}</{name}>"


def results(operation: str, content: bytes) -> list[dict[str, Value]]:
    """Return what an operation answered, one mapping for each result. Raises ValueError where it is no such answer."""
    root = read_xml(content)
    answer = root.find(f".//{{{NAMESPACE}}}{operation}Response")
    if answer is None:
        message = f"no {operation}Response in it"
        raise ValueError(message)
    return [_result(each, RESULTS[operation]) for each in answer.findall(f"{{{NAMESPACE}}}result")]


def _result(element: etree._Element, type_name: str) -> dict[str, Value]:
    if type_name == "string":
        return {TEXT: element.text or ""}
    if type_name != "ReadResult":
        return parse(element, type_name)
    records: list[Value] = []
    for record in element.findall(f"{{{NAMESPACE}}}records"):
        own = (record.get(_XSI_TYPE) or "").rpartition(":")[2]
        if own and is_complex(own) and len(record):
            records.append(parse(record, own))
    return {"records": records}
