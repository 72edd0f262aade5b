"""XML read into nodes that know their line and column, and checked against the types of the Metadata API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from xml.parsers import expat

from sla_sync_salesforce.simulator.problems import Problem
from sla_sync_salesforce.simulator.schema import NAMESPACE, VERSION, Member, Schema

Values: TypeAlias = dict[str, Any]
"""A component: member → text, a nested mapping, or a list of these for members that repeat."""

INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
TEXT, TYPE, NIL = "text", "xsi:type", "xsi:nil"
"""What a value of any type is kept as: its text and the type that it says, or that it is nothing."""
_SAYS_TYPE = f"{INSTANCE} type"
_INTEGER = re.compile(r"[+-]?\d+")
_DOUBLE = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?Z?")
_PATTERNS = {
    "int": _INTEGER,
    "long": _INTEGER,
    "double": _DOUBLE,
    "dateTime": _DATE_TIME,
    "date": _DATE,
    "time": _TIME,
}


class MalformedError(Exception):
    """Text that is not well-formed XML, or that has a document type."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.problem = Problem(message, line, column)


@dataclass
class Node:
    """One element, without its prefix; `line` and `column` say where its start tag begins, counting from 1."""

    namespace: str
    name: str
    line: int
    column: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def child(self, name: str) -> Node | None:
        """Return the first child of this name."""
        return next((each for each in self.children if each.name == name), None)

    def text_of(self, name: str) -> str:
        """Return the text of the first child of this name, or nothing."""
        found = self.child(name)
        return found.text.strip() if found else ""


