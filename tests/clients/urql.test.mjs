// urql: both of its caches, its errors, its persisted queries, and its subscriptions over every transport.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core';
import { cacheExchange as graphcache } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { persistedExchange } from '@urql/exchange-persisted';
import { buildClientSchema, getIntrospectionQuery, isObjectType } from 'graphql';
import { createClient as createEvents } from 'graphql-sse';
import { createClient as createSocket } from 'graphql-ws';
import WebSocket from 'ws';
import { serveOnly, tool } from './changes.mjs';
import { changes, document, endsAtTheServer, first, hearAtOnce, latest, listen, until } from './live.mjs';
import { ask } from './program.mjs';

const tools = ['tool', 'anvil', 'bellows', 'chisel', 'drill', 'file', 'gouge'];

let server;
let schema;
before(async () => {
  server = await serveOnly(Object.assign({}, ...tools.map((slug) => tool(slug, 'Zero.'))));
  schema = (await ask(server.url, getIntrospectionQuery())).data;
});
after(() => server?.stop());

// A client, and what it fetched.
function connect(exchanges, settings = {}, { url } = server) {
  const fetched = [];
  const seen = async (address, options) => {
    const response = await fetch(address, options);
    const { pathname, searchParams } = new URL(address);
    const asked = options.method === 'GET' ? Object.fromEntries(searchParams) : JSON.parse(options.body);
    fetched.push({ pathname, method: options.method, asked, response });
    return response;
  };
  const client = new Client({ url: `${url}/graphql`, exchanges, fetch: seen, ...settings });
  return { client, fetched };
}

const name = 'query Name($slug: String!) { technology(slug: $slug) { id name } }';

test('the cache of documents answers what was asked before', async () => {
  const { client, fetched } = connect([cacheExchange, fetchExchange]);
  const asked = (slug, context) => client.query(name, { slug }, context).toPromise();
  const { data, error } = await asked('tool');
  assert.deepEqual([data.technology.name, error], ['tool', undefined]);
  assert.deepEqual((await asked('tool')).data, data);
  assert.equal(fetched.length, 1);
  assert.equal((await asked('anvil')).data.technology.name, 'anvil');
  assert.deepEqual((await asked('tool', { requestPolicy: 'network-only' })).data, data);
  assert.equal(fetched.length, 3);
  assert.match(fetched[0].response.headers.get('content-type'), /^application\/graphql-response\+json/);
});

function normalised() {
  // Parts of what holds them have no id.
  const types = Object.values(buildClientSchema(schema).getTypeMap());
  const parts = types.filter((type) => isObjectType(type) && !('id' in type.getFields()));
  return graphcache({
    schema,
    keys: Object.fromEntries(parts.map((type) => [type.name, () => null])),
    resolvers: { Query: { technologies: relayPagination() } },
  });
}

// The client as live.mjs asks one.
const live = (client) => ({
  subscribe({ query, variables }, sink) {
    const told = ({ data, error }) => (error ? sink.error(error) : sink.next({ data }));
    return client.subscription(query, variables).subscribe(told).unsubscribe;
  },
});

const page = `query Page($first: Int!, $after: String) {
  technologies(first: $first, after: $after) { edges { cursor node { id slug } } pageInfo { hasNextPage endCursor } }
}`;

test('the normalised cache puts the pages of a list together', async () => {
  const { client, fetched } = connect([normalised(), fetchExchange]);
  const slugs = [];
  for (let after = null, more = true; more; ) {
    const { data, error } = await client.query(page, { first: 3, after }).toPromise();
    assert.equal(error, undefined);
    slugs.splice(0, Infinity, ...data.technologies.edges.map(({ node }) => node.slug));
    ({ endCursor: after, hasNextPage: more } = data.technologies.pageInfo);
  }
  assert.deepEqual(slugs, [...tools].sort());
  assert.equal(fetched.length, 3);
  const again = await client.query(page, { first: 3 }, { requestPolicy: 'cache-only' }).toPromise();
  assert.equal(again.data.technologies.edges.length, tools.length);
});

test('the normalised cache answers fragments on interfaces from what it has', async () => {
  const { client, fetched } = connect([normalised(), fetchExchange]);
  const query = `query One($slug: String!) { technology(slug: $slug) { ... on Node { id } ...Named } }
    fragment Named on Technology { slug name }`;
  const { data, error } = await client.query(query, { slug: 'tool' }).toPromise();
  assert.equal(error, undefined);
  assert.equal(data.technology.slug, 'tool');
  assert.deepEqual((await client.query(query, { slug: 'tool' }).toPromise()).data, data);
  assert.equal(fetched.length, 1);
});

