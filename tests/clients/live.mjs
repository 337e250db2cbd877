// What the tests of live clients share: a document, changes to hear of, and the waiting for what was heard.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { inspect } from 'node:util';
import { change, serveOnly, tool } from './changes.mjs';
import { ask } from './program.mjs';

export const document = `subscription Changes($after: Int, $filter: ChangeFilter) {
  catalogueChanged(after: $after, filter: $filter) {
    revision
    kind
    subject {
      id
      ... on Technology {
        slug
        summary
      }
    }
  }
}`;

export const revisionOf = ({ data }) => data.catalogueChanged.revision;
// What a subject is now, which is what it was then only while nothing has changed it since.
export const summaryOf = ({ data }) => data.catalogueChanged.subject.summary;

export async function latest({ url }) {
  const { data } = await ask(url, '{ catalogue { revision } }');
  return data.catalogue.revision;
}

// Makes one change for each summary, all of the same tool.
export async function changes(server, ...summaries) {
  for (const summary of summaries) await change(server, 'tool', summary);
}

export async function until(condition, seen, seconds = 8) {
  const end = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`after ${seconds} s: ${JSON.stringify(seen)}`);
    await wait(20);
  }
}

export async function first(number, items) {
  await until(() => items.length >= number, items);
  return items.slice(0, number);
}

// What a client hears of one operation. graphql-ws and graphql-sse are asked alike; the others through an adapter.
export function listen(client, query, variables, more) {
  const heard = { events: [], errors: [], completed: 0 };
  const stop = client.subscribe(
    { query, variables, ...more },
    {
      next: (event) => heard.events.push(event),
      error: (error) => heard.errors.push(error),
      complete: () => (heard.completed += 1),
    },
  );
  const done = () => until(() => heard.completed + heard.errors.length > 0, heard);
  return Object.assign(heard, { stop, done });
}

// Each event comes when its change is made.
export async function hearAtOnce(client, server) {
  const { events, stop } = listen(client, document, { after: await latest(server) });
  for (const summary of ['At once, one.', 'At once, two.', 'At once, three.']) {
    const before = events.length;
    await changes(server, summary);
    await until(() => events.length > before, events, 3);
    assert.equal(summaryOf(events.at(-1)), summary);
  }
  assert.equal(events.length, 3);
  stop();
}

// A subscription that goes on after the last event that was heard, whenever the client asks anew.
export function following(client, after) {
  const variables = { after };
  const heard = listen(client, document, variables);
  const { push } = heard.events;
  heard.events.push = (event) => {
    variables.after = revisionOf(event);
    return push.call(heard.events, event);
  };
  return heard;
}

// Room for two: streams, or operations of one WebSocket.
const narrow = { STACKFIT_MAX_STREAMS: '2', STACKFIT_MAX_OPERATIONS_PER_WEBSOCKET: '2' };
const refusal = /SERVICE_UNAVAILABLE|MAX_SOCKET_OPERATIONS_EXCEEDED|\b503\b/;

// What a client stops, the server ends, and not only the client: where there is room for two, a third is let in once
// one of them is stopped, and not before. `connect` makes a client of a server.
export async function endsAtTheServer(t, connect) {
  const server = await serveOnly(tool('tool', 'Zero.'), narrow);
  t.after(server.stop);
  const client = connect(server);
  let count = 0;
  // Some clients send but once what is asked twice.
  const subscribe = () => listen(client, document.replace('Changes', `Changes${(count += 1)}`), { after: 0 });
  const [one, other] = [subscribe(), subscribe()];
  await Promise.all([first(1, one.events), first(1, other.events)]);
  const third = await decided(subscribe());
  assert.deepEqual([third.events, third.errors.length], [[], 1]);
  assert.match(inspect(third.errors, { depth: 6 }), refusal);
  one.stop();
  let next = await decided(subscribe());
  for (const end = Date.now() + 8000; next.errors.length > 0 && Date.now() < end; await wait(50)) {
    next = await decided(subscribe());
  }
  assert.deepEqual(next.errors, []);
  await changes(server, 'Afterwards.');
  await Promise.all([first(2, next.events), first(2, other.events)]);
  assert.deepEqual([one.events.length, one.errors, other.errors], [1, [], []]);
  for (const { stop } of [other, next]) stop();
}

async function decided(heard) {
  await until(() => heard.events.length + heard.errors.length > 0, heard);
  return heard;
}
