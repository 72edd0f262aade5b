"""Values as metadata XML and back: the files of a deployment, member by member in the order of the schema."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lxml import etree

from sla_sync.connector import Value, Values
from sla_sync_salesforce.wsdl import is_complex, members

NAMESPACE = "http://soap.sforce.com/2006/04/metadata"
_TAG = f"{{{NAMESPACE}}}"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_INDENT = "    "
# Salesforce writes all five, also in text, so that files which it returns and files which we send are alike.
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\r": "&#13;"})
_DEEPEST = 100
"""Levels of a document that are followed; a flow has about ten."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NUMBERS = frozenset({"int", "long", "double", "decimal"})
_ANY = "anyType"
"""A value whose element says its type itself: rows of custom metadata hold such values."""
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XSD = "http://www.w3.org/2001/XMLSchema"
# Inferred: an org that returns rows of custom metadata declares both, also where no value needs them.
_SPACES: Mapping[str, str] = {"CustomMetadata": f' xmlns:xsi="{_XSI}" xmlns:xsd="{_XSD}"'}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def escape(text: str) -> str:
    """Return a text that may stand inside an element. Raises ValueError for what XML cannot hold."""
    if _CONTROL.search(text):
        message = f"XML cannot hold the control character inside {text!r}."
        raise ValueError(message)
    return text.translate(_ESCAPES)


def to_xml(type_name: str, values: Values) -> bytes:
    """Return a file with one component. Raises ValueError for a member that the type does not have, or that holds others."""
    body = "".join(_members(type_name, values, _INDENT))
    return f'{_HEAD}<{type_name} xmlns="{NAMESPACE}"{_SPACES.get(type_name, "")}>\n{body}</{type_name}>\n'.encode()


def _members(type_name: str, values: Values, indent: str) -> Iterator[str]:
    known = members(type_name)
    unknown = values.keys() - known.keys()
    if unknown:
        message = f"{type_name} has no member {min(unknown)!r}."
        raise ValueError(message)
    for member in known.values():
        if member.name not in values:
            continue
        value = values[member.name]
        if member.type == _ANY:
            yield _typed(member.name, value, indent)
            continue
        entries = (value,) if isinstance(value, str) or not isinstance(value, Sequence) else value
        for each in entries:
            if each is not None:
                yield _element(member.name, member.type, each, indent)


def _element(name: str, type_name: str, value: Value, indent: str) -> str:
    if isinstance(value, Mapping):
        if not is_complex(type_name):
            message = f"{name} holds elements, and is a {type_name}."
            raise ValueError(message)
        body = "".join(_members(type_name, value, indent + _INDENT))
        return f"{indent}<{name}>\n{body}{indent}</{name}>\n"
    return f"{indent}<{name}>{escape(_spell(value, type_name))}</{name}>\n"


def _typed(name: str, value: Value, indent: str) -> str:
    """Return an element that says the type of its value; a blank one says that it holds nothing."""
    if value is None:
        return f'{indent}<{name} xsi:nil="true"/>\n'
    spelled = escape(_spell(value, "double"))
    return f'{indent}<{name} xsi:type="xsd:{_type_of(value)}">{spelled}</{name}>\n'


def _type_of(value: Value) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "double"  # a Number field is a double, also without decimal places
    text = str(value)
    return "dateTime" if _INSTANT.fullmatch(text) else "date" if _DATE.fullmatch(text) else "string"


def _spell(value: Value, type_name: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float) and type_name == "double":
        return repr(float(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def read_xml(content: bytes) -> etree._Element:
    """Return the root of a document. Raises ValueError where it is no XML, or declares entities, which no org does."""
    # Before it is parsed: entities in attributes unfold while it is. Every answer is in UTF-8, and is read as nothing else,
    # so that the declaration cannot hide behind another encoding.
    if b"<!DOCTYPE" in content:
        message = "This XML declares a document type, and metadata does not."
        raise ValueError(message)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        message = f"This is not XML: {error}."
        raise ValueError(message) from None


def from_xml(content: bytes) -> tuple[str, Values]:
    """Return the type and the values of a file. Raises ValueError where it is not metadata XML."""
    root = read_xml(content)
    type_name = str(root.tag).removeprefix(_TAG)
    return type_name, parse(root, type_name)


def parse(element: etree._Element, type_name: str, depth: int = 0) -> dict[str, Value]:
    """Return the values of an element of a complex type; members that this schema does not know are kept as text.

    Raises ValueError for what lies deeper than any metadata.
    """
    if depth > _DEEPEST:
        message = f"This XML is more than {_DEEPEST} levels deep, and metadata is not."
        raise ValueError(message)
    known = members(type_name) if is_complex(type_name) else {}
    values: dict[str, Value] = {}
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        member = known.get(name)
        value = _value(child, member.type if member else "", depth + 1)
        if member and member.many:
            before = values.get(name)
            values[name] = [*before, value] if isinstance(before, list) else [value]
        else:
            values[name] = value
    return values


def _value(element: etree._Element, type_name: str, depth: int) -> Value:
    if type_name == _ANY:
        if element.get(f"{{{_XSI}}}nil") in {"true", "1"}:
            return None
        type_name = str(element.get(f"{{{_XSI}}}type", "")).rpartition(":")[2]
    if is_complex(type_name) or len(element):
        return parse(element, type_name, depth)
    text = element.text or ""
    if type_name == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text.strip(), text)
    if type_name in _NUMBERS:
        return _number(text.strip())
    return text


def _number(text: str) -> Value:
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text
