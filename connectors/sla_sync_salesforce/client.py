"""A conversation with one org: REST through simple-salesforce, the Metadata API by its own envelopes, on one session."""

from __future__ import annotations

import base64
import csv
import io
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from simple_salesforce.api import Salesforce

from sla_sync.connector import FaultError, RejectedError, Value, onward
from sla_sync.connector.locking import PlatformTime
from sla_sync_salesforce.failures import ended, misread, read_answer, to_error, translated, without
from sla_sync_salesforce.options import SalesforceOptions
from sla_sync_salesforce.session import PlatformSession
from sla_sync_salesforce.signing_in import renews, secrets_of, sign_in
from sla_sync_salesforce.soap import TEXT, envelope, results

_POLL_FIRST, _POLL_GROWTH, _POLL_LONGEST = 0.05, 1.6, 5.0
"""Seconds: a small deployment takes a second or two, a large one up to an hour."""
PATIENCE_SECONDS = 3600.0
"""After which a deployment is given up; Salesforce's own tools wait as long."""
_QUERY_JOBS = "jobs/query"
_GONE = 404
_LIST_QUERIES = 3
"""Queries that one listMetadata takes (Metadata API Developer Guide, "listMetadata()")."""


class Client:
    """Everything that is said to one org. `pause` waits for so many seconds, `patience` is how long in all for one result."""

    def __init__(
        self,
        target: str,
        options: SalesforceOptions,
        *,
        may_write: bool = False,
        pause: Callable[[float], None] = time.sleep,
        patience: float = PATIENCE_SECONDS,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.target = target
        self.version = options.api_version
        self._secrets = secrets_of(options)
        self._url = options.url
        self._pause = pause
        self._answered = ""
        self._patience = patience
        self._meanwhile: Callable[[], None] | None = None
        self._user: Mapping[str, Any] | None = None
        enter = partial(sign_in, options, target=target, environ=environ, pause=pause)
        token = enter()
        self._session = PlatformSession(
            options.url,
            token,
            ca=options.ca,
            may_write=may_write,
            pause=pause,
            renew=enter if renews(options) else None,
            timeout=options.timeout,
        )
        self._rest = Salesforce(
            session_id=token, instance_url=options.url, version=options.api_version, session=self._session
        )

    def meanwhile(self, work: Callable[[], None] | None) -> None:
        """Have something done each time we look whether the org has finished."""
        self._meanwhile = work

    def before_write(self, look: Callable[[], None] | None) -> None:
        """Have something asked before every request that changes the org; what it raises keeps that request back."""
        self._session.before_write = look

    @property
    def time(self) -> PlatformTime:
        """What time it is in the org, as far as its answers told."""
        return self._session.time

    def close(self) -> None:
        """End the conversation."""
        self._session.close()

    @contextmanager
    def _asking(self, call: str) -> Iterator[None]:
        with translated(call, target=self.target, secrets={*self._secrets, self._session.token}):
            yield
        self._answered = call

    def misread(self, said: str) -> FaultError | None:
        """Return the error for an answer of another shape, after which this could not be read; None before the first."""
        if not self._answered:
            return None
        error = misread(said, target=self.target, call=self._answered)
        cleaned = without({*self._secrets, self._session.token}, error)
        return cleaned if isinstance(cleaned, FaultError) else None

    def get(self, path: str, *, call: str = "") -> Any:
        """Return what stands at a path below the versioned root, such as `limits`."""
        with self._asking(call or f"GET /services/data/v{self.version}/{path}"):
            return self._rest.restful(path)

    def versions(self) -> list[str]:
        """Return the versions of the API that the org offers, the oldest first."""
        call = "GET /services/data"
        with self._asking(call):
            response = self._session.get(f"{self._url}/services/data")
            if not response.ok or response.is_redirect:
                raise to_error(read_answer(response), target=self.target, call=call)
            return [str(each["version"]) for each in response.json()]

    def user(self) -> Mapping[str, Any]:
        """Return who the token belongs to; asked once."""
        if self._user is None:
            self._user = self._who()
        return self._user

    def _who(self) -> Mapping[str, Any]:
        call = "GET /services/oauth2/userinfo"
        with self._asking(call):
            response = self._session.get(f"{self._url}/services/oauth2/userinfo")
            if not response.ok or response.is_redirect:
                raise to_error(read_answer(response), target=self.target, call=call)
            found: Mapping[str, Any] = response.json()
            return found

    def query(self, soql: str, *, deleted: bool = False) -> list[Mapping[str, Any]]:
        """Return every record that a SOQL query finds, whatever the number of pages; deleted ones where that is asked."""
        with self._asking(f"the query «{soql}»"):
            found: list[Mapping[str, Any]] = []
            seen: set[str] = set()
            page = self._rest.query(soql, include_deleted=deleted)
            while True:
                found.extend(_records_of(page))
                if page["done"]:
                    return found
                page = self._rest.query_more(onward(seen, page["nextRecordsUrl"]), identifier_is_url=True)

    def tooling(self, soql: str) -> list[Mapping[str, Any]]:
        """Return every record that a SOQL query of the Tooling API finds."""
        with self._asking(f"the tooling query «{soql}»"):
            found: list[Mapping[str, Any]] = []
            seen: set[str] = set()
            page = self._rest.restful("tooling/query/", {"q": soql}) or {}
            while True:
                found.extend(_records_of(page))
                following = page.get("nextRecordsUrl")
                if page.get("done", True) or not following:
                    return found
                page = self._rest.restful(onward(seen, following).partition(f"/v{self.version}/")[2]) or {}

    def start_query(self, soql: str, *, deleted: bool = False) -> str:
        """Begin a query of Bulk API 2.0 and return the id of its job; `deleted` finds what is in the recycle bin too."""
        call = f"the bulk query «{soql}»"
        body = {"operation": "queryAll" if deleted else "query", "query": soql}
        with self._asking(call):
            response = self._session.post(f"{self._url}/services/data/v{self.version}/{_QUERY_JOBS}", json=body)
            if not response.ok or response.is_redirect:
                raise to_error(read_answer(response), target=self.target, call=call)
            return str(response.json()["id"])

    def await_query(self, job: str) -> bool:
        """Wait until a job has found its rows; return False for one that the org no longer knows. Raises PlatformError."""
        path, waited, seconds = f"{_QUERY_JOBS}/{job}", 0.0, _POLL_FIRST
        while True:
            try:
                found = self.get(path)
            except RejectedError as error:
                if error.status == _GONE:
                    return False
                raise
            state = str(found.get("state"))
            if state == "JobComplete":
                return True
            if state in {"Failed", "Aborted"} or waited > self._patience:
                told = found.get("errorMessage") or f"the job is {state}"
                raise FaultError(f"Salesforce ({self.target}) did not carry out a bulk query: {told}.", call=path)
            self._pause(seconds)
            waited += seconds
            seconds = min(seconds * _POLL_GROWTH, _POLL_LONGEST)

    def query_page(self, job: str, place: str, rows: int) -> tuple[list[dict[str, str]], str]:
        """Return some rows that a job found, as text by column, and the place of what follows; empty after the last."""
        path = f"{_QUERY_JOBS}/{job}/results"
        call = f"GET /services/data/v{self.version}/{path}"
        asked = {"maxRecords": str(rows), **({"locator": place} if place else {})}
        with self._asking(call):
            response = self._session.get(f"{self._url}/services/data/v{self.version}/{path}", params=asked)
            if not response.ok or response.is_redirect:
                raise to_error(read_answer(response), target=self.target, call=call)
            text = io.StringIO(response.content.decode("utf-8"), newline="")
            found, counted = list(csv.DictReader(text)), response.headers.get("Sforce-NumberOfRecords")
            if counted is not None and counted != str(len(found)):
                # Half of a table is a table as well, and nobody would miss the rest.
                raise ValueError(f"it announces {counted} rows and holds {len(found)}")
            following = response.headers.get("Sforce-Locator", "null")
            return found, "" if following == "null" else following

    def body(self, kind: str, record_id: str) -> bytes:
        """Return the bytes that a record such as a StaticResource carries in its field Body."""
        with self._asking(f"GET /services/data/v{self.version}/sobjects/{kind}/{record_id}/Body"):
            content: bytes = getattr(self._rest, kind).get_base64(record_id, "Body")
            return content

    def create(self, kind: str, values: Mapping[str, Any]) -> str:
        """Create a record and return its id."""
        with self._asking(f"POST /services/data/v{self.version}/sobjects/{kind}"):
            answer = getattr(self._rest, kind).create(dict(values))
            return str(answer["id"])

    def update(self, kind: str, record_id: str, values: Mapping[str, Any]) -> None:
        """Change fields of a record."""
        with self._asking(f"PATCH /services/data/v{self.version}/sobjects/{kind}/{record_id}"):
            getattr(self._rest, kind).update(record_id, dict(values))

    def save_all(
        self, kind: str, rows: Sequence[Mapping[str, Any]], *, create: bool, headers: Mapping[str, str] | None = None
    ) -> list[Mapping[str, Any]]:
        """Create or change up to two hundred records in one call, each for itself, and return an answer for each."""
        method = "POST" if create else "PATCH"
        path = "composite/sobjects"
        records = [{"attributes": {"type": kind}, **row} for row in rows]
        with self._asking(f"{method} /services/data/v{self.version}/{path} of {len(rows)} {kind}"):
            response = self._session.request(
                method,
                f"{self._url}/services/data/v{self.version}/{path}",
                json={"allOrNone": False, "records": records},
                headers=dict(headers or {}),
            )
            if not response.ok or response.is_redirect:
                raise to_error(read_answer(response), target=self.target, call=f"{method} {path}")
            found = response.json()
            if not isinstance(found, list) or len(found) != len(rows):
                raise ValueError("it does not answer for each record")
            return found

    def activate_flow(self, definition_id: str, version: int) -> None:
        """Put a version of a flow in force; 0 puts none."""
        self._tooling_write("PATCH", "FlowDefinition", definition_id, {"Metadata": {"activeVersionNumber": version}})

    def delete_flow_version(self, version_id: str) -> None:
        """Delete a version of a flow that is not in force."""
        self._tooling_write("DELETE", "Flow", version_id, None)

    def _tooling_write(self, method: str, kind: str, record_id: str, body: Mapping[str, Any] | None) -> None:
        path = f"tooling/sobjects/{kind}/{record_id}"
        call = f"{method} /services/data/v{self.version}/{path}"
        with self._asking(call):
            response = self._session.request(method, f"{self._url}/services/data/v{self.version}/{path}", json=body)
            if not response.ok or response.is_redirect:
                raise to_error(read_answer(response), target=self.target, call=call)

    def delete(self, kind: str, record_id: str) -> None:
        """Delete a record."""
        with self._asking(f"DELETE /services/data/v{self.version}/sobjects/{kind}/{record_id}"):
            getattr(self._rest, kind).delete(record_id)

    def _soap(self, operation: str, arguments: Mapping[str, Value]) -> list[dict[str, Value]]:
        call = f"{operation} of the Metadata API"
        with self._asking(call):
            response = self._session.post(
                f"{self._url}/services/Soap/m/{self.version}",
                data=envelope(operation, arguments, self._session.token),
                headers={"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'},
            )
            if not response.ok or response.is_redirect:
                raise to_error(read_answer(response), target=self.target, call=call)
            return results(operation, response.content)

    def describe_metadata(self) -> Mapping[str, Value]:
        """Return what the Metadata API offers to this user."""
        return self._soap("describeMetadata", {"asOfVersion": self.version})[0]

    def list_metadata(self, queries: Sequence[tuple[str, str | None]]) -> list[dict[str, Value]]:
        """Return the properties of every component of these (type, folder), three of them in a call."""
        found: list[dict[str, Value]] = []
        for start in range(0, len(queries), _LIST_QUERIES):
            asked = [
                {"folder": folder, "type": name} if folder else {"type": name}
                for name, folder in queries[start : start + _LIST_QUERIES]
            ]
            found += self._soap("listMetadata", {"queries": asked, "asOfVersion": self.version})
        return found

    def read_metadata(self, type_name: str, names: Sequence[str]) -> list[Mapping[str, Value]]:
        """Return the values of these components, those that exist."""
        answer = self._soap("readMetadata", {"type": type_name, "fullNames": list(names)})
        records = answer[0]["records"] if answer else []
        return [each for each in records if isinstance(each, Mapping)] if isinstance(records, list) else []

    def retrieve(self, names: Iterable[tuple[str, str]]) -> Mapping[str, Value]:
        """Return the result of retrieving these (type, full name), with the zip in `zipFile`."""
        types: dict[str, list[Value]] = {}
        for type_name, name in sorted(set(names)):
            types.setdefault(type_name, []).append(name)
        listed: list[Value] = [{"members": members, "name": name} for name, members in types.items()]
        request: Value = {
            "apiVersion": self.version,
            "singlePackage": True,
            "unpackaged": {"types": listed, "version": self.version},
        }
        started = self._soap("retrieve", {"retrieveRequest": request})[0]
        result = self._poll("checkRetrieveStatus", {"asyncProcessId": started["id"], "includeZip": True})
        if result.get("success") is not True:
            kind = FaultError if result.get("errorStatusCode") == "UNKNOWN_EXCEPTION" else RejectedError
            raise kind(
                ended(f"Salesforce ({self.target}) could not retrieve the settings: {result.get('errorMessage')}"),
                call="retrieve of the Metadata API",
                hint="Run the command again; if it lasts, give Salesforce's support what it says.",
            )
        return result

    def start_deploy(self, package: bytes, *, check_only: bool, tests: Sequence[str] = ()) -> str:
        """Start a deployment that happens whole or not at all, and return its id; these Apex tests are run in it."""
        options: dict[str, Value] = {
            "allowMissingFiles": False,
            "autoUpdatePackage": False,
            "checkOnly": check_only,
            "ignoreWarnings": True,
            "performRetrieve": False,
            "purgeOnDelete": False,
            "rollbackOnError": True,
        }
        if tests:
            options |= {"runTests": list(tests)}
        options |= {"singlePackage": True}
        if tests:
            options |= {"testLevel": "RunSpecifiedTests"}
        content = base64.b64encode(package).decode()
        return str(self._soap("deploy", {"ZipFile": content, "DeployOptions": options})[0]["id"])

    def quick_deploy(self, validation_id: str) -> str:
        """Start to deploy what a validation checked and tested, and return the id of the deployment."""
        answer = self._soap("deployRecentValidation", {"validationId": validation_id})
        return str(answer[0][TEXT])

    def deploy_result(self, deploy_id: str) -> Mapping[str, Value]:
        """Return how a deployment ended, once it has."""
        return self._poll("checkDeployStatus", {"asyncProcessId": deploy_id, "includeDetails": True})

    def _poll(self, operation: str, arguments: Mapping[str, Value]) -> Mapping[str, Value]:
        waited, seconds = 0.0, _POLL_FIRST
        while True:
            result = self._soap(operation, arguments)[0]
            if result.get("done") is True:
                return result
            if waited > self._patience:
                raise FaultError(
                    f"Salesforce ({self.target}) did not finish within {self._patience:g} seconds: "
                    f"{operation} still says {result.get('status')}.",
                    call=operation,
                    hint="Look at Setup > Deployment Status, then run the command again.",
                )
            if self._meanwhile is not None:
                self._meanwhile()
            self._pause(seconds)
            waited += seconds
            seconds = min(seconds * _POLL_GROWTH, _POLL_LONGEST)


def _records_of(page: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the records on a page of a query. Raises ValueError where it has none of them, or something else."""
    found = page["records"]
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise ValueError("its records are no records")
    return found
