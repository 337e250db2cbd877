// graphql-ws, the client of the WebSocket protocol: queries and subscriptions over one socket, its pings, and how it
// comes back when the server was away.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { serveOnly, tool } from './changes.mjs';
import {
  changes,
  document,
  first,
  following,
  hearAtOnce,
  latest,
  listen,
  revisionOf,
  summaryOf,
  until,
} from './live.mjs';
import { operations } from './program.mjs';

let server;
before(async () => {
  // As short as they go, so that the pings of the server come into every test.
  const seconds = { STACKFIT_KEEP_ALIVE_SECONDS: '1', STACKFIT_WEBSOCKET_INIT_TIMEOUT_SECONDS: '1' };
  server = await serveOnly(tool('tool', 'Zero.'), seconds);
});
after(() => server?.stop());

const clients = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
});

// A client, and what happened to its sockets.
function connect(settings = {}) {
  const seen = { connecting: 0, messages: [], closed: [], pongs: 0 };
  const on = {
    connecting: () => (seen.connecting += 1),
    message: (message) => seen.messages.push(message),
    pong: (received) => (seen.pongs += received ? 1 : 0),
    closed: ({ code }) => seen.closed.push(code),
  };
  const url = `${server.url.replace('http', 'ws')}/graphql`;
  const client = createClient({ url, webSocketImpl: WebSocket, on, ...settings });
  clients.push(client);
  return { client, seen };
}

async function answer(client, query, variables, more) {
  const heard = listen(client, query, variables, more);
  await heard.done();
  assert.deepEqual(heard.errors, []);
  assert.equal(heard.events.length, 1);
  return heard.events[0];
}

const name = 'query Name($slug: String!) { technology(slug: $slug) { name } }';

test('a query and a subscription share one socket', async () => {
  const { client, seen } = connect();
  const subscription = listen(client, document, { after: await latest(server) });
  assert.deepEqual(await answer(client, name, { slug: 'tool' }), { data: { technology: { name: 'tool' } } });
  await changes(server, 'One socket.');
  const [event] = await first(1, subscription.events);
  const { revision, kind, subject } = event.data.catalogueChanged;
  assert.deepEqual([kind, subject.slug, subject.summary], ['UPDATED', 'tool', 'One socket.']);
  assert.equal(revision, await latest(server));
  assert.equal(seen.connecting, 1);
});

test('an event comes when its change is made, not with a later one', async () => {
  const { client } = connect();
  await hearAtOnce(client, server);
});

test('without a revision it begins with the next change', async () => {
  const { client } = connect();
  const before = await latest(server);
  const { events } = listen(client, document);
  // Changes are made until it is under way.
  for (let made = 1; events.length < 2; made += 1) await changes(server, `Next, ${made}.`);
  const [one, two] = events.map(revisionOf);
  assert.ok(one > before, `${one} after ${before}`);
  assert.equal(two, one + 1);
});

test('a quiet subscription stays open', async () => {
  const { client, seen } = connect();
  const { events, errors } = listen(client, document, { after: await latest(server) });
  await wait(3200);
  assert.deepEqual([events, errors], [[], []]);
  await changes(server, 'After a while.');
  await first(1, events);
  assert.deepEqual([seen.connecting, seen.closed], [1, []]);
});

test('several subscriptions each tell what was asked of them', async () => {
  const { client, seen } = connect();
  const start = await latest(server);
  const all = listen(client, document, { after: 0 });
  const updated = listen(client, document, { after: start, filter: { kind: ['UPDATED'] } });
  const terms = listen(client, document, { after: 0, filter: { changed: ['TERM'] } });
  const short = listen(client, 'subscription ($on: Int) { now: catalogueChanged(after: $on) { revision } }', { on: start });
  await changes(server, 'Several, one.', 'Several, two.');
  assert.deepEqual((await first(2, updated.events)).map(revisionOf), [start + 1, start + 2]);
  assert.deepEqual(await first(2, short.events), [start + 1, start + 2].map((revision) => ({ data: { now: { revision } } })));
  const revisions = (await first(start + 2, all.events)).map(revisionOf);
  assert.deepEqual(revisions, Array.from({ length: start + 2 }, (_, index) => index + 1));
  assert.deepEqual([terms.events, terms.errors], [[], []]);
  assert.equal(seen.connecting, 1);
});

