// Relay's own compiler takes our schema, and the queries that it writes are answered.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ask, serve } from './program.mjs';

const here = dirname(fileURLToPath(import.meta.url));
let server;
let project;

before(async () => {
  server = await serve();
  project = mkdtempSync(join(tmpdir(), 'stackfit-relay-'));
  cpSync(join(here, 'relay'), join(project, 'src'), { recursive: true });
  cpSync(join(here, '../../schema/schema.graphql'), join(project, 'schema.graphql'));
  const config = { src: 'src', schema: 'schema.graphql', language: 'javascript', eagerEsModules: false };
  writeFileSync(join(project, 'relay.config.json'), JSON.stringify(config));
  execFileSync('node', [join(here, 'node_modules/relay-compiler/cli.js'), 'relay.config.json'], {
    cwd: project,
    stdio: 'pipe',
  });
});

after(async () => {
  rmSync(project, { recursive: true });
  await server.stop();
});

function compiled(name) {
  const artifact = readFileSync(join(project, `src/__generated__/${name}.graphql.js`), 'utf8');
  const text = artifact.match(/"text": (".*")/);
  return JSON.parse(text[1]);
}

test('a list goes on page by page', async () => {
  const query = compiled('operationsListPaginationQuery');
  const slugs = [];
  let cursor = null;
  for (;;) {
    const { data, errors } = await ask(server.url, query, { count: 7, cursor });
    assert.equal(errors, undefined);
    slugs.push(...data.frameworks.edges.map((edge) => edge.node.slug));
    if (!data.frameworks.pageInfo.hasNextPage) break;
    cursor = data.frameworks.pageInfo.endCursor;
  }
  assert.equal(new Set(slugs).size, slugs.length);
  assert.ok(slugs.includes('django') && slugs.includes('ruby-on-rails'));
});

test('a fragment is fetched again by the id of its node', async () => {
  const first = await ask(server.url, compiled('operationsListQuery'), { count: 1 });
  const { id } = first.data.frameworks.edges[0].node;
  const { data, errors } = await ask(server.url, compiled('operationsCardRefetchQuery'), { id, count: 2 });
  assert.equal(errors, undefined);
  assert.equal(data.node.__typename, 'Framework');
  assert.equal(data.node.id, id);
  assert.equal(data.node.facts.edges.length <= 2, true);
});
