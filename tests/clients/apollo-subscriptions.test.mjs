// Apollo Client and the changes of the catalogue as they happen, over a WebSocket and over HTTP (multipart).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CombinedGraphQLErrors, CombinedProtocolErrors, ServerError, gql } from '@apollo/client';
import { clientOver, noted, persisted, resuming, socketed } from './apollo/clients.mjs';
import { change, serveOnly, tool, write } from './changes.mjs';
import { ask } from './program.mjs';

// A server notices an import within a second.
const SOON = 2_000;
// In which nothing comes, when nothing is to come.
const QUIET = 1_300;

const changes = gql`subscription ($after: Int, $filter: ChangeFilter) {
  catalogueChanged(after: $after, filter: $filter) {
    id revision kind subject { id ... on Technology { slug summary } }
  }
}`;

let server;
const sockets = [];

before(async () => {
  server = await serveOnly(tool('hammer', 'Drives nails.'));
});

after(async () => {
  for (const socket of sockets) await socket.dispose();
  await server?.stop();
});

function overSocket(options) {
  const { socket, link } = socketed(server, options);
  sockets.push(socket);
  return link;
}

const transports = {
  'a WebSocket': () => clientOver(overSocket()),
  multipart: () => clientOver(noted(server).link),
};

// For each of them a tool that the tests of the other do not know.
const slugs = { 'a WebSocket': 'socket', multipart: 'multipart' };

async function revision() {
  const { data } = await ask(server.url, '{ catalogue { revision } }');
  return data.catalogue.revision;
}

// Subscribes, and keeps what comes, with the time of it.
function follow(client, variables = {}, query = changes) {
  const told = { events: [], times: [], errors: [], ended: false };
  const following = client.subscribe({ query, variables }).subscribe({
    next: ({ data, error }) => {
      if (error) told.errors.push(error);
      if (!data) return;
      told.times.push(Date.now());
      told.events.push(data.catalogueChanged);
    },
    error: (error) => told.errors.push(error),
    complete: () => (told.ended = true),
  });
  return Object.assign(told, { stop: () => following.unsubscribe() });
}

async function until(holds, what, limit = SOON) {
  for (const end = Date.now() + limit; !holds(); await sleep(10)) {
    if (Date.now() > end) assert.fail(`${what} within ${limit} ms`);
  }
}

const arrived = (told, count) => until(() => told.events.length >= count, `${count} events`);
const numbers = ({ events }) => events.map((event) => event.revision);

