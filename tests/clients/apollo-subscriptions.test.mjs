// Apollo Client and the changes of the catalogue as they happen, over a WebSocket and over HTTP (multipart).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { CombinedGraphQLErrors, CombinedProtocolErrors, ServerError, gql } from '@apollo/client';
import { clientOver, live, noted, persisted, resuming, socketed } from './apollo/clients.mjs';
import { change, serveOnly, tool, write } from './changes.mjs';
import { changes, document, endsAtTheServer, first, hearAtOnce, latest, listen, revisionOf, until } from './live.mjs';

// In which nothing comes, when nothing is to come.
const QUIET = 1_300;

let server;
const sockets = [];

before(async () => {
  server = await serveOnly(tool('tool', 'Zero.'));
});

after(async () => {
  for (const socket of sockets) await socket.dispose();
  await server?.stop();
});

function overSocket(to, options) {
  const { socket, link } = socketed(to, options);
  sockets.push(socket);
  return link;
}

const transports = {
  'a WebSocket': (to) => clientOver(overSocket(to)),
  multipart: (to) => clientOver(noted(to).link),
};

// For each of them a tool that the tests of the other do not know.
const slugs = { 'a WebSocket': 'socket', multipart: 'multipart' };

const follow = (client, variables, query = document) => listen(live(client), query, variables);
const numbers = ({ events }) => events.map(revisionOf);
const subjects = ({ events }) => events.map(({ data }) => data.catalogueChanged.subject.slug);

for (const [name, connect] of Object.entries(transports)) {
  test(`over ${name} an event comes when it happens, without waiting for the next`, () =>
    hearAtOnce(live(connect(server)), server));

  test(`over ${name} it begins with the next change when it is not told where`, async () => {
    const next = (await latest(server)) + 1;
    const told = follow(connect(server));
    await wait(500);
    await changes(server, `Begun over ${name}.`);
    await first(1, told.events);
    assert.deepEqual(numbers(told), [next]);
    told.stop();
  });

  test(`over ${name} several events come in order, those of before and those of now`, async () => {
    const start = await latest(server);
    const [one, two, three] = [1, 2, 3].map((number) => `${slugs[name]}-${number}`);
    await write(server, { ...tool(one, 'One.'), ...tool(two, 'Two.') });
    const told = follow(connect(server), { after: start });
    await first(2, told.events);
    await write(server, { ...tool(one, 'First.'), ...tool(two, 'Second.'), ...tool(three, 'Third.') });
    await first(5, told.events);
    assert.deepEqual(numbers(told), [1, 2, 3, 4, 5].map((number) => start + number));
    assert.equal(told.events.filter(({ data }) => data.catalogueChanged.kind === 'CREATED').length, 3);
    assert.deepEqual(new Set(subjects(told)), new Set([one, two, three]));
    told.stop();
  });

  test(`over ${name} only what the filter lets through comes`, async () => {
    const told = follow(connect(server), { after: await latest(server), filter: { kind: ['CREATED'] } });
    await changes(server, `Filtered over ${name}.`);
    await change(server, slugs[name], 'New.');
    await first(1, told.events);
    await wait(200);
    assert.deepEqual(subjects(told), [slugs[name]]);
    told.stop();
  });

  test(`over ${name} an event alters what a query shows`, async () => {
    const client = connect(server);
    const query = gql`{ technology(slug: "tool") { id summary } }`;
    const shown = [];
    const showing = client.watchQuery({ query }).subscribe(({ data }) => data && shown.push(data.technology.summary));
    const told = follow(client, { after: await latest(server) });
    await first(1, shown);
    await changes(server, `Shown over ${name}.`);
    assert.equal((await first(2, shown))[1], `Shown over ${name}.`);
    showing.unsubscribe();
    told.stop();
  });

  test(`over ${name} the server ends what is stopped, and others go on`, (t) =>
    endsAtTheServer(t, (narrow) => live(connect(narrow))));

  test(`over ${name} what is refused is an error of GraphQL, and ends it`, async () => {
    const nope = 'subscription { catalogueChanged { nope } }';
    const cases = [
      [{}, nope, 'GRAPHQL_VALIDATION_FAILED', undefined],
      [{ after: 'x' }, document, 'BAD_USER_INPUT', undefined],
      [{ after: -1 }, document, 'BAD_USER_INPUT', 'after'],
      [{ after: 1_000_000 }, document, 'BAD_USER_INPUT', 'after'],
    ];
    for (const [variables, query, code, field] of cases) {
      const told = follow(connect(server), variables, query);
      const [error] = await first(1, told.errors);
      assert.ok(CombinedGraphQLErrors.is(error), `${JSON.stringify(variables)}: ${error}`);
      assert.deepEqual(error.errors.map(({ extensions }) => [extensions.code, extensions.field]), [[code, field]]);
      await until(() => told.completed > 0, told);
      assert.deepEqual(told.events, []);
    }
  });
}

