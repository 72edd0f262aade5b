"""Components written as the platform writes them: members in the order of the WSDL, four spaces, quotes escaped."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sla_sync_salesforce.simulator.documents import INSTANCE, NIL, TEXT, TYPE, XSD, Values
from sla_sync_salesforce.simulator.schema import NAMESPACE, Schema

_SAYS_TYPES = ("CustomMetadata",)
_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&apos;"))


def escape(text: str) -> str:
    """Return text as it stands between tags of a retrieved file."""
    for character, spelled in _ESCAPES:
        text = text.replace(character, spelled)
    return text


def render_file(type_name: str, values: Values, schema: Schema) -> bytes:
    """Return a component as the file that a retrieve would hold."""
    spaces = f' xmlns:xsi="{INSTANCE}" xmlns:xsd="{XSD}"' if type_name in _SAYS_TYPES else ""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<{type_name} xmlns="{NAMESPACE}"{spaces}>']
    lines.extend(_lines(type_name, values, schema, 1))
    lines.append(f"</{type_name}>")
    return ("\n".join(lines) + "\n").encode()


def render_inline(type_name: str, values: Values, schema: Schema) -> str:
    """Return the members of a component on one line, for the body of a SOAP answer."""
    return "".join(line.strip("\n") for line in _lines(type_name, values, schema, 0, indent=""))


def _lines(type_name: str, values: Values, schema: Schema, depth: int, *, indent: str = "    ") -> Iterator[str]:
    margin = indent * depth
    for member in schema.types[type_name].values():
        if member.name not in values:
            continue
        given = values[member.name]
        for value in given if member.many else [given]:
            if member.type == "anyType":
                yield f"{margin}{_any(member.name, value)}"
            elif schema.is_scalar(member.type):
                yield f"{margin}<{member.name}>{escape(value)}</{member.name}>"
            else:
                yield f"{margin}<{member.name}>"
                yield from _lines(member.type, value, schema, depth + 1, indent=indent)
                yield f"{margin}</{member.name}>"


def _any(name: str, value: Values) -> str:
    if NIL in value:
        return f'<{name} xsi:nil="true"/>'
    said = f' xsi:type="xsd:{value[TYPE]}"' if value.get(TYPE) else ""
    return f"<{name}{said}>{escape(value[TEXT])}</{name}>"


def typed(type_name: str, values: Values, schema: Schema) -> dict[str, Any]:
    """Return a component as JSON says it: booleans and numbers as such, members that are not set as null."""
    answer: dict[str, Any] = {}
    for member in schema.types[type_name].values():
        if member.name == "fullName":
            continue
        if member.many:
            answer[member.name] = [_typed(member.type, each, schema) for each in values.get(member.name, [])]
        else:
            answer[member.name] = _typed(member.type, values[member.name], schema) if member.name in values else None
    return answer


def _typed(type_name: str, value: Any, schema: Schema) -> Any:
    if type_name == "anyType":
        return None if NIL in value else value[TEXT]
    if not schema.is_scalar(type_name):
        return typed(type_name, value, schema)
    if type_name == "boolean":
        return value == "true"
    if type_name == "int":
        return int(value)
    return float(value) if type_name == "double" else value