for (const [name, connect] of Object.entries(transports)) {
  test(`over ${name} an event comes when it happens, without waiting for the next`, async () => {
    const told = follow(connect(), { after: await revision() });
    await sleep(200);
    await change(server, 'hammer', `Heard over ${name}.`);
    const written = Date.now();
    await arrived(told, 1);
    assert.ok(told.times[0] - written < SOON);
    assert.equal(told.events[0].kind, 'UPDATED');
    assert.deepEqual([told.events[0].subject.slug, told.events[0].subject.summary], ['hammer', `Heard over ${name}.`]);
    await sleep(QUIET);
    assert.equal(told.events.length, 1);
    told.stop();
  });

  test(`over ${name} it begins with the next change when it is not told where`, async () => {
    const next = (await revision()) + 1;
    const told = follow(connect());
    await sleep(500);
    await change(server, 'hammer', `Begun over ${name}.`);
    await arrived(told, 1);
    assert.deepEqual(numbers(told), [next]);
    told.stop();
  });

  test(`over ${name} several events come in order, those of before and those of now`, async () => {
    const start = await revision();
    const [one, two, three] = [1, 2, 3].map((number) => `${slugs[name]}-${number}`);
    await write(server, { ...tool(one, 'One.'), ...tool(two, 'Two.') });
    const told = follow(connect(), { after: start });
    await arrived(told, 2);
    await write(server, { ...tool(one, 'First.'), ...tool(two, 'Second.'), ...tool(three, 'Third.') });
    await arrived(told, 5);
    assert.deepEqual(numbers(told), [1, 2, 3, 4, 5].map((number) => start + number));
    assert.equal(told.events.filter(({ kind }) => kind === 'CREATED').length, 3);
    assert.deepEqual(new Set(told.events.map(({ subject }) => subject.slug)), new Set([one, two, three]));
    told.stop();
  });

  test(`over ${name} only what the filter lets through comes`, async () => {
    const told = follow(connect(), { after: await revision(), filter: { kind: ['CREATED'] } });
    await change(server, 'hammer', `Filtered over ${name}.`);
    await change(server, slugs[name], 'New.');
    await arrived(told, 1);
    await sleep(200);
    assert.deepEqual(told.events.map(({ subject }) => subject.slug), [slugs[name]]);
    told.stop();
  });

  test(`over ${name} an event alters what a query shows`, async () => {
    const client = connect();
    const query = gql`{ technology(slug: "hammer") { id summary } }`;
    const shown = [];
    const showing = client.watchQuery({ query }).subscribe(({ data }) => data && shown.push(data.technology.summary));
    const told = follow(client, { after: await revision() });
    await until(() => shown.length === 1, 'an answer');
    await change(server, 'hammer', `Shown over ${name}.`);
    await until(() => shown.length === 2, 'a new summary');
    assert.equal(shown[1], `Shown over ${name}.`);
    showing.unsubscribe();
    told.stop();
  });

  test(`over ${name} nothing comes once it is ended, and others go on`, async () => {
    const client = connect();
    const start = { after: await revision() };
    const [one, other] = [follow(client, start), follow(client, start)];
    await change(server, 'hammer', `Ended over ${name}: one.`);
    await Promise.all([arrived(one, 1), arrived(other, 1)]);
    one.stop();
    await change(server, 'hammer', `Ended over ${name}: two.`);
    await arrived(other, 2);
    assert.equal(one.events.length, 1);
    assert.deepEqual(one.errors, []);
    other.stop();
  });

  test(`over ${name} what is refused is an error of GraphQL, and ends it`, async () => {
    const nope = gql`subscription { catalogueChanged { nope } }`;
    const cases = [
      [{}, nope, 'GRAPHQL_VALIDATION_FAILED', undefined],
      [{ after: 'x' }, changes, 'BAD_USER_INPUT', undefined],
      [{ after: -1 }, changes, 'BAD_USER_INPUT', 'after'],
      [{ after: 1_000_000 }, changes, 'BAD_USER_INPUT', 'after'],
    ];
    for (const [variables, query, code, field] of cases) {
      const told = follow(connect(), variables, query);
      await until(() => told.errors.length > 0, 'an error');
      const [error] = told.errors;
      assert.ok(CombinedGraphQLErrors.is(error), `${JSON.stringify(variables)}: ${error}`);
      assert.deepEqual(error.errors.map(({ extensions }) => [extensions.code, extensions.field]), [[code, field]]);
      await until(() => told.ended, 'an end');
      assert.deepEqual(told.events, []);
    }
  });
}

test('a query is answered over a WebSocket too', async () => {
  const client = transports['a WebSocket']();
  const query = gql`query ($slug: String!) { technology(slug: $slug) { id slug } }`;
  const { data } = await client.query({ query, variables: { slug: 'hammer' } });
  assert.equal(data.technology.slug, 'hammer');
  const wrong = client.query({ query: gql`{ nope }` });
  await assert.rejects(wrong, ({ errors }) => errors[0].extensions.code === 'GRAPHQL_VALIDATION_FAILED');
});

test('when the last subscription ends, the WebSocket is closed in good order', async () => {
  const closed = [];
  const told = follow(clientOver(overSocket({ on: { closed: ({ code }) => closed.push(code) } })), { after: 0 });
  await arrived(told, 1);
  told.stop();
  await until(() => closed.length > 0, 'an end');
  assert.deepEqual(closed, [1000]);
});

test('ending it over multipart ends the request', async () => {
  const { sent, link } = noted(server);
  const told = follow(clientOver(link), { after: await revision() });
  await until(() => sent.length === 1, 'an answer');
  assert.equal(sent[0].status, 200);
  assert.equal(sent[0].signal.aborted, false);
  told.stop();
  assert.equal(sent[0].signal.aborted, true);
});

