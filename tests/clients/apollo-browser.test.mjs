// Apollo Client in a real browser: the example as it is built, and a page of another origin that may read.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { builtExample, pageOfTheTests, previewed } from './apollo/pages.mjs';
import { launch } from './browser.mjs';
import { change, serveOnly, write } from './changes.mjs';
import { document, latest } from './live.mjs';

// A server notices an import within a second.
const SOON = 2_000;
// Longer than a client waits before it connects again.
const LONG = 30_000;

let pages;
let server;
let example;
let browser;

// A framework as a file, and as many of them as make three pages.
const framework = (slug, summary) => ({
  [`technologies/${slug}.yaml`]: `slug: ${slug}\nkind: BACKEND_FRAMEWORK\nname: The ${slug}\nsummary: ${summary}\n`,
});
const slugs = Array.from({ length: 25 }, (_, index) => `framework-${String(index).padStart(2, '0')}`);
const frameworks = Object.assign({}, ...slugs.map((slug) => framework(slug, 'As it was.')));

before(async () => {
  pages = await pageOfTheTests();
  const settings = { STACKFIT_CORS_ORIGINS: `["http://127.0.0.1:${pages.port}"]` };
  [server, browser] = await Promise.all([serveOnly(frameworks, settings), launch(), builtExample()]);
  example = await previewed(server);
});

after(async () => {
  await browser?.close();
  await example?.stop();
  await server?.stop();
  await pages?.stop();
});

async function visit(url) {
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(url);
  return { page, problems };
}

// The page of the tests, on the origin that may read or on another one.
async function open(host = '127.0.0.1') {
  const { page, problems } = await visit(`http://${host}:${pages.port}/?server=${server.url}`);
  await page.waitForFunction('window.apollo');
  return { page, problems };
}

const query = (page, ...request) => page.evaluate((all) => window.apollo.query(...all), request);

// Has the page try to connect while nobody listens.
async function inVain(page) {
  const failed = new Promise((resolve) => page.once('websocket', (socket) => socket.once('socketerror', resolve)));
  await page.clock.fastForward(LONG);
  await failed;
}

// --- The example

test('the example shows the list page by page, to its end', async () => {
  const { page, problems } = await visit(example.url);
  for (let shown = 10; shown < slugs.length; shown += 10) {
    await page.getByText(`${shown} of ${slugs.length} frameworks`).waitFor();
    await page.getByRole('button', { name: 'More' }).click();
  }
  await page.getByText(`${slugs.length} of ${slugs.length} frameworks`).waitFor();
  assert.equal(await page.getByRole('button').count(), 0);
  const names = await page.locator('ul b').allInnerTexts();
  assert.equal(new Set(names).size, slugs.length);
  assert.deepEqual(problems, []);
  await page.close();
});

test('the example shows a change when it happens, also in the list, and goes on at the next server', async () => {
  const { page, problems } = await visit(example.url);
  await page.clock.install();
  await page.getByText('10 of').waitFor();
  const start = await latest(server);
  await write(server, framework('framework-03', 'Changed once.'));
  await page.getByText('Changed once.').waitFor({ timeout: SOON });
  assert.deepEqual(await page.locator('ol li').allInnerTexts(), [`${start + 1}: UPDATED The framework-03`]);
  await server.halt();
  await inVain(page);
  await write(server, framework('framework-03', 'Changed twice.'));
  await server.resume();
  await page.clock.fastForward(LONG);
  await page.getByText('Changed twice.').waitFor();
  const told = [2, 1].map((count) => `${start + count}: UPDATED The framework-03`);
  assert.deepEqual(await page.locator('ol li').allInnerTexts(), told);
  assert.deepEqual(problems, []);
  await page.close();
});

// --- A page of another origin

test('a page reads from another origin, and a technology is one entry of its cache', async () => {
  const { page, problems } = await open();
  const one = await query(page, 'http', '{ technology(slug: "framework-07") { id name } }');
  assert.equal(one.data.technology.name, 'The framework-07');
  const list = '{ frameworks(filter: { name: { equals: "The framework-07" } }) { edges { cursor node { id slug } } } }';
  await query(page, 'http', list);
  const fragment = 'fragment Whole on Technology { name slug }';
  const entry = ['http', `Framework:${one.data.technology.id}`, fragment];
  const whole = await page.evaluate((all) => window.apollo.read(...all), entry);
  assert.deepEqual([whole.name, whole.slug], ['The framework-07', 'framework-07']);
  assert.deepEqual(problems, []);
  await page.close();
});

