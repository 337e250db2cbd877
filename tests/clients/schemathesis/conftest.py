"""What the tests share: the server, its schema, and a count of what it answered."""

from collections import Counter

import pytest
import schemathesis
from graphql import build_schema, is_introspection_type, is_object_type

import documents
import launch
import program
import values

COMMITTED = build_schema(launch.committed_schema())
TALLY = pytest.StashKey["Tally"]()


class Tally:
    """How many documents were answered how, and how often a field had a value."""

    def __init__(self):
        self.documents = Counter()
        self.fields = Counter()


def fields_of_objects():
    objects = (type_ for type_ in COMMITTED.type_map.values() if is_object_type(type_))
    return sum(len(type_.fields) for type_ in objects if not is_introspection_type(type_))


@pytest.fixture(scope="session")
def url():
    with program.serve() as address:
        yield address


@pytest.fixture(scope="session")
def committed():
    return COMMITTED


@pytest.fixture(params=list(COMMITTED.query_type.fields))
def field(request):
    return request.param


@pytest.fixture(scope="session")
def things(url):
    return program.ask(url, values.known(COMMITTED))


@pytest.fixture(scope="session")
def known(things):
    values.register_scalars(things)
    return values.for_arguments(things)


@pytest.fixture(scope="session")
def valid(url, known):
    """What makes documents that fit the schema."""
    schema = schemathesis.graphql.from_url(url)

    @schema.hook
    def flatmap_body(context, body):
        return documents.refined(body, COMMITTED, known)

    return schema["Query"]


@pytest.fixture(scope="session")
def invalid(url, known):
    """What makes documents in which one thing does not fit the schema."""
    return schemathesis.graphql.from_url(url)["Query"]


@pytest.fixture(scope="session")
def tally(pytestconfig):
    return pytestconfig.stash.setdefault(TALLY, Tally())


def pytest_terminal_summary(terminalreporter, config):
    if tally := config.stash.get(TALLY, None):
        for what, number in sorted(tally.documents.items()):
            terminalreporter.write_line(f"{number:>7} {what}")
        seen = tally.fields
        terminalreporter.write_line(f"{seen.total():>7} values of {len(seen)} of {fields_of_objects()} fields checked")
