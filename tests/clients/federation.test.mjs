// The schema composes with other subgraphs, by both libraries that do so, and a gateway serves what they compose from
// the real program and the others.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { composeServices as composeWithApollo } from '@apollo/composition';
import { composeServices as composeWithGuild } from '@theguild/federation-composition';
import { buildSchema, isInputObjectType, isIntrospectionType, parse } from 'graphql';
import { startGateway } from './federation/gateway.mjs';
import { serveOthers } from './federation/subgraphs.mjs';
import { ask, committed, serve } from './program.mjs';

const libraries = { '@apollo/composition': composeWithApollo, '@theguild/federation-composition': composeWithGuild };

let server;
let sdl;
let provider;
let others;

before(async () => {
  server = await serve();
  const { data } = await ask(server.url, '{ _service { sdl } baasProvider(slug: "supabase") { id } }');
  sdl = data._service.sdl;
  provider = data.baasProvider.id;
  others = await serveOthers(provider);
});

after(async () => {
  await server?.stop();
  for (const other of others ?? []) other.stop();
});

const ours = () => ({ name: 'stackfit', typeDefs: parse(sdl), url: `${server.url}/graphql` });

test('the program prints what gateways are told', () => {
  const printed = execFileSync(process.env.STACKFIT_PROGRAM, ['schema', 'print', '--federation'], { encoding: 'utf8' });
  assert.equal(printed, sdl);
});

// What of a type must not get lost on the way into a supergraph.
function kept(type) {
  const fields = Object.values(type.getFields?.() ?? type.getValues?.() ?? {});
  const one = ({ name, description, args = [], deprecationReason }) => [
    name,
    description,
    deprecationReason,
    args.map((argument) => [argument.name, argument.description]),
  ];
  return { description: type.description, fields: fields.map(one).sort() };
}