test('a query is answered over a WebSocket too', async () => {
  const client = transports['a WebSocket'](server);
  const query = gql`query ($slug: String!) { technology(slug: $slug) { id slug } }`;
  const { data } = await client.query({ query, variables: { slug: 'tool' } });
  assert.equal(data.technology.slug, 'tool');
  const wrong = client.query({ query: gql`{ nope }` });
  await assert.rejects(wrong, ({ errors }) => errors[0].extensions.code === 'GRAPHQL_VALIDATION_FAILED');
});

test('when the last subscription ends, the WebSocket is closed in good order', async () => {
  const closed = [];
  const told = follow(clientOver(overSocket(server, { on: { closed: ({ code }) => closed.push(code) } })), { after: 0 });
  await first(1, told.events);
  told.stop();
  assert.deepEqual(await first(1, closed), [1000]);
});

test('a subscription by its hash comes over multipart', async () => {
  const start = (await latest(server)) - 1;
  for (const expected of [['GET', 'POST'], ['GET']]) {
    const { sent, link } = noted(server);
    const told = follow(clientOver(persisted(link)), { after: start });
    await until(() => told.events.length + told.errors.length > 0, told);
    assert.deepEqual([numbers(told), told.errors], [[start + 1], []]);
    assert.deepEqual(sent.map(({ method }) => method), expected);
    told.stop();
  }
});

test('signs of life are no events, and a server that has enough says so', async (t) => {
  const settings = { STACKFIT_KEEP_ALIVE_SECONDS: '1', STACKFIT_MAX_STREAMS: '2' };
  const full = await serveOnly(tool('saw', 'Cuts wood.'), settings);
  t.after(full.stop);
  const alive = Object.values(transports).map((connect) => follow(connect(full), { after: 0 }));
  await Promise.all(alive.map((told) => first(1, told.events)));
  const third = follow(transports.multipart(full), { after: 0 });
  await until(() => third.completed > 0, third);
  assert.ok(ServerError.is(third.errors[0]));
  assert.equal(third.errors[0].statusCode, 503);
  await wait(QUIET);
  assert.deepEqual(alive.map(({ errors, completed }) => [errors, completed]), [[[], 0], [[], 0]]);
  await change(full, 'saw', 'Cuts metal.');
  await Promise.all(alive.map((told) => first(2, told.events)));
  assert.deepEqual(alive.map(numbers), [[1, 2], [1, 2]]);
  for (const told of alive) told.stop();
});

test('when the server stops, a WebSocket is closed with 1012, and the changes go on at the next one', async () => {
  const closed = [];
  const link = resuming.concat(overSocket(server, { on: { closed: ({ code }) => closed.push(code) } }));
  const start = await latest(server);
  const told = follow(clientOver(link), { after: start });
  await changes(server, 'Before the stop.');
  await first(1, told.events);
  await server.halt();
  assert.deepEqual(await first(1, closed), [1012]);
  await changes(server, 'While it is stopped.');
  await server.resume();
  await changes(server, 'After the stop.');
  await first(3, told.events);
  assert.deepEqual(numbers(told), [1, 2, 3].map((number) => start + number));
  assert.deepEqual([told.errors, told.completed], [[], 0]);
  told.stop();
});

test('a client that does not try again is told that the server closed the WebSocket', async () => {
  const told = follow(clientOver(overSocket(server, { retryAttempts: 0 })), { after: (await latest(server)) - 1 });
  await first(1, told.events);
  await server.halt();
  await first(1, told.errors);
  await server.resume();
  assert.match(told.errors[0].message, /1012/);
  await until(() => told.completed > 0, told);
});

test('when the server stops, multipart ends with an error of the protocol, and the next goes on from there', async () => {
  const client = transports.multipart(server);
  const start = (await latest(server)) - 1;
  const told = follow(client, { after: start });
  await first(1, told.events);
  await server.halt();
  await until(() => told.completed > 0, told);
  const [error] = told.errors;
  assert.ok(CombinedProtocolErrors.is(error), String(error));
  assert.deepEqual(error.errors.map(({ extensions }) => extensions.code), ['SERVICE_UNAVAILABLE']);
  await changes(server, 'While multipart is stopped.');
  await server.resume();
  const again = follow(client, { after: numbers(told).at(-1) });
  await first(1, again.events);
  assert.deepEqual([...numbers(told), ...numbers(again)], [start + 1, start + 2]);
  again.stop();
});

test('when the server is killed, both say so, and a WebSocket goes on at the next one', async () => {
  const start = (await latest(server)) - 1;
  const lasting = follow(clientOver(resuming.concat(overSocket(server))), { after: start });
  const broken = follow(transports.multipart(server), { after: start });
  await Promise.all([first(1, lasting.events), first(1, broken.events)]);
  await server.halt('SIGKILL');
  await first(1, broken.errors);
  await server.resume();
  await changes(server, 'After the kill.');
  await first(2, lasting.events);
  assert.deepEqual(numbers(lasting), [start + 1, start + 2]);
  assert.equal(broken.events.length, 1);
  lasting.stop();
});
