"""Whether the data of an answer is what its document and the schema promise."""

import math
import re
from datetime import date, datetime

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    OperationDefinitionNode,
    is_abstract_type,
)

from answers import require


def is_text(value):
    return isinstance(value, str)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_int(value):
    return is_number(value) and isinstance(value, int) and -(2**31) <= value < 2**31


def is_written(pattern):
    return lambda value: is_text(value) and re.fullmatch(pattern, value) is not None


def is_read(parse, pattern):
    def holds(value):
        if not is_written(pattern)(value):
            return False
        try:
            return bool(parse(value))
        except ValueError:
            return False

    return holds


SCALARS = {
    "String": is_text,
    "ID": is_text,
    "Boolean": lambda value: isinstance(value, bool),
    "Int": is_int,
    "Float": lambda value: is_number(value) and math.isfinite(value),
    "Date": is_read(date.fromisoformat, r"\d{4}-\d\d-\d\d"),
    "DateTime": is_read(datetime.fromisoformat, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"),
    "Decimal": is_written(r"-?\d+(\.\d+)?"),
    "URL": is_written(r"https?://\S+"),
}


def check_data(schema, document, data):
    """Checks the data of a document with one operation, and tells of which fields it has seen values."""
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    checker = Checker(schema, document)
    checker.object(schema.query_type, [operation.selection_set], data, [])
    return checker.seen


class Checker:
    def __init__(self, schema, document):
        self.schema = schema
        fragments = (node for node in document.definitions if isinstance(node, FragmentDefinitionNode))
        self.fragments = {node.name.value: node for node in fragments}
        self.seen = []

    def value(self, type_, fields, data, path):
        if isinstance(type_, GraphQLNonNull):
            require(data is not None, "is null and cannot be", path)
            type_ = type_.of_type
        if data is None:
            return
        if isinstance(type_, GraphQLList):
            require(isinstance(data, list), f"is not a list: {data!r}", path)
            for place, item in enumerate(data):
                self.value(type_.of_type, fields, item, [*path, place])
        elif isinstance(type_, (GraphQLScalarType, GraphQLEnumType)):
            self.leaf(type_, data, path)
        else:
            self.object(type_, [field.selection_set for field in fields], data, path)

    def leaf(self, type_, data, path):
        holds = type_.values.__contains__ if isinstance(type_, GraphQLEnumType) else SCALARS[type_.name]
        require(isinstance(data, (str, int, float)) and holds(data), f"is no {type_.name}: {data!r}", path)

    def object(self, type_, selections, data, path):
        require(isinstance(data, dict), f"is not an object: {data!r}", path)
        if is_abstract_type(type_):
            type_ = self.possible(type_, data, path)
        fields = {}
        for selection_set in selections:
            self.collect(type_, selection_set, fields)
        require(list(data) == list(fields), f"has {list(data)} where {list(fields)} were asked for", path)
        for key, nodes in fields.items():
            self.field(type_, nodes, data[key], [*path, key])

    def possible(self, type_, data, path):
        """The type of an object behind an interface or a union, of which the document must ask."""
        name = data.get("__typename")
        names = {known.name: known for known in self.schema.get_possible_types(type_)}
        require(name in names, f"is of the type {name!r}, which is no {type_.name}", path)
        return names[name]

    def field(self, type_, nodes, data, path):
        name = nodes[0].name.value
        if name == "__typename":
            require(data == type_.name, f"is {data!r} and not {type_.name}", path)
        else:
            self.value(type_.fields[name].type, nodes, data, path)
            if data not in (None, []):
                self.seen.append(f"{type_.name}.{name}")

    def collect(self, type_, selection_set, fields):
        """The fields of an object by the keys of its answer, in their order, as the specification collects them."""
        for node in selection_set.selections:
            if isinstance(node, FieldNode):
                key = (node.alias or node.name).value
                fields.setdefault(key, []).append(node)
                continue
            fragment = self.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            if self.applies(fragment.type_condition, type_):
                self.collect(type_, fragment.selection_set, fields)

    def applies(self, condition, type_):
        if condition is None or condition.name.value == type_.name:
            return True
        wider = self.schema.get_type(condition.name.value)
        return is_abstract_type(wider) and self.schema.is_sub_type(wider, type_)
