// The audits of GraphQL over HTTP by the reference server's authors find nothing to warn of.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { serverAudits } from 'graphql-http';
import { serve } from './program.mjs';

let server;
before(async () => {
  server = await serve();
});
after(() => server.stop());

const audits = serverAudits({ url: () => `${server.url}/graphql`, fetchFn: fetch });

test('there are audits', () => {
  assert.ok(audits.length > 50, `${audits.length}`);
});

for (const { id, name, fn } of audits) {
  test(`${id} ${name}`, async () => {
    const { status, reason, response } = await fn();
    assert.equal(status, 'ok', `${reason}: ${response && JSON.stringify(await shown(response))}`);
  });
}

async function shown(response) {
  const { status, headers } = response;
  const body = response.bodyUsed ? '(already read)' : await response.text();
  return { status, type: headers.get('content-type'), body };
}
