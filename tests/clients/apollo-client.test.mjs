// Apollo Client against the real program: its cache, its pages, its hashes in place of documents, its errors.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CombinedGraphQLErrors, ServerError, gql } from '@apollo/client';
import { buildSchema, isAbstractType } from 'graphql';
import { filter, firstValueFrom } from 'rxjs';
import { clientOver, noted, persisted, possibleTypes } from './apollo/clients.mjs';
import { serveOnly, tool } from './changes.mjs';
import { ask, committed, serve } from './program.mjs';

let server;

before(async () => {
  server = await serve();
});

after(() => server?.stop());

const connect = (options) => clientOver(noted(server, options).link);
const technology = gql`query ($slug: String!) { technology(slug: $slug) { id name summary } }`;
const django = { query: technology, variables: { slug: 'django' } };

test('the types of interfaces and unions are those of the schema', () => {
  const schema = buildSchema(committed);
  const abstract = Object.values(schema.getTypeMap()).filter((type) => isAbstractType(type));
  const expected = abstract.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name).sort()]);
  assert.deepEqual(possibleTypes, Object.fromEntries(expected));
});

// --- The cache

test('a technology that two queries tell of is one entry of the cache', async () => {
  const client = connect();
  const { data } = await client.query(django);
  const list = gql`{ frameworks(filter: { name: { equals: "Django" } }) { edges { node { id slug homepage } } } }`;
  await client.query({ query: list });
  const entries = Object.keys(client.cache.extract()).filter((key) => key.startsWith('Framework:'));
  assert.deepEqual(entries, [`Framework:${data.technology.id}`]);
  const fragment = gql`fragment Whole on Technology { name slug homepage }`;
  const whole = client.readFragment({ id: entries[0], fragment });
  assert.equal(whole.name, 'Django');
  assert.equal(whole.slug, 'django');
  assert.match(whole.homepage, /^https:/);
});

test('what the cache holds is not asked again', async () => {
  const { sent, link } = noted(server);
  const client = clientOver(link);
  await client.query(django);
  const { data } = await client.query(django);
  assert.equal(data.technology.name, 'Django');
  assert.equal(sent.length, 1);
});

test('a fragment on an interface is read as one of its types, and one on another type is not', async () => {
  const client = connect();
  const ids = ['django', 'python', 'supabase'].map((slug) => `${slug}: technology(slug: "${slug}") { ...Any }`);
  const query = gql`{ ${ids.join(' ')} }
    fragment Any on Node {
      id ... on Technology { name } ... on BaasProvider { hosting { model } } ... on Fact { code }
    }`;
  await client.query({ query });
  const nodes = Object.values(client.readQuery({ query }));
  assert.deepEqual(nodes.map(({ __typename, name }) => [__typename, name]), [
    ['Framework', 'Django'],
    ['Component', 'Python'],
    ['BaasProvider', 'Supabase'],
  ]);
  assert.deepEqual(nodes.map((node) => 'hosting' in node), [false, false, true]);
  assert.equal(nodes.some((node) => 'code' in node), false);
});

// --- Pages

const page = gql`query ($first: Int, $after: String, $last: Int, $before: String, $filter: TechnologyFilter) {
  frameworks(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    totalCount
    edges { cursor node { id slug } }
    pageInfo { hasNextPage endCursor hasPreviousPage startCursor }
  }
}`;
const slugs = ({ frameworks }) => frameworks.edges.map(({ node }) => node.slug);

async function everySlug() {
  const { data } = await ask(server.url, '{ frameworks(first: 100) { nodes { slug } } }');
  return data.frameworks.nodes.map(({ slug }) => slug);
}

// Fetches more for as long as `next` tells of which page, and tells what a page would show after each step.
async function whole(variables, next) {
  const list = connect().watchQuery({ query: page, variables });
  const watching = list.subscribe(() => {});
  const shown = [];
  for (let more = {}; more; more = next(shown.at(-1).frameworks.pageInfo)) {
    const before = shown.length && slugs(shown.at(-1)).length;
    if (before) await list.fetchMore({ variables: more });
    const longer = ({ data }) => data && slugs(data).length > before;
    shown.push((await firstValueFrom(list.pipe(filter(longer)))).data);
  }
  watching.unsubscribe();
  return shown.map(slugs);
}