for (const { file, text } of operations.filter(({ kind }) => kind === 'subscription')) {
  test(`${file} tells a change when it is made`, async () => {
    const { client } = connect();
    const { events } = listen(client, text);
    for (let turn = 0; events.length === 0 && turn < 20; turn += 1) {
      await changes(server, `For ${file}, turn ${turn}.`);
      await wait(300);
    }
    const [{ data, errors }] = await first(1, events);
    assert.deepEqual([Object.keys(data).length, errors], [1, undefined]);
  });
}

test('what the client completes is told no more, and the others are', async () => {
  const { client, seen } = connect();
  const start = await latest(server);
  const [one, other] = [listen(client, document, { after: start }), listen(client, document, { after: start })];
  await changes(server, 'Before.');
  await Promise.all([first(1, one.events), first(1, other.events)]);
  one.stop();
  await answer(client, name, { slug: 'tool' });
  seen.messages.length = 0;
  await changes(server, 'Afterwards.');
  await first(2, other.events);
  assert.deepEqual(seen.messages.map(({ type }) => type), ['next'], 'one message, for the one that goes on');
  assert.deepEqual([one.events.length, one.errors, one.completed], [1, [], 1]);
});

test('a lazy client connects with its first operation and closes after its last', async () => {
  const { client, seen } = connect();
  await wait(100);
  assert.equal(seen.connecting, 0);
  await answer(client, name, { slug: 'tool' });
  await until(() => seen.closed.length > 0, seen);
  assert.deepEqual([seen.connecting, seen.closed], [1, [1000]]);
});

test('a client that is not lazy keeps its socket from the start', async () => {
  const { client, seen } = connect({ lazy: false });
  await until(() => seen.messages.some(({ type }) => type === 'connection_ack'), seen);
  await answer(client, name, { slug: 'tool' });
  await answer(client, name, { slug: 'none' });
  assert.deepEqual([seen.connecting, seen.closed], [1, []]);
  await client.dispose();
  await until(() => seen.closed.length > 0, seen);
  assert.deepEqual(seen.closed, [1000]);
});

test('pings of the client are answered while it listens', async () => {
  const { client, seen } = connect({ keepAlive: 50 });
  const { events } = listen(client, document, { after: await latest(server) });
  await until(() => seen.pongs >= 3, seen);
  await changes(server, 'With pings.');
  await first(1, events);
  assert.deepEqual([seen.connecting, seen.closed], [1, []]);
});

test('a query takes variables and the name of its operation', async () => {
  const { client } = connect();
  const query = `${name} query Slug($slug: String!) { other: technology(slug: $slug) { slug } }`;
  const asked = (operationName) => answer(client, query, { slug: 'tool' }, { operationName });
  assert.deepEqual(await asked('Name'), { data: { technology: { name: 'tool' } } });
  assert.deepEqual(await asked('Slug'), { data: { other: { slug: 'tool' } } });
});

