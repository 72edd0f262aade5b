"""SOAP envelopes: who asks and what, and answers in the platform's shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sla_sync_salesforce.simulator.documents import MalformedError, Node, Values, read_members, read_xml
from sla_sync_salesforce.simulator.packages.rendering import escape, render_inline
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.schema import NAMESPACE, Schema

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
# Inferred: the official CLI spells this parameter so, and works against real orgs.
_ALIASES = {("retrieve", "request"): "retrieveRequest"}


@dataclass(frozen=True)
class Call:
    """One operation with its parameters, checked against the WSDL, and the session that it came with."""

    session: str
    operation: str
    node: Node
    parameters: Values


def read_call(body: bytes, schema: Schema) -> Call:
    """Return the call in an envelope. Raises RefusedError for what the WSDL does not allow."""
    try:
        root = read_xml(body)
    except MalformedError as error:
        raise RefusedError(
            "UNKNOWN_EXCEPTION", f"Premature end of file or malformed XML: {error.problem.message}"
        ) from None
    if root.name != "Envelope" or root.namespace != _SOAP:
        raise RefusedError("UNKNOWN_EXCEPTION", "No operation available for request: a SOAP 1.1 envelope is expected")
    header, content = root.child("Header"), root.child("Body")
    session = header.child("SessionHeader") if header else None
    asked = content.children[0] if content and content.children else None
    if asked is None or asked.namespace != NAMESPACE or asked.name not in schema.operations:
        name = asked.name if asked else "(none)"
        raise RefusedError("UNKNOWN_EXCEPTION", f"No operation available for request {{{NAMESPACE}}}{name}")
    # Clients that are known to work send the parts of nested types in any order and leave some out.
    members = schema.operations[asked.name]
    for child in asked.children:
        child.name = _ALIASES.get((asked.name, child.name), child.name)
    parameters, problems = read_members(asked, asked.name, members, schema, complete=False)
    if problems:
        raise RefusedError("UNKNOWN_EXCEPTION", f"Invalid request {asked.name}: {problems[0].message}")
    return Call(session.text_of("sessionId") if session else "", asked.name, asked, parameters)


def answer(operation: str, results: list[str]) -> str:
    """Return the envelope of an answer; each result is the inside of one `result` element."""
    inside = "".join(f"<result>{each}</result>" for each in results)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<soapenv:Envelope xmlns:soapenv="{_SOAP}" xmlns="{NAMESPACE}" xmlns:xsi="{_INSTANCE}">'
        f"<soapenv:Body><{operation}Response>{inside}</{operation}Response></soapenv:Body></soapenv:Envelope>"
    )


def fault(error: RefusedError) -> str:
    """Return the envelope of a refusal."""
    message = error.message
    if error.code == "INVALID_SESSION_ID":
        message = "Invalid Session ID found in SessionHeader: Illegal Session"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<soapenv:Envelope xmlns:soapenv="{_SOAP}" xmlns:sf="{NAMESPACE}"><soapenv:Body><soapenv:Fault>'
        f"<faultcode>sf:{error.code}</faultcode><faultstring>{error.code}: {escape(message)}</faultstring>"
        "</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )


def spelled(value: Any) -> Any:
    """Return a result with every scalar as XML text, and without what is not set."""
    if isinstance(value, dict):
        return {key: spelled(each) for key, each in value.items() if each is not None}
    if isinstance(value, list):
        return [spelled(each) for each in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def rendered(type_name: str, value: dict[str, Any], schema: Schema) -> str:
    """Return the inside of a result of a type of the WSDL."""
    return render_inline(type_name, spelled(value), schema)
