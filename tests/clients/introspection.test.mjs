// Whatever document a tool introspects with, the server answers as the reference implementation does, and always alike.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  graphqlSync,
  lexicographicSortSchema,
  printSchema,
  validateSchema,
} from 'graphql';
import { ask, committed, here, serve } from './program.mjs';

let server;
before(async () => {
  server = await serve();
});
after(() => server.stop());

const reference = buildSchema(committed);
const options = ['descriptions', 'specifiedByUrl', 'directiveIsRepeatable', 'schemaDescription', 'inputValueDeprecation', 'oneOf'];
const everything = Object.fromEntries(options.map((name) => [name, true]));

async function introspect(document, variables) {
  const { data, errors } = await ask(server.url, document, variables);
  assert.equal(errors, undefined);
  const schema = buildClientSchema(data);
  assert.deepEqual(validateSchema(schema), []);
  return { data, schema };
}

// The texts are long, so only the first lines that differ are shown.
function alike(schema, expected) {
  const [one, other] = [schema, expected].map((each) => printSchema(lexicographicSortSchema(each)));
  if (one === other) return;
  const [given, wanted] = [one.split('\n'), other.split('\n')];
  const at = given.findIndex((line, index) => line !== wanted[index]);
  assert.deepEqual(given.slice(at, at + 5), wanted.slice(at, at + 5), `line ${at + 1}`);
}

async function agrees(document, variables) {
  const { schema } = await introspect(document, variables);
  const expected = graphqlSync({ schema: reference, source: document, variableValues: variables });
  alike(schema, buildClientSchema(expected.data));
}

for (let bits = 0; bits < 2 ** options.length; bits += 1) {
  const chosen = options.filter((_, index) => bits & (1 << index));
  const given = Object.fromEntries(options.map((name) => [name, chosen.includes(name)]));
  test(`the reference document with ${chosen.join(', ') || 'no option'}`, () => agrees(getIntrospectionQuery(given)));
}

const ofType = (levels) => (levels === 0 ? '' : `ofType { kind name ${ofType(levels - 1)} }`);

const classic = (levels) => `query IntrospectionQuery {
  __schema {
    queryType { name }
    mutationType { name }
    subscriptionType { name }
    types { ...FullType }
    directives { name description locations args { ...InputValue } }
  }
}
fragment FullType on __Type {
  kind name description
  fields(includeDeprecated: true) {
    name description isDeprecated deprecationReason
    args(includeDeprecated: true) { ...InputValue }
    type { ...TypeRef }
  }
  inputFields(includeDeprecated: true) { ...InputValue }
  interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
  possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ${ofType(levels)} }`;

const withVariables = `query Introspection($deprecated: Boolean = true, $described: Boolean!) {
  __schema {
    __typename
    queryType { __typename name kind }
    mutationType { __typename name kind }
    subscriptionType { __typename name kind }
    types {
      __typename kind name specifiedByURL description @include(if: $described)
      ... on __Type {
        fields(includeDeprecated: $deprecated) {
          __typename name isDeprecated deprecationReason description @include(if: $described)
          args(includeDeprecated: $deprecated) { ...Input }
          type { ...Reference }
        }
        inputFields(includeDeprecated: $deprecated) { ...Input }
        enumValues(includeDeprecated: $deprecated) {
          __typename name isDeprecated deprecationReason description @include(if: $described)
        }
      }
      interfaces { ...Reference }
      possibleTypes { ...Reference }
    }
    directives { __typename name locations isRepeatable description @include(if: $described) args { ...Input } }
  }
}
fragment Input on __InputValue { __typename name defaultValue type { ...Reference } description @include(if: $described) }
fragment Reference on __Type { __typename name kind ${ofType(5)} }`;

test('as Apollo and Rover ask', () => agrees(classic(7)));
test('as others ask, 9 levels deep', () => agrees(classic(9)));
test('as others ask, 12 levels deep', () => agrees(classic(12)));
test('as Relay asks, with descriptions', () => agrees(withVariables, { described: true }));
test('as Relay asks, without descriptions', () => agrees(withVariables, { described: false, deprecated: true }));

test('the tests of the guard weigh the reference document', () => {
  const file = join(here, '../../crates/guard/tests/introspection.graphql');
  assert.equal(readFileSync(file, 'utf8'), getIntrospectionQuery(everything));
});

test('what is introspected is the committed schema, descriptions included', async () => {
  const { schema } = await introspect(getIntrospectionQuery(everything));
  alike(schema, reference);
});

test('interfaces tell which interfaces they implement', async () => {
  const { schema } = await introspect(getIntrospectionQuery());
  const names = (name) => schema.getType(name).getInterfaces().map((type) => type.name);
  assert.deepEqual([names('Fact'), names('Technology'), names('Node')], [['Node'], ['Node'], []]);
});

test('each type of ours is told as the reference implementation tells it', async () => {
  const document = getIntrospectionQuery(everything);
  const { data } = await introspect(document);
  const expected = JSON.parse(JSON.stringify(graphqlSync({ schema: reference, source: document }).data));
  const told = (type) => ({ ...type, possibleTypes: type.possibleTypes?.map(({ name }) => name).sort() ?? null });
  const given = new Map(data.__schema.types.map((type) => [type.name, told(type)]));
  const builtIn = /^(__.*|String|Int|Float|ID|Boolean)$/;
  const wanted = expected.__schema.types.filter(({ name }) => !builtIn.test(name)).map(told);
  const wrong = wanted.filter((type) => !isDeepStrictEqual(given.get(type.name), type)).map(({ name }) => name);
  assert.deepEqual(wrong, []);
});

test('two fetches have the same bytes', async () => {
  const query = new URLSearchParams({ query: getIntrospectionQuery(everything) });
  const fetched = async () => Buffer.from(await (await fetch(`${server.url}/graphql?${query}`)).arrayBuffer());
  const [first, second] = [await fetched(), await fetched()];
  assert.ok(first.length > 100_000);
  assert.ok(first.equals(second));
});
