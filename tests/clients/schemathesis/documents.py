"""Makes generated documents likelier to be answered, and to be answered with more."""

from dataclasses import replace

from graphql import NullValueNode, TypeInfo, TypeInfoVisitor, Visitor, is_abstract_type, visit
from hypothesis import strategies as st
from schemathesis.graphql import nodes

from selections import TYPENAME, fragments, leaves, objects

SIZES = (st.integers(0, 4) | st.integers(0, 4) | st.sampled_from([-1, 20, 100, 101])).map(nodes.Int)
FORWARD, BACKWARD = {"first", "after"}, {"last", "before"}
# Both ways together are refused, which is tried now and then.
LEFT_OUT = st.sampled_from([FORWARD, BACKWARD] * 4 + [set()])
ODD = st.integers(0, 9).map(lambda number: number == 9)
# How many selection sets are added to a document; each of them is added to in its turn.
MOST_ADDED = 10


@st.composite
def refined(draw, document, schema, known):
    types = TypeInfo(schema)
    return visit(document, TypeInfoVisitor(types, Refiner(draw, schema, types, known)))


class Refiner(Visitor):
    def __init__(self, draw, schema, types, known):
        super().__init__()
        self.draw = draw
        self.schema = schema
        self.types = types
        self.known = known
        self.room = MOST_ADDED

    def enter_field(self, node, *_):
        names = {argument.name.value for argument in node.arguments}
        left_out = self.draw(LEFT_OUT) if names > BACKWARD else set()
        kept = (argument for argument in node.arguments if argument.name.value not in left_out)
        return replace(node, arguments=tuple(self.argument(node.name.value, argument) for argument in kept))

    def argument(self, field, argument):
        if isinstance(argument.value, NullValueNode):
            return argument
        name = argument.name.value
        strategy = SIZES if name in {"first", "last"} else self.known.get(f"{field}.{name}")
        if strategy is None or self.draw(ODD):
            return argument
        return replace(argument, value=self.draw(strategy))

    def enter_selection_set(self, node, *_):
        type_ = self.types.get_parent_type()
        if type_ is self.schema.query_type:
            return None
        added = [*self.draw(leaves(type_)), *self.more(objects(type_))]
        if is_abstract_type(type_):
            # Of an object behind an interface or a union only the answer tells the type.
            added = [TYPENAME, *added, *self.more(fragments(self.schema, type_))]
        return replace(node, selections=(*added, *node.selections))

    def more(self, choices):
        chosen = self.draw(choices)[: self.room] if self.room else []
        self.room -= len(chosen)
        return chosen
