"""Lead conversion: each stamp of the Lead is carried over to the Contact, so that the clock outlives the conversion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sla_sync.connector import Address, Desired

_INTO = "Contact"


def conversion(stamps: Iterable[Desired]) -> Iterator[Desired]:
    """Yield a mapping for each of these fields of the Lead whose twin the Contact has."""
    by_key = {each.address.key: each for each in stamps}
    for key, each in by_key.items():
        holder, _, api = key.partition(".")
        if holder == "Lead" and f"{_INTO}.{api}" in by_key:
            yield Desired(
                Address("LeadConversionMapping", f"{_INTO}.{api}"),
                {"inputObject": holder, "outputObject": _INTO, "inputField": api, "outputField": api},
                requires=(each.address, Address("CustomField", f"{_INTO}.{api}")),
                origins={(): each.origin()},
            )
