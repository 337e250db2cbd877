// The reference implementation reads our schema and agrees with our examples.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { buildClientSchema, buildSchema, getIntrospectionQuery, parse, validate, validateSchema } from 'graphql';
import { ask, committed, operations, serve } from './program.mjs';

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
  for (const { file, text } of operations) {
    assert.deepEqual(validate(schema, parse(text)), [], file);
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
