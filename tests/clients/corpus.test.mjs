// A corpus of documents, good and bad, gets the same verdicts and the same answers from our server as from graphql-js.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { knownDifferences, readCases } from './corpus/cases.mjs';
import { differences, sameLocations } from './corpus/compare.mjs';
import { Lookups } from './corpus/lookups.mjs';
import { client, ours } from './corpus/ours.mjs';
import { judged, reference } from './corpus/reference.mjs';
import { Tally } from './corpus/tally.mjs';
import { serve } from './program.mjs';

const cases = readCases();
const known = knownDifferences();

describe('the corpus, to graphql-js alone', () => {
  test('has many cases, of which every other is good', () => {
    const good = cases.filter(({ verdict }) => ['runs', 'fails'].includes(verdict)).length;
    assert.ok(cases.length >= 330, `${cases.length}`);
    assert.ok(good / cases.length > 0.4 && good / cases.length < 0.6, `${good} of ${cases.length}`);
  });

  test('has a name for each case, and knows the cases that differ', () => {
    const names = cases.map(({ name }) => name);
    assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
    assert.deepEqual(Object.keys(known).filter((name) => !names.includes(name)), []);
  });

  test('is judged as it says', () => {
    const wrong = cases.filter((one) => judged(one) !== [one.verdict, ...one.rules].join(' '));
    assert.deepEqual(wrong.map((one) => `${one.name}: ${judged(one)}`), []);
  });
});

describe('the corpus, to graphql-js and to our server', () => {
  const tally = new Tally();
  const withData = [];
  let server;
  let ask;
  let lookups;
  before(async () => {
    server = await serve();
    ask = client(server.url);
    lookups = new Lookups(ask);
  });
  after(() => server?.stop());

  for (const one of cases) {
    test(one.name, async () => {
      const variables = await variablesOf(one, ask);
      const theirs = await reference(one, variables, lookups);
      const our = await ours(one, one.takes.length > 0 ? JSON.stringify(variables) : one.variablesText, ask);
      const different = differences(theirs, our);
      tally.add(one, different, located(theirs, our));
      if (our.hasData) withData.push(one.name);
      assert.equal(theirs.verdict, one.verdict, JSON.stringify(theirs.errors));
      if (known[one.name]) assert.notDeepEqual(different, [], 'is a known difference, and agrees');
      else assert.deepEqual(different, []);
    });
  }

  test('a refusal has no data', () => assert.deepEqual(withData, []));

  test('how many cases agree', (context) => {
    for (const line of [...tally.lines(), `values asked for: ${lookups.size}`]) context.diagnostic(line);
  });
});

function located(theirs, our) {
  if (theirs.errors.length === 0 || our.errors.length === 0) return undefined;
  return { kind: theirs.verdict === 'fails' ? 'failed' : 'refused', same: sameLocations(theirs, our) };
}

async function variablesOf(one, ask) {
  const taken = one.takes.map(async ([name, document]) => [name, onlyValue((await ask({ document })).body.data)]);
  return one.takes.length > 0 ? { ...one.variables, ...Object.fromEntries(await Promise.all(taken)) } : one.variables;
}

function onlyValue(data) {
  return data !== null && typeof data === 'object' ? onlyValue(Object.values(data)[0]) : data;
}
