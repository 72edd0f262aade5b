"""A refusal as an answer: JSON over REST, and a fault in an envelope over each of the SOAP APIs."""

from __future__ import annotations

from typing import Any

from werkzeug.wrappers import Response

from sla_sync_salesforce.simulator.api import envelope, rest, soap_data
from sla_sync_salesforce.simulator.refusals import RefusedError

_SOAP = "/services/Soap/"
_XML = "text/xml;charset=UTF-8"


def speaks_soap(path: str) -> bool:
    """Return whether envelopes travel at an address."""
    return path.startswith(_SOAP)


def refusal(path: str, error: RefusedError) -> Response:
    """Return how the API at an address says that it refuses."""
    if not speaks_soap(path):
        content: dict[str, Any] = {"message": error.message, "errorCode": error.code}
        if error.fields:
            content["fields"] = list(error.fields)
        return rest.answer([content], error.status)
    api = path[len(_SOAP)]
    text = soap_data.fault(api, error) if api in "uc" else envelope.fault(error)
    return Response(text, 500, content_type=_XML)
