"""What is added to selection sets: fields without arguments, named after their types so that none is in conflict."""

from functools import cache

from graphql import (
    FieldNode,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
    is_union_type,
)
from hypothesis import strategies as st


def name(text):
    return NameNode(value=text)


TYPENAME = FieldNode(name=name("__typename"), arguments=())
BELOW = SelectionSetNode(selections=(TYPENAME,))


def simple(type_, leaf):
    """The names of the fields without arguments that are leaves or that are not."""
    fields = {} if is_union_type(type_) else type_.fields
    without = ((key, get_named_type(field.type)) for key, field in fields.items() if not field.args)
    return [key for key, target in without if is_leaf_type(target) == leaf]


def field(type_, key, below=None):
    return FieldNode(name=name(key), alias=name(f"{type_.name}_{key}"), arguments=(), selection_set=below)


def some(choices, most):
    return st.lists(st.sampled_from(choices), min_size=1, max_size=most, unique_by=id) if choices else st.just([])


@cache
def leaves(type_):
    return some([field(type_, key) for key in simple(type_, True)], 6)


@cache
def objects(type_):
    return some([field(type_, key, BELOW) for key in simple(type_, False)], 3)


@cache
def fragments(schema, type_):
    conditions = [NamedTypeNode(name=name(possible.name)) for possible in schema.get_possible_types(type_)]
    return some([InlineFragmentNode(type_condition=condition, selection_set=BELOW) for condition in conditions], 4)
