"""The data API over SOAP, partner and enterprise: login, and what REST has not: the conversion and the merge of leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sla_sync_salesforce.simulator import converting, stock
from sla_sync_salesforce.simulator.api.sign_in import PASSWORD, SECURITY_TOKEN
from sla_sync_salesforce.simulator.desk import Caller, Desk
from sla_sync_salesforce.simulator.documents import MalformedError, Node, read_xml
from sla_sync_salesforce.simulator.identifiers import normal
from sla_sync_salesforce.simulator.incoming_rows import incoming
from sla_sync_salesforce.simulator.packages.rendering import escape
from sla_sync_salesforce.simulator.refusals import RefusedError, not_implemented
from sla_sync_salesforce.simulator.schema import VERSION

NAMESPACES = {"u": "urn:partner.soap.sforce.com", "c": "urn:enterprise.soap.sforce.com"}
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_CONVERSIONS = 100
_LOGIN_REFUSED = "Invalid username, password, security token; or user locked out."


@dataclass(frozen=True, slots=True)
class Request:
    """One operation of one of the two APIs, and the session that it came with."""

    api: str
    session: str
    node: Node

    @property
    def operation(self) -> str:
        """The name of the operation."""
        return self.node.name

    def children(self, name: str) -> list[Node]:
        """Return the parameters of this name."""
        return [each for each in self.node.children if each.name == name]


def read_request(api: str, body: bytes) -> Request:
    """Return what an envelope asks for. Raises RefusedError."""
    try:
        root = read_xml(body)
    except MalformedError as error:
        raise RefusedError("UNKNOWN_EXCEPTION", f"Malformed XML: {error.problem.message}") from None
    content, header = root.child("Body"), root.child("Header")
    if root.name != "Envelope" or root.namespace != _SOAP or content is None or not content.children:
        raise RefusedError("UNKNOWN_EXCEPTION", "No operation available for request: a SOAP 1.1 envelope is expected")
    asked = content.children[0]
    if asked.namespace != NAMESPACES[api]:
        name = f"{{{asked.namespace}}}{asked.name}"
        raise RefusedError("UNKNOWN_EXCEPTION", f"No operation available for request {name}")
    session = header.child("SessionHeader") if header else None
    return Request(api, session.text_of("sessionId") if session else "", asked)


def login(desk: Desk, request: Request) -> str:
    """Open a session for a user name and the password with the security token behind it. Raises RefusedError."""
    username, password = request.node.text_of("username"), request.node.text_of("password")
    user = next((each for each in desk.organization.users if each.username.lower() == username.lower()), None)
    if user is None or not user.active or password != PASSWORD + SECURITY_TOKEN:
        raise RefusedError("INVALID_LOGIN", _LOGIN_REFUSED)
    session = desk.sessions.start(user.username)
    server = f"{desk.url}/services/Soap/{request.api}/{VERSION}/{desk.organization.id[:15]}"
    information = {
        "organizationId": desk.organization.id,
        "organizationName": stock.ORGANIZATION_NAME,
        "profileId": stock.profile_id(user.profile),
        "userEmail": user.username,
        "userFullName": user.name,
        "userId": user.id,
        "userLanguage": "en_US",
        "userLocale": "en_US",
        "userName": user.username,
        "userTimeZone": stock.TIME_ZONE,
        "userType": "Standard",
    }
    found = {
        "metadataServerUrl": f"{desk.url}/services/Soap/m/{VERSION}/{desk.organization.id[:15]}",
        "passwordExpired": "false",
        "sandbox": "false",
        "serverUrl": server,
        "sessionId": session,
        "userId": user.id,
    }
    inside = f"{_members(found)}<userInfo>{_members(information)}</userInfo>"
    return _answer(request, f"<result>{inside}</result>")


def perform(desk: Desk, caller: Caller, request: Request) -> str:
    """Carry out an operation and return the envelope of its answer. Raises RefusedError."""
    operation = OPERATIONS.get(request.operation)
    if operation is None:
        raise not_implemented(f"The operation {request.operation} of the data API over SOAP")
    return _answer(request, operation(desk, caller, request))


def _convert(desk: Desk, caller: Caller, request: Request) -> str:
    asked = request.children("leadConverts")
    if not 1 <= len(asked) <= _CONVERSIONS:
        raise RefusedError("LIMIT_EXCEEDED", f"Between 1 and {_CONVERSIONS} leads are converted, not {len(asked)}")
    return "".join(f"<result>{_converted(desk, caller, each)}</result>" for each in asked)


def _converted(desk: Desk, caller: Caller, asked: Node) -> str:
    def identity(name: str) -> str | None:
        given = asked.text_of(name)
        return normal(given) if given else None

    try:
        if not asked.text_of("convertedStatus"):
            raise RefusedError("REQUIRED_FIELD_MISSING", "convertedStatus is missing", fields=("convertedStatus",))
        done = converting.convert_lead(
            desk,
            caller.user,
            identity("leadId") or "",
            status=asked.text_of("convertedStatus"),
            account=identity("accountId"),
            contact=identity("contactId"),
            opportunity_name=asked.text_of("opportunityName") or None,
            without_opportunity=asked.text_of("doNotCreateOpportunity") == "true",
            owner=identity("ownerId"),
        )
    except RefusedError as error:
        before, after = f"{_nil('accountId')}{_nil('contactId')}", f"{_nil('leadId')}{_nil('opportunityId')}"
        return f"{before}{_error(error)}{after}<success>false</success>"
    made = {"accountId": done.account, "contactId": done.contact, "leadId": done.lead}
    opportunity = _members({"opportunityId": done.opportunity}) if done.opportunity else _nil("opportunityId")
    return f"{_members(made)}{opportunity}<success>true</success>"


def _merge(desk: Desk, caller: Caller, request: Request) -> str:
    return "".join(f"<result>{_merged(desk, caller, each)}</result>" for each in request.children("request"))


def _merged(desk: Desk, caller: Caller, asked: Node) -> str:
    master = asked.child("masterRecord")
    if master is None:
        raise RefusedError("MISSING_ARGUMENT", "masterRecord is missing")
    # The partner API names the object in an element, the enterprise API in the attribute xsi:type.
    told = master.text_of("type") or master.attributes.get(f"{_INSTANCE} type", "").rpartition(":")[2]
    if told != "Lead":
        raise not_implemented(f"A merge of records of {told or 'an unnamed object'}")
    given = {
        each.name: each.text.strip() for each in master.children if each.name not in ("type", "Id", "fieldsToNull")
    }
    losers = [normal(each.text.strip()) for each in asked.children if each.name == "recordToMergeIds"]
    try:
        values = incoming(desk, caller.user, "Lead").row(given, text=True)
        winner = converting.merge_leads(desk, caller.user, normal(master.text_of("Id")), losers, values)
    except RefusedError as error:
        return f"{_error(error)}{_nil('id')}<success>false</success>"
    ids = "".join(f"<mergedRecordIds>{each}</mergedRecordIds>" for each in losers)
    return f"<id>{winner}</id>{ids}<success>true</success>"


def fault(api: str, error: RefusedError) -> str:
    """Return the envelope of a refusal."""
    kind = {"INVALID_LOGIN": "LoginFault", "INVALID_SESSION_ID": "UnexpectedErrorFault"}.get(error.code, "ApiFault")
    text = f"{error.code}: {escape(error.message)}"
    space = NAMESPACES[api].replace("urn:", "urn:fault.")
    # Documented: a fault of login says its code without a prefix, all others with one.
    code = error.code if error.code == "INVALID_LOGIN" else f"sf:{error.code}"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{_SOAP}" xmlns:sf="{space}"'
        f' xmlns:xsi="{_INSTANCE}"><soapenv:Body><soapenv:Fault><faultcode>{code}</faultcode>'
        f'<faultstring>{text}</faultstring><detail><sf:{kind} xsi:type="sf:{kind}">'
        f"<sf:exceptionCode>{error.code}</sf:exceptionCode>"
        f"<sf:exceptionMessage>{escape(error.message)}</sf:exceptionMessage></sf:{kind}></detail>"
        "</soapenv:Fault></soapenv:Body></soapenv:Envelope>"
    )


def _answer(request: Request, inside: str) -> str:
    space = NAMESPACES[request.api]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{_SOAP}" xmlns="{space}"'
        f' xmlns:xsi="{_INSTANCE}"><soapenv:Body><{request.operation}Response>{inside}'
        f"</{request.operation}Response></soapenv:Body></soapenv:Envelope>"
    )


def _members(values: Mapping[str, str]) -> str:
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())


def _nil(name: str) -> str:
    return f'<{name} xsi:nil="true"/>'


def _error(error: RefusedError) -> str:
    fields = "".join(f"<fields>{each}</fields>" for each in error.fields)
    told = f"<message>{escape(error.message)}</message><statusCode>{error.code}</statusCode>"
    return f"<errors>{fields}{told}</errors>"


OPERATIONS: Mapping[str, Callable[[Desk, Caller, Request], str]] = {"convertLead": _convert, "merge": _merge}