def read_xml(content: bytes) -> Node:
    """Return the root of a document. Raises MalformedError."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    root: list[Node] = []
    open_nodes: list[Node] = []
    prefixes: dict[str, list[str]] = {}

    def declare(prefix: str | None, uri: str) -> None:
        prefixes.setdefault(prefix or "", []).append(uri)

    def forget(prefix: str | None) -> None:
        prefixes[prefix or ""].pop()

    def start(name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if _SAYS_TYPE in attributes:
            # The type is a name in a namespace, and what its prefix stands for is known only here.
            prefix, _, said = attributes[_SAYS_TYPE].rpartition(":")
            attributes[_SAYS_TYPE] = f"{(prefixes.get(prefix) or [''])[-1]} {said}"
        node = Node(namespace, local, parser.CurrentLineNumber, parser.CurrentColumnNumber + 1, attributes)
        (open_nodes[-1].children if open_nodes else root).append(node)
        open_nodes.append(node)

    def end(_name: str) -> None:
        open_nodes.pop()

    def text(characters: str) -> None:
        open_nodes[-1].text += characters

    def doctype(*_: object) -> None:
        raise MalformedError(
            "DOCTYPE is disallowed when the feature disallow-doctype-decl is set to true.",
            parser.CurrentLineNumber,
            parser.CurrentColumnNumber + 1,
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    parser.StartNamespaceDeclHandler = declare
    parser.EndNamespaceDeclHandler = forget
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat takes no keywords
    except expat.ExpatError as error:
        raise MalformedError(
            f"Error parsing file: {expat.errors.messages[error.code]}", error.lineno, error.offset + 1
        ) from None
    return root[0]


def read_component(content: bytes, root_name: str, schema: Schema) -> tuple[Node | None, Values, list[Problem]]:
    """Return a metadata file as node and values, with everything in it that its type does not allow."""
    try:
        root = read_xml(content)
    except MalformedError as error:
        return None, {}, [error.problem]
    if root.namespace != NAMESPACE:
        text = f"Error parsing file: the root element {root.name} is not in the namespace {NAMESPACE}"
        return root, {}, [Problem(text, root.line, root.column)]
    if root.name != root_name:
        text = f"Error parsing file: the root element is {root.name}, and {root_name} is expected"
        return root, {}, [Problem(text, root.line, root.column)]
    values, problems = read_values(root, root_name, schema)
    return root, values, problems


def read_values(node: Node, type_name: str, schema: Schema) -> tuple[Values, list[Problem]]:
    """Return what a node of a type holds, with everything that the type does not allow."""
    return read_members(node, type_name, schema.types[type_name], schema)


def read_members(
    node: Node, type_name: str, members: Mapping[str, Member], schema: Schema, *, complete: bool = True
) -> tuple[Values, list[Problem]]:
    """Return what a node holds by these members. Missing ones are problems only where the node must be `complete`."""
    values: Values = {}
    problems: list[Problem] = []
    previous = ""
    for child in node.children:
        member = members.get(child.name)
        if member is None or child.namespace != NAMESPACE:
            problems.append(
                Problem(f"Property '{child.name}' not valid in version {VERSION}", child.line, child.column)
            )
            continue
        if child.name in values and not (member.many and previous == child.name):
            text = f"Error parsing file: Element {child.name} is duplicated at this location in type {type_name}"
            problems.append(Problem(text, child.line, child.column))
            continue
        previous = child.name
        nothing = child.attributes.get(f"{INSTANCE} nil") == "true"
        if nothing and member.type != "anyType":
            continue
        value: Any
        if member.type == "anyType":
            value, wrong = ({NIL: "true"}, []) if nothing else _any(child, schema)
        elif schema.is_scalar(member.type):
            value, wrong = _scalar(child, member, schema)
        else:
            value, wrong = read_members(child, member.type, schema.types[member.type], schema, complete=complete)
        problems.extend(wrong)
        if member.many:
            values.setdefault(child.name, []).append(value)
        else:
            values[child.name] = value
    if node.children and node.text.strip():
        problems.append(Problem(f"Error parsing file: text is not allowed in {type_name}", node.line, node.column))
    if complete:
        problems.extend(
            Problem(f"Required field is missing: {member.name}", node.line, node.column)
            for member in members.values()
            if member.required and not member.many and member.name not in values
        )
    return values, problems


def _any(node: Node, schema: Schema) -> tuple[Values, list[Problem]]:
    """Return a value that says its own type."""
    said = node.attributes.get(_SAYS_TYPE, "")
    uri, _, type_name = said.rpartition(" ")
    if said and uri != XSD:
        text = f"Error parsing file: the type {type_name} of {node.name} is not of the namespace {XSD}"
        return {}, [Problem(text, node.line, node.column)]
    text, problems = _scalar(node, Member(node.name, type_name or "string", required=True, many=False), schema)
    return {TYPE: type_name, TEXT: text}, problems


def _scalar(node: Node, member: Member, schema: Schema) -> tuple[str, list[Problem]]:
    if node.children:
        text = f"Error parsing file: {node.name} holds text, and has the element {node.children[0].name}"
        return "", [Problem(text, node.line, node.column)]
    # Line ends of the file are not told apart, as XML says; expat has made them \n already.
    raw = node.text
    trimmed = raw.strip()
    problem = _wrong_scalar(trimmed, member, schema)
    if problem:
        return trimmed, [Problem(problem, node.line, node.column)]
    if member.type == "boolean":
        return {"1": "true", "0": "false"}.get(trimmed, trimmed), []
    return (raw if member.type == "string" else trimmed), []


def _wrong_scalar(text: str, member: Member, schema: Schema) -> str:
    """Return what is wrong with the spelling of a value, or nothing."""
    if member.type in schema.enumerations and text not in schema.enumerations[member.type]:
        return f"'{text}' is not a valid value for the enum '{member.type}'"
    if member.type == "boolean" and text not in ("true", "false", "0", "1"):
        return f"'{text}' is not a valid value for the type xsd:boolean"
    pattern = _PATTERNS.get(member.type)
    if pattern is not None and not pattern.fullmatch(text):
        return f"'{text}' is not a valid value for the type xsd:{member.type}"
    return ""
