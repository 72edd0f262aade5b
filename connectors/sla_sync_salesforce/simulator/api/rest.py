"""The REST resources: versions, limits, queries, records, describes, and deployments over REST."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Request, Response

from sla_sync_salesforce.simulator import describe
from sla_sync_salesforce.simulator.desk import Caller, Desk
from sla_sync_salesforce.simulator.identifiers import normal
from sla_sync_salesforce.simulator.packages import jobs
from sla_sync_salesforce.simulator.queries.query import column_metadata, run_query
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.schema import VERSION

VERSIONS = ({"label": "Spring '25", "url": f"/services/data/v{VERSION}", "version": VERSION},)
_PAGE, _PAGE_LEAST, _PAGE_MOST = 2000, 200, 2000
_DEPLOY_OPTIONS = frozenset(jobs.DEFAULTS) - {"runTests", "testLevel"}
_RESOURCES = ("tooling", "metadata", "limits", "sobjects", "query", "composite", "jobs")


def answer(content: object, status: int = 200) -> Response:
    """Return a JSON answer."""
    return Response(json.dumps(content, indent=2), status, content_type="application/json;charset=UTF-8")


def body_of(request: Request) -> Mapping[str, Any]:
    """Return the JSON object of a request. Raises RefusedError."""
    kind = request.mimetype
    if kind != "application/json":
        raise RefusedError(
            "UNSUPPORTED_MEDIA_TYPE", f"Content type '{kind}' is not supported; use application/json", status=415
        )
    try:
        content = json.loads(request.get_data())
    except ValueError as error:
        raise RefusedError("JSON_PARSER_ERROR", f"Unexpected character: {error}") from None
    if not isinstance(content, dict):
        raise RefusedError("JSON_PARSER_ERROR", "A JSON object is expected")
    return content


def userinfo(desk: Desk, caller: Caller) -> Response:
    """Answer the OAuth userinfo of the session."""
    user, base = caller.user, desk.url
    content = {
        "sub": f"{base}/id/{desk.organization.id}/{user.id}",
        "user_id": user.id,
        "organization_id": desk.organization.id,
        "preferred_username": user.username,
        "nickname": user.name,
        "name": user.name,
        "email": user.username,
        "email_verified": True,
        "zoneinfo": "America/New_York",
        "active": user.active,
        "user_type": "STANDARD",
        "language": "en_US",
        "locale": "en_US",
        "urls": {"rest": f"{base}/services/data/v{{version}}/", "metadata": f"{base}/services/Soap/m/{{version}}/"},
    }
    return answer(content)


def resources(base: str) -> Response:
    """Answer the list of resources of a version."""
    return answer({name: f"{base}/{name}" for name in _RESOURCES})


def limits(desk: Desk) -> Response:
    """Answer the limits that this double keeps."""
    left = desk.daily_calls - desk.calls_today()
    return answer({"DailyApiRequests": {"Max": desk.daily_calls, "Remaining": max(left, 0)}})


def query(desk: Desk, caller: Caller, request: Request, *, tooling: bool) -> Response:
    """Answer a query with its first page."""
    text = request.args.get("q")
    if text is None:
        raise RefusedError("MALFORMED_QUERY", "A query string has to be specified")
    if request.args.get("columns") == "true":
        return answer(column_metadata(desk, caller.user, text, tooling=tooling))
    everything = request.path.rstrip("/").endswith("/queryAll")
    total, found = run_query(desk, caller.user, text, tooling=tooling, everything=everything)
    size = _page_size(request.headers.get("Sforce-Query-Options", ""))
    if not found:
        return answer({"totalSize": total, "done": True, "records": []})
    identity = ""
    if len(found) > size:
        identity = desk.organization.new_id("QueryLocator")
        desk.locators[identity] = (list(found), size)
    return _page(found, 0, size, identity, tooling=tooling)


def _page_size(options: str) -> int:
    name, _, value = options.replace(" ", "").partition("=")
    if name.lower() != "batchsize":
        return _PAGE
    if not value.isdigit():
        raise RefusedError("INVALID_QUERY_LOCATOR", f"The batch size '{value}' is not a number")
    # Documented: at least 200 and at most 2,000, whatever is asked for.
    return min(max(int(value), _PAGE_LEAST), _PAGE_MOST)


def query_more(desk: Desk, locator: str, *, tooling: bool) -> Response:
    """Answer a later page of a query."""
    identity, _, place = locator.rpartition("-")
    found = desk.locators.get(normal(identity))
    if found is None or not place.isdigit():
        raise RefusedError("INVALID_QUERY_LOCATOR", "invalid query locator")
    rows, size = found
    return _page(rows, int(place), size, normal(identity), tooling=tooling)


def _page(rows: Sequence[Mapping[str, Any]], start: int, size: int, locator: str, *, tooling: bool) -> Response:
    end = start + size
    content: dict[str, Any] = {"totalSize": len(rows), "done": end >= len(rows), "records": rows[start:end]}
    if end < len(rows):
        api = "tooling/" if tooling else ""
        content["nextRecordsUrl"] = f"/services/data/v{VERSION}/{api}query/{locator}-{end}"
    return answer(content)


def described(desk: Desk, caller: Caller, name: str | None, *, full: bool) -> Response:
    """Answer the describe of one object, or the list of all."""
    if name is None:
        return answer(describe.sobjects(desk, caller))
    return answer(describe.describe(desk, caller, name) if full else describe.summary(desk, caller, name))


def deploy(desk: Desk, caller: Caller, request: Request) -> Response:
    """Accept a deployment: a form with the parts `entity_content` (JSON) and `file` (zip), in either order."""
    if request.mimetype != "multipart/form-data":
        text = f"Content type '{request.mimetype}' is not supported; use multipart/form-data"
        raise RefusedError("UNSUPPORTED_MEDIA_TYPE", text, status=415)
    entity, file = request.files.get("entity_content"), request.files.get("file")
    described_as = entity.read().decode() if entity is not None else request.form.get("entity_content")
    if described_as is None or file is None:
        missing = "entity_content" if described_as is None else "file"
        raise RefusedError("MULTIPART_FORM_ERROR", f"The part {missing} of the form is missing")
    try:
        given = json.loads(described_as)["deployOptions"]
    except (ValueError, KeyError, TypeError) as error:
        raise RefusedError("JSON_PARSER_ERROR", f"The part entity_content has no deployOptions: {error}") from None
    options = {**jobs.DEFAULTS, **_options(given)}
    started = jobs.start(desk, file.read(), options, caller.user)
    return answer(_deploy_answer(desk, started.id, request, details=False), 201)


def _options(given: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in given.items():
        if name not in jobs.DEFAULTS:
            raise RefusedError("JSON_PARSER_ERROR", f'Unrecognized field "{name}" in deployOptions')
        if name in _DEPLOY_OPTIONS and value is not None and not isinstance(value, bool):
            raise RefusedError("JSON_PARSER_ERROR", f"The deploy option {name} must be true or false, and is {value!r}")
    levels = ("NoTestRun", "RunSpecifiedTests", "RunLocalTests", "RunAllTestsInOrg", None)
    if given.get("testLevel") not in levels:
        raise RefusedError("JSON_PARSER_ERROR", f"'{given['testLevel']}' is not a valid value for the enum 'TestLevel'")
    return {name: value for name, value in given.items() if value is not None}


def _deploy_answer(desk: Desk, identity: str, request: Request, *, details: bool) -> dict[str, Any]:
    found = jobs.find(desk, identity)
    base = f"{desk.url or request.host_url.rstrip('/')}/services/data/v{VERSION}/metadata/deployRequest"
    return {
        "id": found.id,
        "url": f"{base}/{found.id}",
        "deployOptions": found.options,
        "deployResult": jobs.report(desk, found, details=details),
    }


def deploy_status(desk: Desk, caller: Caller, identity: str, request: Request) -> Response:
    """Answer how far a deployment is; PATCH cancels it; POST deploys what a validation checked."""
    if request.method == "PATCH":
        wanted = body_of(request).get("deployResult", {}).get("status")
        if wanted != "Canceling":
            raise RefusedError("INVALID_FIELD", f"The status of a deployment can be set to Canceling, not to {wanted}")
        jobs.cancel(desk, identity, caller.user)
        return answer(_deploy_answer(desk, identity, request, details=False), 202)
    if request.method == "POST":
        given = body_of(request).get("validatedDeployRequestId", identity)
        if normal(str(given)) != normal(identity):
            raise RefusedError("INVALID_ID_FIELD", f"The body names {given}, the address {identity}")
        started = jobs.quick_deploy(desk, identity, caller.user)
        content = _deploy_answer(desk, started.id, request, details=False)
        return answer({"validatedDeployRequestId": normal(identity), **content}, 201)
    jobs.poll(desk, identity)
    details = request.args.get("includeDetails") == "true"
    return answer(_deploy_answer(desk, identity, request, details=details))


def unknown(path: str) -> RefusedError:
    """Return the answer to an address that nothing is at."""
    known = ("/services/data", "/services/Soap", "/services/oauth2")
    if path.startswith(known):
        # The first words are the platform's: the official CLI reads from them that there is no source tracking.
        text = f"The requested resource does not exist: {path} is not implemented by this simulator"
        return RefusedError("NOT_FOUND", text, status=404)
    return RefusedError("NOT_FOUND", "The requested resource does not exist", status=404)
