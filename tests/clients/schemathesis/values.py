"""Values for generated documents. Many are real, so that the answers are not all null."""

from datetime import date

import schemathesis.graphql
from graphql import NameNode, ObjectFieldNode
from hypothesis import strategies as st
from schemathesis.graphql import nodes

LISTS = """
  frameworks(first: 100) { edges { cursor node { id slug } } }
  baasProviders(first: 100) {
    edges { cursor node { id slug lockIn { dimensions { evidence { id } } } migrationPaths { id } } }
  }
  technologies(first: 100) { edges { cursor node { id slug name } } }
  caseStudies(first: 100) { edges { cursor node { id slug } } }
  sources(first: 100) { edges { cursor node { id slug } } }
  facts(first: 100) { edges { cursor node { id code } } }
  terms { id slug }
  selectionCriteria { id slug }
  checklists { id slug }
  changes(first: 20) { nodes { id } }
"""
FACTS = """
  %s: facts(first: 12, filter: { kind: [%s] }) {
    nodes { id code ... on Adoption { organization { id slug } } ... on MarketFigure { segment } }
  }
"""
# Which part of the above has the real values of an argument, and under which name.
ARGUMENTS = {
    "framework.slug": ("frameworks", "slug"),
    "baasProvider.slug": ("baasProviders", "slug"),
    "technology.slug": ("technologies", "slug"),
    "caseStudy.slug": ("caseStudies", "slug"),
    "organization.slug": ("ADOPTION", "slug"),
    "source.slug": ("sources", "slug"),
    "market.segment": ("MARKET", "segment"),
    "checklist.slug": ("checklists", "slug"),
    "migrationPaths.to": ("technologies", "slug"),
    "impliedCagr.source": ("sources", "slug"),
}
for field in ["frameworks", "baasProviders", "technologies", "caseStudies", "sources", "facts"]:
    ARGUMENTS[f"{field}.after"] = ARGUMENTS[f"{field}.before"] = (field, "cursor")
# The same for the keys of entities, by the names of their types.
KEYS = {
    "Framework": ("frameworks", "slug"),
    "BaasProvider": ("baasProviders", "slug"),
    "Technology": ("technologies", "slug"),
    "CaseStudy": ("caseStudies", "slug"),
    "Source": ("sources", "slug"),
    "Term": ("terms", "slug"),
    "SelectionCriterion": ("selectionCriteria", "slug"),
    "Checklist": ("checklists", "slug"),
    "Fact": ("facts", "code"),
    "Change": ("changes", "id"),
}


def known(schema):
    """A document that asks for things of all sorts."""
    kinds = schema.get_type("FactKind").values
    return "{" + LISTS + "".join(FACTS % (kind, kind) for kind in kinds) + "}"


def found(data, name):
    """All values under a name, however deep they lie, each once and in their order."""
    values = []
    for key, item in data.items() if isinstance(data, dict) else enumerate(data):
        if key == name:
            values.append(item)
        elif isinstance(item, (dict, list)):
            values.extend(found(item, name))
    return list(dict.fromkeys(values))


def representation(**fields):
    """What a gateway knows of an entity."""
    items = {name.replace("typename", "__typename"): nodes.String(value) for name, value in fields.items()}
    return nodes.Object([ObjectFieldNode(name=NameNode(value=name), value=value) for name, value in items.items()])


def register_scalars(data):
    """Tells the generator what scalars hold. Each has odd values among the usual ones."""
    words = found(data, "slug") + found(data, "code") + found(data, "name")
    ints = st.integers(0, 5) | st.integers(2015, 2035) | st.integers(-(2**31), 2**31 - 1)
    dates = st.dates(date(2015, 1, 1), date(2035, 12, 31)) | st.dates()
    decimals = st.decimals(0, 100, places=1) | st.decimals(-(10**11), 10**11, places=6)
    strategies = {
        "Int": ints.map(nodes.Int),
        "String": (st.sampled_from(words) | st.sampled_from(words) | st.text(max_size=12)).map(nodes.String),
        "ID": (st.sampled_from(found(data, "id")) | st.text(max_size=24)).map(nodes.String),
        "Date": dates.map(nodes.String),
        "DateTime": st.datetimes().map(lambda time: nodes.String(time.isoformat(timespec="microseconds") + "Z")),
        "Decimal": decimals.map(lambda number: nodes.String(f"{number:f}")),
        "_Any": st.builds(representation, typename=st.sampled_from([*KEYS, "Query", "Trait"]), id=st.sampled_from(found(data, "id")))
        | st.builds(representation, slug=st.sampled_from(words))
        | st.text(max_size=12).map(nodes.String),
        "URL": st.sampled_from(words).map(lambda word: nodes.String(f"https://{word}.example/")),
    }
    for name, strategy in strategies.items():
        schemathesis.graphql.scalar(name, strategy)


def for_arguments(data):
    """Strategies for the arguments that name things which the server holds."""
    strategies = {
        argument: st.sampled_from(found(data[field], name)).map(nodes.String)
        for argument, (field, name) in ARGUMENTS.items()
    }
    ids = st.sampled_from(found(data, "id")).map(nodes.String)
    strategies["node.id"] = ids
    strategies["nodes.ids"] = st.lists(ids, max_size=40).map(nodes.List)
    keys = [(name, key, value) for name, (field, key) in KEYS.items() for value in found(data[field], key)]
    entities = st.sampled_from(keys).map(lambda key: representation(typename=key[0], **{key[1]: key[2]}))
    strategies["_entities.representations"] = st.lists(entities, max_size=20).map(nodes.List)
    strategies["fact.code"] = st.sampled_from(found(data, "code")).map(nodes.String)
    return strategies