test('pages that are fetched one after another become the whole list, without repeats', async () => {
  const shown = await whole({ first: 7 }, ({ hasNextPage, endCursor }) => hasNextPage && { after: endCursor });
  assert.deepEqual(shown.at(-1), await everySlug());
  assert.deepEqual(shown.slice(0, 3).map(({ length }) => length), [7, 14, 21]);
});

test('pages that are fetched backwards become the whole list too', async () => {
  const back = ({ hasPreviousPage, startCursor }) => hasPreviousPage && { before: startCursor };
  const shown = await whole({ last: 15 }, back);
  assert.deepEqual(shown.at(-1), await everySlug());
  assert.deepEqual(shown.slice(0, 2).map(({ length }) => length), [15, 30]);
});

test('lists with different filters are kept apart', async () => {
  const client = connect();
  const few = { first: 3, filter: { kind: ['CLIENT_FRAMEWORK'] } };
  const others = { first: 3, filter: { kind: ['BACKEND_FRAMEWORK'] } };
  await client.query({ query: page, variables: few });
  await client.query({ query: page, variables: others });
  const [one, two] = [few, others].map((variables) => slugs(client.readQuery({ query: page, variables })));
  assert.equal(new Set([...one, ...two]).size, 6);
});

// --- Hashes in place of documents

const methods = (sent) => sent.map(({ method, status }) => `${method} ${status}`);

test('the first client registers a document, and from then on its hash suffices by GET', async () => {
  const first = noted(server);
  await clientOver(persisted(first.link)).query(django);
  assert.deepEqual(methods(first.sent), ['GET 200', 'POST 200']);
  assert.ok(JSON.parse(first.sent[1].body).extensions.persistedQuery.sha256Hash);
  const second = noted(server);
  const { data } = await clientOver(persisted(second.link)).query(django);
  assert.equal(data.technology.name, 'Django');
  assert.deepEqual(methods(second.sent), ['GET 200']);
  assert.equal(new URL(second.sent[0].address).searchParams.get('query'), null);
});

test('a server that keeps no documents makes the client send them, without hashes', async (t) => {
  const forgetful = await serveOnly(tool('hammer', 'Drives nails.'), { STACKFIT_PERSISTED_QUERIES_BYTES: '0' });
  t.after(forgetful.stop);
  const { sent, link } = noted(forgetful);
  const client = clientOver(persisted(link));
  for (const slug of ['hammer', 'saw']) {
    const { data } = await client.query({ query: technology, variables: { slug } });
    assert.equal(data.technology?.name, slug === 'hammer' ? 'hammer' : undefined);
  }
  assert.deepEqual(sent.map(({ method }) => method), ['GET', 'POST', 'POST']);
  for (const { body } of sent.slice(1)) assert.equal(JSON.parse(body).extensions?.persistedQuery, undefined);
});

test('a document that is wrong is refused with its mistakes, hash or not', async () => {
  const { sent, link } = noted(server);
  const wrong = clientOver(persisted(link)).query({ query: gql`{ technologie { name } }` });
  await assert.rejects(wrong, (error) => code(error) === 'GRAPHQL_VALIDATION_FAILED');
  assert.equal(methods(sent).at(-1), 'POST 400');
});

// --- Errors

const code = (error) => CombinedGraphQLErrors.is(error) && error.errors[0].extensions.code;
const all = { errorPolicy: 'all' };

test('a document that does not fit the schema is an error of GraphQL, without data', async () => {
  const query = gql`{ technologie(slug: "django") { name } }`;
  const { data, error } = await connect().query({ query, ...all });
  assert.equal(data, undefined);
  assert.equal(code(error), 'GRAPHQL_VALIDATION_FAILED');
  assert.match(error.message, /^Cannot query field "technologie" on type "Query"\. Did you mean/);
  assert.deepEqual(error.errors[0].locations, [{ line: 2, column: 3 }]);
});

test('a wrong argument is an error of its field, which names the argument', async () => {
  await assert.rejects(connect().query({ query: page, variables: { first: 101 } }), ({ errors: [error] }) => {
    assert.deepEqual(error.path, ['frameworks']);
    assert.deepEqual(error.extensions, { code: 'BAD_USER_INPUT', field: 'first' });
    return true;
  });
});