test('pages that are fetched one after another become the whole list', async () => {
  const { page } = await open();
  const list = `query ($first: Int!, $after: String) {
    frameworks(first: $first, after: $after) { edges { cursor node { id slug } } pageInfo { hasNextPage endCursor } }
  }`;
  const { frameworks } = await page.evaluate((text) => window.apollo.whole(text, 9), list);
  assert.deepEqual(frameworks.edges.map(({ node }) => node.slug), slugs);
  await page.close();
});

test('a hash in place of a document goes by GET, after the document was registered once', async () => {
  const text = 'query ByHash($slug: String!) { technology(slug: $slug) { id name } }';
  for (const expected of [['GET', 'POST'], ['GET']]) {
    const { page } = await open();
    const sent = [];
    page.on('request', (request) => request.url().startsWith(server.url) && sent.push(request.method()));
    const { data, error } = await query(page, 'hashed', text, { slug: 'framework-01' });
    assert.equal(error, undefined);
    assert.equal(data.technology.name, 'The framework-01');
    assert.deepEqual(sent.filter((method) => method !== 'OPTIONS'), expected);
    await page.close();
  }
});

const partly = `{
  good: technology(slug: "framework-01") { id name }
  bad: technology(slug: "framework-02") { id facts(first: -1) { totalCount } }
}`;

test('errors arrive as what they are', async () => {
  const { page } = await open();
  const cases = [
    ['{ technologie { name } }', 'GRAPHQL_VALIDATION_FAILED', undefined],
    [partly, 'BAD_USER_INPUT', 'first'],
  ];
  for (const over of ['http', 'hashed', 'socket']) {
    for (const [text, code, field] of cases) {
      const { data, error } = await query(page, over, text);
      assert.equal(error.ofGraphQL, true, `${over}: ${error.message}`);
      assert.deepEqual(error.errors.map(({ extensions }) => [extensions.code, extensions.field]), [[code, field]]);
      assert.equal(data?.good.name, field && 'The framework-01');
      assert.equal(data?.bad, field && null);
    }
  }
  await page.close();
});

// Follows the changes in the page; what was heard can be read as `window.apollo.heard`.
const follow = (page, ...request) =>
  page.evaluate((all) => void (window.apollo.heard = window.apollo.follow(...all)), request);
const heard = (page) => page.evaluate(() => window.apollo.heard);

function hear(page, what, count) {
  const enough = ([key, least]) => window.apollo.heard[key].length >= least;
  return page.waitForFunction(enough, [what, count], { timeout: SOON, polling: 20 });
}

const transports = { socket: 'a WebSocket', http: 'multipart', hashed: 'multipart, by a hash,' };

for (const [over, name] of Object.entries(transports)) {
  test(`over ${name} each event comes when it happens, without waiting for the next`, async () => {
    const { page, problems } = await open();
    const start = await latest(server);
    await follow(page, over, document, { after: start });
    await page.waitForTimeout(200);
    const written = [];
    for (const count of [1, 2, 3]) {
      await change(server, 'hammer', `${count} over ${name}`);
      written.push(Date.now());
      await hear(page, 'events', count);
    }
    const { events, times, errors } = await heard(page);
    assert.deepEqual(events.map((event) => event.revision), [1, 2, 3].map((count) => start + count));
    assert.equal(events[0].subject.slug, 'hammer');
    for (const [index, time] of times.entries()) assert.ok(time - written[index] < SOON);
    assert.deepEqual([errors, problems], [[], []]);
    await page.close();
  });

  test(`over ${name} what is refused is an error of GraphQL`, async () => {
    const { page } = await open();
    await follow(page, over, 'subscription { catalogueChanged { nope } }');
    await hear(page, 'errors', 1);
    const { events, errors } = await heard(page);
    assert.deepEqual(errors.map(({ ofGraphQL, errors: [error] }) => [ofGraphQL, error.extensions.code]), [
      [true, 'GRAPHQL_VALIDATION_FAILED'],
    ]);
    assert.deepEqual(events, []);
    await page.close();
  });
}

test('a page of an origin that is not named neither reads nor listens', async () => {
  const { page } = await open('localhost');
  const refused = await page.evaluate(() => window.apollo.query('http', '{ catalogue { revision } }'));
  assert.equal(refused.data, undefined);
  assert.equal(refused.error.message, 'Failed to fetch');
  for (const over of ['socket', 'http']) {
    await follow(page, over, document, { after: 0 });
    await hear(page, 'errors', 1);
    assert.deepEqual((await heard(page)).events, []);
  }
  await page.close();
});
