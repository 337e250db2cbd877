// graphql-sse, the client of server-sent events, with a connection for each operation; and what goes over the wire.
import assert from 'node:assert/strict';
import { get } from 'node:http';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from 'graphql-sse';
import { serveOnly, tool } from './changes.mjs';
import {
  changes,
  document,
  endsAtTheServer,
  first,
  following,
  hearAtOnce,
  latest,
  listen,
  revisionOf,
  summaryOf,
  until,
} from './live.mjs';

let server;
before(async () => {
  // As often as it goes, so that signs of life come into every test.
  server = await serveOnly(tool('tool', 'Zero.'), { STACKFIT_KEEP_ALIVE_SECONDS: '1' });
});
after(() => server?.stop());

const clients = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

// A client, and what happened to its connections.
function connect(settings = {}, { url } = server) {
  const seen = { connecting: 0, connected: 0 };
  const on = { connecting: () => (seen.connecting += 1), connected: () => (seen.connected += 1) };
  const client = createClient({ url: `${url}/graphql`, singleConnection: false, on, ...settings });
  clients.push(client);
  return { client, seen };
}

const name = 'query Name($slug: String!) { technology(slug: $slug) { name } }';
const named = { data: { technology: { name: 'tool' } } };

test('a query has one answer and is complete', async () => {
  const { client, seen } = connect();
  const heard = listen(client, name, { slug: 'tool' });
  await heard.done();
  assert.deepEqual([heard.events, heard.errors, heard.completed], [[named], [], 1]);
  assert.equal(seen.connecting, 1);
});

test('an event comes when its change is made, not with a later one', async () => {
  const { client } = connect();
  await hearAtOnce(client, server);
});

test('a quiet subscription stays open', async () => {
  const { client, seen } = connect();
  const { events, errors } = listen(client, document, { after: await latest(server) });
  await wait(2200);
  assert.deepEqual([events, errors], [[], []]);
  await changes(server, 'After a while.');
  await first(1, events);
  assert.equal(seen.connecting, 1);
});

test('each subscription tells what was asked of it', async () => {
  const { client, seen } = connect();
  const start = await latest(server);
  const one = listen(client, document, { after: start });
  const other = listen(client, document, { after: 0, filter: { kind: ['UPDATED'] } });
  await changes(server, 'Before.');
  await Promise.all([first(1, one.events), until(() => other.events.some((event) => revisionOf(event) > start), other)]);
  assert.deepEqual([one.events.length, one.errors], [1, []]);
  assert.ok(other.events.every(({ data }) => data.catalogueChanged.kind === 'UPDATED'));
  assert.equal(seen.connecting, 2);
});

test('what the client stops, the server ends', (t) =>
  endsAtTheServer(t, (narrow) => connect({ retryAttempts: 0 }, narrow).client));

const mistakes = [
  ['{ technologies( }', undefined, 'GRAPHQL_PARSE_FAILED'],
  ['subscription { catalogueChanged { revisio } }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
  [document, { after: 'one' }, 'BAD_USER_INPUT'],
];

for (const [query, variables, code] of mistakes) {
  test(`${code} is told, and the client does not try again`, async () => {
    const { client, seen } = connect({ retry: () => wait(10) });
    const heard = listen(client, query, variables);
    await heard.done();
    const codes = heard.events.flatMap(({ errors }) => errors.map(({ extensions }) => extensions.code));
    assert.deepEqual([new Set(codes), heard.errors, heard.completed], [new Set([code]), [], 1]);
    assert.equal(seen.connecting, 1);
  });
}

const retries = {
  'a client that waits until the server is back': (isBack) => ({ retry: () => isBack }),
  'a client that tries until the server is back': () => ({ retry: () => wait(50), retryAttempts: 1000 }),
};

for (const [what, settings] of Object.entries(retries)) {
  test(`${what} goes on without gap and repeat`, async () => {
    let back;
    const { client } = connect(settings(new Promise((resolve) => (back = resolve))));
    const start = await latest(server);
    const { events, errors } = following(client, start);
    await changes(server, 'Before the end.');
    await first(1, events);
    await server.halt();
    await changes(server, 'While it is away.');
    await server.resume();
    back();
    await changes(server, 'After it is back.');
    assert.deepEqual((await first(3, events)).map(revisionOf), [1, 2, 3].map((number) => start + number));
    assert.equal(summaryOf(events[2]), 'After it is back.');
    assert.deepEqual([events.length, errors], [3, []]);
  });
}

// Events as the standard of the web has them: what has no line of data is none, and what begins with a colon neither.
async function* eventsOf(response) {
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const lines = block.split('\n').map((line) => line.match(/^(\w*)(?:: ?(.*))?$/) ?? []);
      const values = (field) => lines.filter(([, name]) => name === field).map(([, , value = '']) => value);
      if (values('data').length > 0) yield { event: values('event').at(-1), data: values('data').join('\n') };
    }
  }
}

