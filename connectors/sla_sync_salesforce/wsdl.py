"""Which members each metadata type has, in which order: read from the WSDL that simple-salesforce ships.

Salesforce accepts the members of a file in this order and writes them in it; keeping it makes files stable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

_XSD = "{http://www.w3.org/2001/XMLSchema}"


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a type: `type` is a type of the schema without its prefix, `many` says that it may be repeated."""

    name: str
    type: str
    many: bool


def wsdl_path() -> Path:
    """Return where the WSDL stands; the package that ships it is found without being imported."""
    spec = find_spec("simple_salesforce")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("simple_salesforce is not installed")
    return Path(spec.origin).with_name("metadata.wsdl")


@cache
def _complex_types() -> Mapping[str, etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.parse(str(wsdl_path()), parser).getroot()
    return {each.get("name", ""): each for each in root.iter(f"{_XSD}complexType") if each.get("name")}


def is_complex(type_name: str) -> bool:
    """Return whether values of a type have members."""
    return type_name in _complex_types()


@cache
def members(type_name: str) -> Mapping[str, Member]:
    """Return the members of a complex type in their order, inherited ones first. Raises KeyError for an unknown type."""
    element = _complex_types()[type_name]
    extension = element.find(f"{_XSD}complexContent/{_XSD}extension")
    inherited = members(_local(extension.get("base"))) if extension is not None else {}
    own = (
        Member(each.get("name", ""), _local(each.get("type")), each.get("maxOccurs") == "unbounded")
        for each in element.iter(f"{_XSD}element")
    )
    return {**inherited, **{each.name: each for each in own}}


def _local(name: str | None) -> str:
    return (name or "").rpartition(":")[2]
