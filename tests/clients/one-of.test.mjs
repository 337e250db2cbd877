// The cases about `@oneOf` have a schema of their own. Here graphql-js judges them as they say; the tests of the guard
// see that it does the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildSchema, graphql } from 'graphql';
import { folder, knownDifferences, readCases } from './corpus/cases.mjs';
import { judged } from './corpus/reference.mjs';

const own = join(folder, 'one-of');
const schema = buildSchema(readFileSync(join(own, 'schema.graphql'), 'utf8'));
const cases = readCases(own);

for (const one of cases) {
  test(one.name, async () => {
    assert.equal(judged(one, schema), [one.verdict, ...one.rules].join(' '));
    const { document: source, variables: variableValues, operation: operationName } = one;
    const { data, errors } = await graphql({ schema, source, variableValues, operationName });
    const verdict = data === undefined ? 'refused' : errors ? 'fails' : 'runs';
    assert.equal(verdict, ['runs', 'fails'].includes(one.verdict) ? one.verdict : 'refused');
  });
}

test('each known difference is that of a case', () => {
  const names = cases.map(({ name }) => name);
  assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
  assert.deepEqual(Object.keys(knownDifferences(own)).filter((name) => !names.includes(name)), []);
});
