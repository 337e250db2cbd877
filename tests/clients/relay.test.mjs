// Relay's own compiler takes our schema and operations, what it writes is answered, and each list can be paged.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { buildSchema, getNamedType, isObjectType, parse, print, visit } from 'graphql';
import { ask, committed, here, operations, schemaFile, serve } from './program.mjs';

let server;
let project;

// Relay demands that names begin with the module's, and that they say what they name.
const operationName = (name, kind) => `examples${name}${kind[0].toUpperCase()}${kind.slice(1)}`;
const fragmentName = (name) => ({ ...name, value: `examples_${name.value}` });

function renamed({ text }) {
  return visit(parse(text), {
    OperationDefinition: ({ name, operation, ...rest }) => ({
      ...rest,
      operation,
      name: { ...name, value: operationName(name.value, operation) },
    }),
    FragmentDefinition: ({ name, ...rest }) => ({ ...rest, name: fragmentName(name) }),
    FragmentSpread: ({ name, ...rest }) => ({ ...rest, name: fragmentName(name) }),
  });
}

const examples = operations.flatMap((operation) =>
  renamed(operation).definitions.map((definition) => `graphql\`${print(definition)}\`;`),
);

before(async () => {
  server = await serve();
  project = mkdtempSync(join(tmpdir(), 'stackfit-relay-'));
  cpSync(join(here, 'relay'), join(project, 'src'), { recursive: true });
  writeFileSync(join(project, 'src/examples.js'), `import { graphql } from 'relay-runtime';\n${examples.join('\n')}`);
  cpSync(schemaFile, join(project, 'schema.graphql'));
  const config = { src: 'src', schema: 'schema.graphql', language: 'javascript', eagerEsModules: false };
  writeFileSync(join(project, 'relay.config.json'), JSON.stringify(config));
  execFileSync('node', [join(here, 'node_modules/relay-compiler/cli.js'), 'relay.config.json'], {
    cwd: project,
    stdio: 'pipe',
  });
});

after(async () => {
  await server?.stop();
  if (project) rmSync(project, { recursive: true });
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

// Relay adds ids and type names: what is left without them must be what was asked for.
function within(asked, given) {
  if (Array.isArray(asked)) return asked.map((each, index) => within(each, given[index]));
  if (asked === null || typeof asked !== 'object') return given;
  return Object.fromEntries(Object.keys(asked).map((key) => [key, within(asked[key], given?.[key])]));
}

const queries = operations.filter(({ kind }) => kind === 'query');

for (const { file, text, kind, name, variables } of queries) {
  test(`what Relay makes of ${file} is answered as the original is`, async () => {
    const { data, errors } = await ask(server.url, compiled(operationName(name, kind)), variables);
    assert.equal(errors, undefined);
    const original = await ask(server.url, text, variables);
    assert.deepEqual(within(original.data, data), original.data);
  });
}

test('what Relay makes of a subscription says the same', () => {
  const subscriptions = operations.filter(({ kind }) => kind === 'subscription');
  assert.ok(subscriptions.length > 0);
  for (const { kind, name } of subscriptions) assert.match(compiled(operationName(name, kind)), /^subscription \w+ {/);
});

// `changes` goes on by revision: it takes no cursor.
const lists = Object.values(buildSchema(committed).getQueryType().getFields()).filter(({ type, args }) => {
  const named = getNamedType(type);
  const takesCursor = args.some((argument) => argument.name === 'after' && `${argument.type}` === 'String');
  return isObjectType(named) && named.name.endsWith('Connection') && takesCursor;
});

// What a list cannot be asked without.
const needed = { search: 'query: "python", ' };

for (const { name } of lists) {
  test(`${name} goes on after the cursor that it gave`, async () => {
    const query = `query ($after: String) {
      ${name}(${needed[name] ?? ''}first: 2, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } }
    }`;
    const first = await ask(server.url, query);
    assert.equal(first.errors, undefined);
    const { edges, pageInfo } = first.data[name];
    assert.equal(pageInfo.hasNextPage, true);
    assert.equal(pageInfo.endCursor, edges[1].cursor);
    const next = await ask(server.url, query, { after: edges[0].cursor });
    assert.equal(next.errors, undefined);
    assert.deepEqual(next.data[name].edges[0], edges[1]);
  });
}