test('a subscription by its hash comes over multipart', async () => {
  const start = (await revision()) - 1;
  for (const expected of [['GET', 'POST'], ['GET']]) {
    const { sent, link } = noted(server);
    const told = follow(clientOver(persisted(link)), { after: start });
    await until(() => told.events.length + told.errors.length > 0, 'an event');
    assert.deepEqual([numbers(told), told.errors], [[start + 1], []]);
    assert.deepEqual(sent.map(({ method }) => method), expected);
    told.stop();
  }
});

test('signs of life are no events, and a server that has enough says so', async () => {
  const settings = { STACKFIT_KEEP_ALIVE_SECONDS: '1', STACKFIT_MAX_STREAMS: '2' };
  const full = await serveOnly(tool('saw', 'Cuts wood.'), settings);
  const socket = socketed(full);
  sockets.push(socket.socket);
  const alive = [socket.link, noted(full).link].map((link) => follow(clientOver(link), { after: 0 }));
  await Promise.all(alive.map((told) => arrived(told, 1)));
  const third = follow(clientOver(noted(full).link), { after: 0 });
  await until(() => third.ended, 'an end');
  assert.ok(ServerError.is(third.errors[0]));
  assert.equal(third.errors[0].statusCode, 503);
  await sleep(QUIET);
  assert.deepEqual(alive.map(({ errors, ended }) => [errors, ended]), [[[], false], [[], false]]);
  await change(full, 'saw', 'Cuts metal.');
  await Promise.all(alive.map((told) => arrived(told, 2)));
  assert.deepEqual(alive.map(numbers), [[1, 2], [1, 2]]);
  for (const told of alive) told.stop();
  await full.stop();
});

test('when the server stops, a WebSocket is closed with 1012, and the changes go on at the next one', async () => {
  const closed = [];
  const link = resuming.concat(overSocket({ on: { closed: ({ code }) => closed.push(code) } }));
  const start = await revision();
  const told = follow(clientOver(link), { after: start });
  await change(server, 'hammer', 'Before the stop.');
  await arrived(told, 1);
  await server.halt();
  assert.equal(closed[0], 1012);
  await change(server, 'hammer', 'While it is stopped.');
  await server.resume();
  await change(server, 'hammer', 'After the stop.');
  await arrived(told, 3);
  assert.deepEqual(numbers(told), [1, 2, 3].map((number) => start + number));
  assert.deepEqual([told.errors, told.ended], [[], false]);
  told.stop();
});

test('a client that does not try again is told that the server closed the WebSocket', async () => {
  const told = follow(clientOver(overSocket({ retryAttempts: 0 })), { after: (await revision()) - 1 });
  await arrived(told, 1);
  await server.halt();
  await until(() => told.errors.length > 0, 'an error');
  await server.resume();
  assert.match(told.errors[0].message, /1012/);
  assert.equal(told.ended, true);
});

test('when the server stops, multipart ends with an error of the protocol, and the next goes on from there', async () => {
  const client = transports.multipart();
  const start = (await revision()) - 1;
  const told = follow(client, { after: start });
  await arrived(told, 1);
  await server.halt();
  await until(() => told.ended, 'an end');
  const [error] = told.errors;
  assert.ok(CombinedProtocolErrors.is(error), String(error));
  assert.deepEqual(error.errors.map(({ extensions }) => extensions.code), ['SERVICE_UNAVAILABLE']);
  await change(server, 'hammer', 'While multipart is stopped.');
  await server.resume();
  const again = follow(client, { after: numbers(told).at(-1) });
  await arrived(again, 1);
  assert.deepEqual([...numbers(told), ...numbers(again)], [start + 1, start + 2]);
  again.stop();
});

test('when the server is killed, both say so, and a WebSocket goes on at the next one', async () => {
  const start = (await revision()) - 1;
  const lasting = follow(clientOver(resuming.concat(overSocket())), { after: start });
  const broken = follow(transports.multipart(), { after: start });
  await Promise.all([arrived(lasting, 1), arrived(broken, 1)]);
  await server.halt('SIGKILL');
  await until(() => broken.errors.length > 0, 'an error');
  await server.resume();
  await change(server, 'hammer', 'After the kill.');
  await arrived(lasting, 2);
  assert.deepEqual(numbers(lasting), [start + 1, start + 2]);
  assert.equal(broken.events.length, 1);
  lasting.stop();
});