test('an event alters what the normalised cache tells of its subject', async () => {
  const { client } = connect([normalised(), fetchExchange], { fetchSubscriptions: true });
  const told = [];
  const query = 'query Told($slug: String!) { technology(slug: $slug) { id summary } }';
  const watched = client.query(query, { slug: 'tool' }).subscribe(({ data }) => told.push(data?.technology.summary));
  await first(1, told);
  const { stop } = listen(live(client), document, { after: await latest(server) });
  await changes(server, 'Altered by an event.');
  await until(() => told.includes('Altered by an event.'), told);
  watched.unsubscribe();
  stop();
});

test('a document that does not fit the schema is an error with its code and its place', async () => {
  const { client, fetched } = connect([fetchExchange]);
  const { data, error } = await client.query('{ technologie { name } }').toPromise();
  assert.equal(data, undefined);
  assert.equal(error.networkError, undefined);
  const [{ message, extensions, locations }] = error.graphQLErrors;
  assert.match(message, /^Cannot query field "technologie"/);
  assert.equal(extensions.code, 'GRAPHQL_VALIDATION_FAILED');
  assert.equal(fetched[0].response.status, 400);
  const [{ line, column }] = locations;
  assert.ok(fetched[0].asked.query.split('\n')[line - 1].slice(column - 1).startsWith('technologie'));
});

test('the error of a field comes with the data', async () => {
  const { client } = connect([fetchExchange]);
  const { data, error } = await client.query('{ catalogue { licence } node(id: "none") { id } }').toPromise();
  assert.equal(typeof data.catalogue.licence, 'string');
  assert.equal(data.node, null);
  assert.deepEqual(error.graphQLErrors.map(({ path, extensions }) => [path, extensions.code]), [[['node'], 'BAD_USER_INPUT']]);
});

test('a server that is not there is an error of the network', async () => {
  const { client } = connect([fetchExchange], { url: 'http://127.0.0.1:9/graphql' });
  const { error } = await client.query(name, { slug: 'tool' }).toPromise();
  assert.ok(error.networkError);
  assert.deepEqual(error.graphQLErrors, []);
});

for (const method of ['GET', 'POST']) {
  test(`by ${method}, the hash alone is asked once the server knows it`, async () => {
    const preferGetForPersistedQueries = method === 'GET' ? 'force' : false;
    const { client, fetched } = connect([persistedExchange({ preferGetForPersistedQueries }), fetchExchange]);
    const query = `query By${method}($slug: String!) { technology(slug: $slug) { name } }`;
    for (const slug of ['tool', 'anvil']) {
      const { data, error } = await client.query(query, { slug }).toPromise();
      assert.deepEqual([data?.technology.name, error], [slug, undefined]);
    }
    assert.deepEqual(new Set(fetched.map((each) => each.method)), new Set([method]));
    assert.deepEqual(fetched.map(({ asked }) => 'query' in asked), [false, true, false]);
    assert.ok(fetched.every(({ asked }) => JSON.stringify(asked).includes('sha256Hash')));
  });
}

// What a transport of subscriptions needs of urql: `forward` hands an operation to a client of the protocol.
const forward = (client) =>
  subscriptionExchange({
    forwardSubscription: ({ query, variables }) => ({
      subscribe: (sink) => ({ unsubscribe: client.subscribe({ query, variables }, sink) }),
    }),
  });

const multipart = { headers: { accept: 'multipart/mixed;subscriptionSpec=1.0, application/json' } };
const own = { fetchSubscriptions: true };
const transports = {
  'graphql-ws': (to) => {
    const url = `${to.url.replace('http', 'ws')}/graphql`;
    return connect([fetchExchange, forward(createSocket({ url, webSocketImpl: WebSocket }))], {}, to);
  },
  'graphql-sse': (to) => {
    const events = createEvents({ url: `${to.url}/graphql`, retryAttempts: 0 });
    return connect([fetchExchange, forward(events)], {}, to);
  },
  'its own events': (to) => connect([fetchExchange], own, to),
  'its own multipart': (to) => connect([fetchExchange], { ...own, fetchOptions: multipart }, to),
};

const mediaTypes = { 'its own events': /^text\/event-stream/, 'its own multipart': /^multipart\/mixed/ };

for (const [transport, make] of Object.entries(transports)) {
  test(`by ${transport}, each change is told when it is made`, async () => {
    const { client, fetched } = make(server);
    await hearAtOnce(live(client), server);
    if (mediaTypes[transport]) assert.match(fetched[0].response.headers.get('content-type'), mediaTypes[transport]);
  });

  test(`by ${transport}, the server ends what nobody listens to any more`, (t) =>
    endsAtTheServer(t, (narrow) => live(make(narrow).client)));

  test(`by ${transport}, a mistake is an error with its code`, async () => {
    const { errors, stop } = listen(live(make(server).client), 'subscription { catalogueChanged { revisio } }');
    const [error] = await first(1, errors);
    assert.equal(error.graphQLErrors[0]?.extensions.code, 'GRAPHQL_VALIDATION_FAILED', `${error}`);
    stop();
  });
}
