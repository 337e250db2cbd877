// The playground in a real browser: it loads without leaving the host, its examples run, and changes are told as they
// are made.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from './browser.mjs';
import { change } from './changes.mjs';
import { serve } from './program.mjs';

let server;
let browser;

before(async () => {
  server = await serve();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function open() {
  const page = await browser.newPage();
  const requests = [];
  const problems = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto(server.url);
  await page.waitForSelector('.graphiql-execute-button');
  return { page, requests, problems };
}

// A click before the editors are ready is lost, so the tab is chosen when they show something, and until it is.
async function choose(page, name) {
  const editor = page.locator('.graphiql-query-editor .view-lines');
  await editor.getByText('WhatTheCatalogueHolds').first().waitFor();
  const shown = editor.getByText(name).first();
  for (let tries = 0; tries < 20 && !(await shown.isVisible()); tries += 1) {
    await page.locator('.graphiql-tab-button', { hasText: name }).click();
    await page.waitForTimeout(250);
  }
  await shown.waitFor();
}

test('it loads with no request that leaves the host', async () => {
  const { page, requests, problems } = await open();
  await page.waitForTimeout(1000);
  const host = new URL(server.url).host;
  const elsewhere = requests.filter((url) => !url.startsWith('data:') && !url.startsWith('blob:') && new URL(url).host !== host);
  assert.deepEqual(elsewhere, []);
  assert.ok(requests.length >= 8, 'page, scripts, styles, examples, introspection');
  assert.deepEqual(problems, []);
  await page.close();
});

test('there is a tab for each worked example', async () => {
  const { page } = await open();
  const tabs = await page.locator('.graphiql-tab-button').allInnerTexts();
  const examples = await (await fetch(`${server.url}/playground/examples.json`)).json();
  assert.ok(examples.length >= 10);
  assert.equal(tabs.length, examples.length, tabs.join(', '));
  await page.close();
});

test('an example runs and shows data', async () => {
  const { page } = await open();
  const answered = page.waitForResponse(
    (response) => response.url().endsWith('/graphql') && (response.request().postData() ?? '').includes('ProtectionsOfDjango'),
  );
  await choose(page, 'ProtectionsOfDjango');
  await page.locator('.graphiql-execute-button').click();
  const answer = await (await answered).json();
  assert.equal(answer.errors, undefined);
  const shown = page.locator('.result-window');
  await shown.getByText('XSS_PROTECTION').first().waitFor();
  await shown.getByText('cross-site scripting').first().waitFor();
  await page.close();
});

test('a subscription shows each change when it is made, until it is stopped', async () => {
  const { page, requests, problems } = await open();
  await choose(page, 'WhatChangesNow');
  const stream = ({ url }) => url.includes('/graphql') && url.includes('WhatChangesNow');
  const begun = page.waitForResponse((response) => stream({ url: decodeURIComponent(response.url()) }));
  await page.locator('.graphiql-execute-button').click();
  const response = await begun;
  assert.match(await response.headerValue('content-type'), /^text\/event-stream/);
  const shown = page.locator('.result-window');
  for (const kind of ['CREATED', 'UPDATED']) {
    await change(server, 'a-tool-of-the-test', `It is ${kind}.`);
    await shown.getByText(kind).first().waitFor({ timeout: 5000 });
    await shown.getByText('a-tool-of-the-test').first().waitFor();
  }
  const ended = page.waitForEvent('requestfailed', (request) => request === response.request());
  await page.locator('.graphiql-execute-button').click();
  await ended;
  await change(server, 'another-tool-of-the-test', 'It is unheard.');
  await page.waitForTimeout(1200);
  assert.equal(await shown.getByText('another-tool-of-the-test').count(), 0);
  assert.equal(requests.filter((url) => url === `${server.url}/`).length, 1, 'the page was not loaded anew');
  assert.deepEqual(problems, []);
  await page.close();
});