test('with the policy "all" there is what did not fail, beside the errors', async () => {
  const query = gql`{
    good: technology(slug: "django") { id name }
    bad: technology(slug: "rails") { id name }
    worse: technology(slug: "koa") { id facts(first: -1) { totalCount } }
  }`;
  const { data, error } = await connect().query({ query, ...all });
  assert.equal(data.good.name, 'Django');
  assert.equal(data.bad, null);
  assert.equal(data.worse, null);
  assert.equal(code(error), 'BAD_USER_INPUT');
  assert.deepEqual(error.errors.map(({ path }) => path), [['worse', 'facts']]);
});

test('what the server does not take is an error of GraphQL when the client can read it as one', async () => {
  const { sent, link } = noted(server, { headers: { 'content-type': 'text/plain' } });
  await assert.rejects(clientOver(link).query(django), (error) => code(error) === 'BAD_REQUEST');
  assert.deepEqual(methods(sent), ['POST 415']);
});

test('another status is an error of the server, with the status and the text', async () => {
  const headers = { 'content-type': 'application/json', accept: 'text/html' };
  const html = connect({ fetch: (address, request) => fetch(address, { ...request, headers }) });
  const elsewhere = connect({ uri: `${server.url}/elsewhere` });
  for (const [client, status, text] of [[html, 406, /BAD_REQUEST/], [elsewhere, 404, /^/]]) {
    await assert.rejects(client.query(django), (error) => {
      assert.ok(ServerError.is(error));
      assert.match(error.bodyText, text);
      return error.statusCode === status;
    });
  }
});

test('a request that is too large is an error of the server that says why', async () => {
  const long = connect().query({ ...django, variables: { slug: 'x'.repeat(1_000_001) } });
  await assert.rejects(long, (error) => {
    assert.ok(ServerError.is(error));
    assert.equal(error.statusCode, 413);
    return JSON.parse(error.bodyText).errors[0].extensions.code === 'BAD_REQUEST';
  });
});

// --- Input objects of which one field is given, and unions

const recommend = gql`query ($input: RecommendationInput!) {
  recommend(input: $input) { ...Answer }
}
fragment Answer on RecommendationResult {
  ... on Recommendation { candidates { technology { id name } } }
  ... on NoFeasibleOption { __typename }
  ... on InvalidInput { problems { path message } }
}`;
const product = { useCases: ['TELECOM'], platforms: ['WEB'], team: [], first: 2, asOf: '2026-11-23' };
const asked = (constraints) => ({ query: recommend, variables: { input: { ...product, constraints } } });

test('an input object of which exactly one field is given is taken', async () => {
  const { data } = await connect().query(asked([{ kindIn: ['BACKEND_FRAMEWORK'] }]));
  assert.equal(data.recommend.__typename, 'Recommendation');
  assert.equal(data.recommend.candidates.length, 2);
  assert.equal(data.recommend.candidates[0].technology.__typename, 'Framework');
});

test('one of which two fields are given, or none, is refused with its place', async () => {
  for (const constraint of [{ kindIn: ['BAAS'], runsOn: 'nodejs' }, {}]) {
    await assert.rejects(connect().query(asked([constraint])), (error) => {
      assert.equal(code(error), 'BAD_USER_INPUT');
      assert.equal(error.errors[0].path, undefined);
      return /\$input\.constraints\.0/.test(error.message);
    });
  }
});

test('the answers of a union are told apart, from the server and from the cache', async () => {
  const client = connect();
  const cases = [
    [{ kindIn: ['BACKEND_FRAMEWORK'] }, 'Recommendation', 'candidates'],
    [{ languageIn: ['no-such-language'] }, 'InvalidInput', 'problems'],
  ];
  for (const [constraint, name, field] of cases) {
    const request = asked([constraint]);
    const { data } = await client.query(request);
    assert.equal(data.recommend.__typename, name);
    assert.deepEqual(Object.keys(data.recommend).sort(), ['__typename', field].sort());
    assert.deepEqual(client.readQuery(request), data);
  }
});