async function everyEventOf(response) {
  const events = [];
  for await (const event of eventsOf(response)) events.push(event);
  return events;
}

const headers = { accept: 'text/event-stream', 'accept-encoding': 'gzip, br, zstd' };

// POST, or GET with the request in the address.
function stream(method, query, variables = {}, more = {}) {
  const address = new URL('/graphql', server.url);
  if (method === 'POST') {
    const body = JSON.stringify({ query, variables });
    return fetch(address, { method, headers: { ...headers, 'content-type': 'application/json' }, body, ...more });
  }
  address.searchParams.set('query', query);
  address.searchParams.set('variables', JSON.stringify(variables));
  return fetch(address, { headers, ...more });
}

function assertHeaders(response) {
  assert.equal(response.status, 200);
  const header = (name) => response.headers.get(name);
  assert.match(header('content-type'), /^text\/event-stream(; ?charset=utf-8)?$/i);
  assert.equal(header('content-encoding'), null);
  assert.equal(header('content-length'), null);
  assert.match(header('cache-control'), /no-store|no-cache/);
  assert.equal(header('x-accel-buffering'), 'no');
}

for (const method of ['GET', 'POST']) {
  test(`by ${method}, a query is an event and the end`, async () => {
    const response = await stream(method, name, { slug: 'tool' });
    assertHeaders(response);
    const events = await everyEventOf(response);
    assert.deepEqual(events.map(({ event }) => event), ['next', 'complete']);
    assert.deepEqual(JSON.parse(events[0].data), named);
    assert.equal(events[1].data, '');
  });

  test(`by ${method}, the headers come when it has begun and each event when it happens`, async () => {
    const control = new AbortController();
    const start = await latest(server);
    // Without a revision it begins with the next change.
    const response = await stream(method, document, {}, { signal: control.signal });
    assertHeaders(response);
    const events = eventsOf(response);
    for (const number of [1, 2]) {
      await changes(server, `By ${method}, ${number}.`);
      const { value } = await events.next();
      assert.equal(value.event, 'next');
      assert.equal(revisionOf(JSON.parse(value.data)), start + number);
    }
    control.abort();
    await assert.rejects(events.next(), { name: 'AbortError' });
  });

  test(`by ${method}, a mistake is an event and the end`, async () => {
    const response = await stream(method, 'subscription { catalogueChanged { revisio } }');
    assertHeaders(response);
    const [next, ...others] = await everyEventOf(response);
    const { errors, ...more } = JSON.parse(next.data);
    assert.deepEqual([next.event, errors[0].extensions.code, more], ['next', 'GRAPHQL_VALIDATION_FAILED', {}]);
    assert.deepEqual(others, [{ event: 'complete', data: '' }]);
  });
}

test('a stream that a page of another site could open is refused', async () => {
  const query = encodeURIComponent('subscription { catalogueChanged { revision } }');
  const foreign = { ...headers, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' };
  const response = await new Promise((resolve, reject) => {
    get(`${server.url}/graphql?query=${query}`, { headers: foreign }, resolve).on('error', reject);
  });
  assert.equal(response.statusCode, 400);
  response.destroy();
});
