"""gql, the client for Python: over HTTP, and over WebSocket with either of its libraries."""

import asyncio
from contextlib import aclosing

import pytest
from anyio import fail_after, to_thread
from gql import Client, GraphQLRequest, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.aiohttp_websockets import AIOHTTPWebsocketsTransport
from gql.transport.exceptions import TransportConnectionFailed, TransportQueryError
from gql.transport.websockets import WebsocketsTransport
from graphql import GraphQLError, build_schema

import launch

pytestmark = pytest.mark.anyio

SOCKETS = [WebsocketsTransport, AIOHTTPWebsocketsTransport]
NAME = "query Name($slug: String!) { technology(slug: $slug) { name } }"
NAMED = {"technology": {"name": "tool"}}
CHANGES = """subscription Changes($after: Int) {
  catalogueChanged(after: $after) { revision kind subject { ... on Technology { slug summary } } }
}"""


def over_http(server):
    return AIOHTTPTransport(url=f"http://{server.host}/graphql")


def over(socket, server, subprotocols=("graphql-transport-ws",), **settings):
    return socket(url=f"ws://{server.host}/graphql", subprotocols=subprotocols, **settings)


@pytest.fixture(params=["aiohttp", *SOCKETS], ids=["HTTP", "websockets", "aiohttp"])
def client(request, server):
    transport = over_http(server) if request.param == "aiohttp" else over(request.param, server)
    return Client(transport=transport, fetch_schema_from_transport=True)


def request(query, **variables):
    return GraphQLRequest(query, variable_values=variables)


async def latest(session):
    data = await session.execute(gql("{ catalogue { revision } }"))
    return data["catalogue"]["revision"]


async def change(server, *summaries):
    for summary in summaries:
        await to_thread.run_sync(server.change, summary)


async def hear(session, after, number):
    """The revisions of the first events, and the summary that the last one tells."""
    revisions = []
    with fail_after(8):
        async with aclosing(session.subscribe(request(CHANGES, after=after))) as events:
            async for event in events:
                told = event["catalogueChanged"]
                revisions.append(told["revision"])
                if len(revisions) == number:
                    return revisions, told["subject"]["summary"]
    raise AssertionError(f"the subscription ended after {revisions}")


async def test_a_query_is_answered(client):
    async with client as session:
        assert await session.execute(request(NAME, slug="tool")) == NAMED
        two = NAME + ' query Slug { technology(slug: "tool") { slug } }'
        assert await session.execute(GraphQLRequest(two, operation_name="Slug")) == {"technology": {"slug": "tool"}}


async def test_the_schema_is_fetched_and_finds_mistakes_before_they_are_sent(client):
    async with client as session:
        names = set(client.schema.type_map)
        assert names == set(build_schema(launch.committed_schema()).type_map)
        with pytest.raises(GraphQLError, match="Cannot query field 'technologie'"):
            await session.execute(gql("{ technologie { name } }"))


async def test_a_mistake_in_the_document_is_told_with_its_code_and_place(client):
    client.fetch_schema_from_transport = False
    async with client as session:
        with pytest.raises(TransportQueryError) as caught:
            await session.execute(gql("{ technologie { name } }"))
        [error] = caught.value.errors
        assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        assert error["locations"] == [{"line": 2, "column": 3}], "as gql writes the document"
        assert await session.execute(request(NAME, slug="tool")) == NAMED


async def test_a_variable_that_is_missing_is_told(client):
    client.fetch_schema_from_transport = False
    async with client as session:
        with pytest.raises(TransportQueryError) as caught:
            await session.execute(request(NAME))
    assert {error["extensions"]["code"] for error in caught.value.errors} == {"BAD_USER_INPUT"}


async def test_the_error_of_a_field_comes_with_the_data(client):
    async with client as session:
        with pytest.raises(TransportQueryError) as caught:
            await session.execute(gql('{ catalogue { licence } node(id: "none") { id } }'))
    [error] = caught.value.errors
    assert (error["path"], error["extensions"]["code"]) == (["node"], "BAD_USER_INPUT")
    assert caught.value.data["node"] is None
    assert isinstance(caught.value.data["catalogue"]["licence"], str)


@pytest.mark.parametrize("socket", SOCKETS)
async def test_of_the_subprotocols_that_it_offers_the_one_that_is_announced_is_spoken(server, socket):
    # Left to itself it offers the legacy one, too, and speaks that when it finds no announcement.
    transport = over(socket, server, subprotocols=None, ping_interval=0.05)
    assert set(transport.adapter.subprotocols) == {"graphql-ws", "graphql-transport-ws"}
    async with Client(transport=transport) as session:
        assert transport.subprotocol == "graphql-transport-ws"
        with fail_after(5):
            await transport.pong_received.wait()
        assert await session.execute(request(NAME, slug="tool")) == NAMED


@pytest.mark.parametrize("socket", SOCKETS)
async def test_two_sessions_hear_the_same_changes(server, socket):
    client, other = (Client(transport=over(socket, server)) for _ in range(2))
    async with client as one, other as two:
        start = await latest(one)
        hearing = [asyncio.ensure_future(hear(session, start, 2)) for session in (one, two, two)]
        await change(server, "One.", "Two.")
        expected = ([start + 1, start + 2], "Two.")
        assert await asyncio.gather(*hearing) == [expected] * 3
        assert await one.execute(request(NAME, slug="tool")) == NAMED


@pytest.mark.parametrize("socket", SOCKETS)
async def test_a_subscription_that_does_not_fit_is_told(server, socket):
    async with Client(transport=over(socket, server)) as session:
        with pytest.raises(TransportQueryError) as caught, fail_after(5):
            async for _ in session.subscribe(gql("subscription { catalogueChanged { revisio } }")):
                pass
        assert caught.value.errors[0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        assert await session.execute(request(NAME, slug="tool")) == NAMED


@pytest.mark.parametrize("socket", SOCKETS)
async def test_a_session_that_connects_again_goes_on_after_what_it_heard(server, socket):
    client = Client(transport=over(socket, server))
    session = await client.connect_async(reconnecting=True)
    start = await latest(session)
    await change(server, "Before the end.")
    assert await hear(session, start, 1) == ([start + 1], "Before the end.")
    waiting = asyncio.ensure_future(hear(session, start + 1, 1))
    await session.execute(request(NAME, slug="tool"))
    await to_thread.run_sync(server.halt)
    with pytest.raises(TransportConnectionFailed), fail_after(8):
        await waiting
    await change(server, "While it is away.")
    await to_thread.run_sync(server.resume)
    with fail_after(10):
        await session.execute(request(NAME, slug="tool"))
    assert await hear(session, start + 1, 1) == ([start + 2], "While it is away.")
    await client.close_async()