for (const [library, compose] of Object.entries(libraries)) {
  describe(library, () => {
    let alone;
    let together;
    let gateway;

    before(async () => {
      alone = compose([ours()]);
      together = compose([ours(), ...others]);
      gateway = await startGateway(together.supergraphSdl);
    });
    after(() => gateway?.stop());

    const answered = async (text, variables) => {
      const { data, errors } = await gateway.query(text, variables);
      assert.equal(errors, undefined);
      return data;
    };
    const askedOfUs = () => gateway.asked.filter(({ url }) => url.startsWith(server.url));

    test('it composes alone and with others', () => {
      for (const composed of [alone, together]) {
        assert.deepEqual(composed.errors ?? [], []);
        assert.ok(composed.supergraphSdl.length > 100_000);
      }
    });

    test('clients of the gateway see all that our own clients see', () => {
      const own = buildSchema(committed);
      const seen = gateway.schema;
      const types = Object.values(own.getTypeMap()).filter((type) => !isIntrospectionType(type) && !type.name.startsWith('_'));
      assert.ok(types.length > 100);
      // The others add to these.
      const extended = ['Query', 'Framework', 'BaasProvider', 'Component', 'Technology'];
      for (const type of types.filter(({ name }) => !extended.includes(name))) {
        assert.deepEqual(kept(seen.getType(type.name)), kept(type), type.name);
      }
      for (const name of extended) {
        const missing = Object.keys(own.getType(name).getFields()).filter((field) => !seen.getType(name).getFields()[field]);
        assert.deepEqual(missing.filter((field) => !field.startsWith('_')), []);
      }
      assert.equal(seen.getType('_Service'), undefined);
    });

    test('things of others lead to ours by slug, by id and by code', async () => {
      const { team } = await answered(`{
        team(name: "web") {
          framework { name pros { code } }
          provider { slug name }
          why { __typename code verdict }
          members { nodes pageInfo { hasNextPage } }
        }
      }`);
      assert.equal(team.framework.name, 'Django');
      assert.ok(team.framework.pros.some(({ code }) => code === 'F88'));
      assert.deepEqual(team.provider, { slug: 'supabase', name: 'Supabase' });
      assert.deepEqual(team.why, [{ __typename: 'Trait', code: 'phoenix.con.few-developers', verdict: 'STATED' }]);
      assert.deepEqual(team.members, { nodes: ['Ada'], pageInfo: { hasNextPage: false } });
      assert.equal(askedOfUs().length, 3);
    });

    test('our things lead to those of others', async () => {
      const { frameworks } = await answered(`{
        frameworks(filter: { name: { contains: "django" } }) { nodes { slug label teams { name } } pageInfo { hasNextPage } }
      }`);
      const django = { slug: 'django', label: 'Django (django)', teams: [{ name: 'web' }, { name: 'shop' }] };
      assert.deepEqual(frameworks.nodes.filter(({ slug }) => slug === 'django'), [django]);
    });

    test('there and back again', async () => {
      const { technology } = await answered(`{
        technology(slug: "django") { ... on Framework { teams { framework { id name } } } }
      }`);
      const { id } = technology.teams[0].framework;
      assert.equal(id, 'AVen-iP4J1A6o2tdNnYVilk');
      assert.deepEqual(technology.teams, Array(2).fill({ framework: { id, name: 'Django' } }));
    });

    test('technologies are known to others whatever their kind', async () => {
      const { licenses } = await answered(`{
        licenses { technology { __typename name licenses ... on Framework { teams { name } } } }
      }`);
      assert.deepEqual(licenses.map(({ technology }) => technology), [
        { __typename: 'Component', name: 'Python', licenses: 6 },
        { __typename: 'BaasProvider', name: 'Supabase', licenses: 8 },
        { __typename: 'Framework', name: 'Django', licenses: 6, teams: [{ name: 'web' }, { name: 'shop' }] },
      ]);
      assert.equal((await answered('{ technology(slug: "go") { licenses } }')).technology.licenses, 2);
    });

    test('of fifty things those that are not there are null', async () => {
      const { data } = await ask(server.url, '{ frameworks(first: 40) { nodes { slug name } } }');
      const known = data.frameworks.nodes;
      assert.equal(known.length, 40);
      // Others call them so, or take what is no framework for one.
      const unknown = [...Array(9).keys()].map((number) => ({ slug: `nothing-${number}` })).concat({ slug: 'python' });
      const all = [...known, ...unknown].sort((one, other) => (one.slug < other.slug ? -1 : 1));
      const slugs = all.map(({ slug }) => slug);
      const { frameworksOf } = await answered('query ($slugs: [String!]!) { frameworksOf(slugs: $slugs) { name } }', { slugs });
      assert.deepEqual(frameworksOf, all.map(({ name }) => (name ? { name } : null)));
      assert.deepEqual(askedOfUs().map(({ variables }) => variables.representations.length), [50]);
    });

    test('a mistake of others is told, and the rest is answered', async () => {
      const ids = [provider, 'no id', 'AVen-iP4J1A6o2tdNnYVilk', 'AVen-iP4J1A6o2tdNnYVAAA', provider];
      const { data, errors } = await gateway.query('query ($ids: [ID!]!) { providersOf(ids: $ids) { name } }', { ids });
      const supabase = { name: 'Supabase' };
      assert.deepEqual(data.providersOf, [supabase, null, null, null, supabase]);
      assert.equal(errors.length, 2);
      assert.match(errors[0].message, /representations\[1\]\.id: is not an id of this API/);
      assert.match(errors[1].message, /representations\[2\]\.id: is the id of a thing of type Framework, not BaasProvider/);
    });

    test('input objects of which one field is given are so through the gateway', async () => {
      assert.ok(isInputObjectType(gateway.schema.getType('ConstraintInput')));
      const text = `query ($constraint: ConstraintInput!) {
        recommend(input: { useCases: [TELECOM], platforms: [WEB], team: [], constraints: [$constraint] }) { __typename }
      }`;
      const one = { kindIn: ['BACKEND_FRAMEWORK'] };
      assert.deepEqual(await answered(text, { constraint: one }), { recommend: { __typename: 'Recommendation' } });
      const { errors } = await gateway.query(text, { constraint: { ...one, languageIn: ['python'] } });
      // One of the libraries keeps the directive, so that the gateway itself refuses.
      assert.match(errors[0].message, /exactly one field, not 2|Exactly one key must be specified/);
    });
  });
}

test('where the schema is not told, entities are', async (t) => {
  const closed = await serve({ STACKFIT_INTROSPECTION: 'false' });
  t.after(closed.stop);
  const told = await ask(closed.url, '{ _service { sdl } }');
  assert.equal(told.data, undefined);
  assert.match(told.errors[0].message, /introspection is switched off/);
  const hidden = { ...ours(), url: `${closed.url}/graphql` };
  const gateway = await startGateway(composeWithGuild([hidden, ...others]).supergraphSdl);
  t.after(gateway.stop);
  const { data } = await gateway.query('{ team(name: "web") { framework { name } } }');
  assert.equal(data.team.framework.name, 'Django');
});
