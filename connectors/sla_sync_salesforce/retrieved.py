"""What a retrieve answered, as components; what cannot be read of it is one error that names the org."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from sla_sync.connector import FaultError, Value
from sla_sync_salesforce.package import Component, unzipped


def retrieved(result: Mapping[str, Value], *, target: str) -> list[Component]:
    """Return the components of a result. Raises FaultError where its zip is none, or larger than an org sends."""
    try:
        return unzipped(base64.b64decode(str(result.get("zipFile", ""))))
    except ValueError as error:
        raise FaultError(
            f"What Salesforce ({target}) retrieved cannot be read: {error}", call="retrieve of the Metadata API"
        ) from None