const mistakes = [
  ['{ technologies( }', undefined, 'GRAPHQL_PARSE_FAILED'],
  ['{ technologie { name } }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
  ['subscription { catalogueChanged { revisio } }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
  ['subscription { a: catalogueChanged { revision } b: catalogueChanged { revision } }', undefined, 'GRAPHQL_VALIDATION_FAILED'],
  [document, { after: 'one' }, 'BAD_USER_INPUT'],
  [name, {}, 'BAD_USER_INPUT'],
  ['query A { __typename } query B { __typename }', undefined, 'OPERATION_RESOLUTION_FAILURE'],
];

for (const [query, variables, code] of mistakes) {
  test(`${code} ends the operation and not the socket: ${query.split('\n')[0]}`, async () => {
    const { client, seen } = connect({ lazyCloseTimeout: 5000 });
    const wrong = listen(client, query, variables);
    await wrong.done();
    const [errors] = wrong.errors;
    assert.ok(Array.isArray(errors), `${errors}`);
    assert.ok(errors.every(({ message }) => typeof message === 'string' && message !== ''));
    assert.deepEqual(new Set(errors.map(({ extensions }) => extensions.code)), new Set([code]));
    assert.deepEqual(wrong.events, []);
    assert.deepEqual(await answer(client, name, { slug: 'tool' }), { data: { technology: { name: 'tool' } } });
    assert.deepEqual([seen.connecting, seen.closed], [1, []]);
  });
}

test('the error of a field comes with the data', async () => {
  const { client } = connect();
  const { data, errors } = await answer(client, '{ catalogue { licence } node(id: "none") { id } }');
  assert.equal(typeof data.catalogue.licence, 'string');
  assert.equal(data.node, null);
  assert.deepEqual(errors.map(({ path, extensions }) => [path, extensions.code]), [[['node'], 'BAD_USER_INPUT']]);
});

// A socket that sends what `change` makes of each message of the client.
function altered(change) {
  return class extends WebSocket {
    send(text) {
      for (const message of change(JSON.parse(text))) {
        super.send(typeof message === 'string' ? message : JSON.stringify(message));
      }
    }
  };
}

class WithoutProtocol extends WebSocket {
  constructor(url) {
    super(url);
  }
}

const subscribe = { id: '1', type: 'subscribe', payload: { query: name } };
const early = (message) => (message.type === 'connection_init' ? [subscribe] : [message]);
const fatal = {
  'no subprotocol': [4406, { webSocketImpl: WithoutProtocol }],
  'a message that is no JSON': [4400, { webSocketImpl: altered((message) => [message, 'nonsense']) }],
  'a message of no known type': [4400, { webSocketImpl: altered((message) => [message, { type: 'nonsense' }]) }],
  'an operation before the greeting': [4401, { webSocketImpl: altered(early) }],
  'two greetings': [4429, { webSocketImpl: altered((message) => [message, message]) }],
  'two operations of one id': [4409, { generateID: () => 'same' }],
};

for (const [what, [code, settings]] of Object.entries(fatal)) {
  test(`${what} closes with ${code}, and the client does not try again`, async () => {
    const { client, seen } = connect({ retryWait: () => wait(10), ...settings });
    const operations = [listen(client, document), listen(client, document)];
    await Promise.all(operations.map(({ done }) => done()));
    assert.deepEqual(operations.flatMap(({ errors }) => errors.map((error) => error.code)), [code, code]);
    assert.ok(operations[0].errors[0].reason.length > 0, 'the reason is told');
    await wait(100);
    assert.deepEqual([seen.connecting, seen.closed], [1, [code]]);
  });
}

test('a greeting that does not come closes with 4408, and the client tries again', async () => {
  let isMute = true;
  const webSocketImpl = altered((message) => (isMute ? [] : [message]));
  const { client, seen } = connect({ webSocketImpl, retryWait: async () => (isMute = false) });
  assert.deepEqual(await answer(client, name, { slug: 'tool' }), { data: { technology: { name: 'tool' } } });
  assert.deepEqual([seen.connecting, seen.closed[0]], [2, 4408]);
});

test('a page of another origin may not connect', async () => {
  const url = `${server.url.replace('http', 'ws')}/graphql`;
  const opened = (origin) =>
    new Promise((resolve) => {
      const socket = new WebSocket(url, 'graphql-transport-ws', { origin });
      socket.on('error', () => resolve(false));
      socket.on('open', () => {
        resolve(true);
        socket.close(1000);
      });
    });
  assert.equal(await opened(server.url), true);
  assert.equal(await opened('https://elsewhere.example'), false);
  assert.equal(await opened('null'), false);
});

test('the legacy subprotocol alone is not spoken', async () => {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-ws');
  const ended = await new Promise((resolve) => {
    socket.on('error', () => resolve('refused'));
    socket.on('close', (code) => resolve(code));
  });
  assert.ok(['refused', 4406].includes(ended), `${ended}`);
});

const retries = {
  'a client that waits until the server is back': (isBack) => ({ retryWait: () => isBack }),
  'a client that tries until the server is back': () => ({
    shouldRetry: () => true,
    retryWait: () => wait(50),
    retryAttempts: 1000,
  }),
};

for (const [what, settings] of Object.entries(retries)) {
  test(`${what} goes on without gap and repeat`, async () => {
    let back;
    const { client, seen } = connect(settings(new Promise((resolve) => (back = resolve))));
    const start = await latest(server);
    const subscriptions = [following(client, start), following(client, start)];
    await changes(server, 'Before the end.');
    await Promise.all(subscriptions.map(({ events }) => first(1, events)));
    await server.halt();
    await until(() => seen.closed.length > 0, seen);
    assert.equal(seen.closed[0], 1012);
    await changes(server, 'While it is away, one.', 'While it is away, two.');
    await server.resume();
    back();
    await changes(server, 'After it is back.');
    for (const { events, errors } of subscriptions) {
      assert.deepEqual((await first(4, events)).map(revisionOf), [1, 2, 3, 4].map((number) => start + number));
      assert.equal(summaryOf(events[3]), 'After it is back.');
      assert.deepEqual([events.length, errors], [4, []]);
    }
  });
}
