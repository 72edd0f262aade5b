"""The types of the Metadata API, read from the WSDL that simple-salesforce ships: members, order, enumerations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from lxml.etree import _Element

VERSION = "63.0"
NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_SCALARS = frozenset(
    {"string", "boolean", "int", "double", "dateTime", "date", "time", "base64Binary", "anyType", "long"}
)


class Member(NamedTuple):
    """One element that a type may hold. `type` is the name of a scalar, an enumeration or a type."""

    name: str
    type: str
    required: bool
    many: bool


@dataclass(frozen=True, slots=True)
class Schema:
    """All types and operations. `types` maps a name to its members, those of its base first."""

    types: Mapping[str, Mapping[str, Member]]
    enumerations: Mapping[str, tuple[str, ...]]
    operations: Mapping[str, Mapping[str, Member]]
    bases: Mapping[str, str]

    def is_scalar(self, type_name: str) -> bool:
        """Return whether values of this type are text, not elements."""
        return type_name in _SCALARS or type_name in self.enumerations or type_name not in self.types

    def is_metadata(self, type_name: str) -> bool:
        """Return whether a type can stand in a file of its own or in a manifest."""
        while type_name in self.bases:
            type_name = self.bases[type_name]
            if type_name == "Metadata":
                return True
        return False


@cache
def load_schema() -> Schema:
    """Return the schema of API version 63.0; reading it takes about a tenth of a second, once per process."""
    from lxml import etree

    # Found, not imported: importing the package would cost more than reading its file.
    package = find_spec("simple_salesforce")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("The package simple-salesforce, which brings the WSDL, is not installed.")
    wsdl = Path(next(iter(package.submodule_search_locations))) / "metadata.wsdl"
    root = etree.fromstring(wsdl.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True))
    own: dict[str, dict[str, Member]] = {}
    bases: dict[str, str] = {}
    enumerations: dict[str, tuple[str, ...]] = {}
    operations: dict[str, dict[str, Member]] = {}
    for declared in root.iterfind(f"*/{_XSD}schema/*"):
        name = str(declared.get("name"))
        if declared.tag == f"{_XSD}complexType":
            holder = declared
            if declared[0].tag == f"{_XSD}complexContent":
                holder = declared[0][0]
                bases[name] = _local(str(holder.get("base")))
            own[name] = _members(holder)
        elif declared.tag == f"{_XSD}simpleType":
            values = tuple(str(each.get("value")) for each in declared.iter(f"{_XSD}enumeration"))
            if values:
                enumerations[name] = values
        elif len(declared) and declared[0].tag == f"{_XSD}complexType":
            operations[name] = _members(declared[0])
    return Schema({name: _inherited(name, own, bases) for name in own}, enumerations, operations, bases)


def _inherited(name: str, own: Mapping[str, dict[str, Member]], bases: Mapping[str, str]) -> dict[str, Member]:
    inherited = _inherited(bases[name], own, bases) if name in bases else {}
    return {**inherited, **own[name]}


def _members(holder: _Element) -> dict[str, Member]:
    found = {}
    for sequence in holder:
        for element in sequence if sequence.tag == f"{_XSD}sequence" else ():
            name = str(element.get("name"))
            many, required = element.get("maxOccurs") == "unbounded", element.get("minOccurs") is None
            found[name] = Member(name, _local(str(element.get("type"))), required=required, many=many)
    return found


def _local(name: str) -> str:
    return name.rpartition(":")[2]
