// The schema that is served is the committed one, change by change, and no operation uses what is deprecated.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { diff, validate } from '@graphql-inspector/core';
import { Kind, Source, buildASTSchema, buildClientSchema, buildSchema, getIntrospectionQuery, parse, visit } from 'graphql';
import { ask, committed, operations, serve } from './program.mjs';

let server;
before(async () => {
  server = await serve();
});
after(() => server.stop());

const schema = buildSchema(committed);
const sources = operations.map(({ file, text }) => new Source(text, file));

// The schema with `CatalogueCounts.facts` changed: null takes the field away.
function withFacts(change) {
  const ours = ({ name }) => name.value === 'CatalogueCounts';
  return buildASTSchema(
    visit(parse(committed), {
      ObjectTypeDefinition: (type) => (ours(type) ? undefined : false),
      InterfaceTypeDefinition: () => false,
      FieldDefinition: (field) => (field.name.value === 'facts' ? change(field) : undefined),
    }),
  );
}

const told = (changes) => changes.map(({ criticality, type, message }) => `${criticality.level} ${type}: ${message}`);

test('the schema that is served is the committed one', async () => {
  const everything = {
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  };
  const { data, errors } = await ask(server.url, getIntrospectionQuery(everything));
  assert.equal(errors, undefined);
  const served = buildClientSchema(data);
  // Introspection tells which input objects take one field, not the directive that says so.
  const oneOf = (schema) => Object.values(schema.getTypeMap()).filter(({ isOneOf }) => isOneOf).map(({ name }) => name);
  assert.deepEqual(oneOf(served).sort(), oneOf(schema).sort());
  const other = (changes) => told(changes.filter(({ type }) => !type.startsWith('DIRECTIVE_USAGE_INPUT_OBJECT')));
  assert.deepEqual(other(await diff(schema, served)), []);
  assert.deepEqual(other(await diff(served, schema)), []);
});

test('a field that is taken away is a breaking change, and the only one', async () => {
  const changes = told(await diff(schema, withFacts(() => null)));
  assert.deepEqual(changes, ["BREAKING FIELD_REMOVED: Field 'facts' was removed from object type 'CatalogueCounts'"]);
});

test('no operation is invalid or uses what is deprecated', () => {
  assert.ok(sources.length >= 10);
  assert.deepEqual(validate(schema, sources, { strictFragments: true, strictDeprecated: true }), []);
});

test('what is deprecated would be found', () => {
  const deprecated = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'deprecated' } };
  const schema = withFacts((field) => ({ ...field, directives: [deprecated] }));
  const found = validate(schema, sources, { strictDeprecated: true });
  const names = found.map(({ source }) => source.name);
  assert.deepEqual(names, ['01-what-the-catalogue-holds.graphql']);
  assert.equal(found[0].deprecated.length, 1);
});
