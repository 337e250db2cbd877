// The reference implementation reads our schema and agrees with our examples.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildClientSchema, buildSchema, getIntrospectionQuery, parse, validate, validateSchema } from 'graphql';
import { ask, serve } from './program.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const committed = readFileSync(join(root, 'schema/schema.graphql'), 'utf8');
const operations = join(root, 'schema/operations');

let server;
before(async () => {
  server = await serve();
});
after(() => server.stop());

test('the committed schema is valid', () => {
  assert.deepEqual(validateSchema(buildSchema(committed)), []);
});

test('the examples are valid', () => {
  const schema = buildSchema(committed);
  for (const name of readdirSync(operations).filter((name) => name.endsWith('.graphql'))) {
    const document = parse(readFileSync(join(operations, name), 'utf8'));
    assert.deepEqual(validate(schema, document), [], name);
  }
});

test('real tools can introspect the server', async () => {
  const { data, errors } = await ask(server.url, getIntrospectionQuery());
  assert.equal(errors, undefined);
  const introspected = buildClientSchema(data);
  assert.deepEqual(validateSchema(introspected), []);
  const names = (schema) =>
    Object.keys(schema.getTypeMap())
      .filter((name) => !name.startsWith('__'))
      .sort();
  assert.deepEqual(names(introspected), names(buildSchema(committed)));
});
