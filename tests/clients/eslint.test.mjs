// The linter for GraphQL finds nothing in the schema, as a schema for Relay too, and nothing in the operations.
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import plugin from '@graphql-eslint/eslint-plugin';
import { ESLint } from 'eslint';
import { committed, operations, schemaFile } from './program.mjs';

const folder = dirname(schemaFile);
const recommended = (name) => plugin.configs[`flat/${name}`].rules;

// They are parts of what holds them: they have no identity of their own, and nobody asks for them again.
const values = [
  '_Service',
  'Candidate',
  'CapabilityCell',
  'CapabilityMatrix',
  'CapabilityRow',
  'Catalogue',
  'CatalogueCounts',
  'CatalogueCoverage',
  'ChecklistAnswer',
  'ChecklistItem',
  'ChecklistResult',
  'ChecklistStanding',
  'Citation',
  'ComparableFigures',
  'ComparableGroup',
  'Comparison',
  'ComparisonCell',
  'ComparisonRow',
  'Contribution',
  'CostCliff',
  'CostComparison',
  'CostCrossover',
  'CostEstimate',
  'CostKnowledge',
  'CostLine',
  'Coverage',
  'Erratum',
  'EvidenceRate',
  'Exclusion',
  'Facet',
  'FacetBucket',
  'FieldChange',
  'GrowthCheck',
  'HealthReason',
  'Highlight',
  'Hosting',
  'InputProblem',
  'InvalidInput',
  'KindCoverage',
  'ListingEntry',
  'LockInDimensionReport',
  'LockInReport',
  'Market',
  'MigrationRoute',
  'MigrationStep',
  'NoFeasibleOption',
  'NotComparable',
  'OutcomeDirectionCount',
  'OutcomeRate',
  'OutcomeShare',
  'PackageIdentifier',
  'PageInfo',
  'PercentRange',
  'PlanCost',
  'Projection',
  'ProjectionGap',
  'ProjectionLine',
  'RankShare',
  'RateCaveat',
  'Recommendation',
  'Relation',
  'Sensitivity',
  'StackAudit',
  'StackConflict',
  'StackItem',
  'SupportEvent',
  'SupportHealth',
  'SupportPhase',
  'TextFragment',
  'UpgradeSuggestion',
];

const schemaRules = {
  ...recommended('schema-recommended'),
  '@graphql-eslint/strict-id-in-types': ['error', { exceptions: { types: values, suffixes: ['Connection', 'Edge'] } }],
};

// Lists that are short are plain lists; those that go on page by page are connections.
const relayRules = {
  ...recommended('schema-relay'),
  '@graphql-eslint/relay-edge-types': [
    'error',
    { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
  ],
};

// People read the examples, and to them things have slugs and codes, not ids.
const operationRules = { ...recommended('operations-recommended'), '@graphql-eslint/require-selections': 'off' };

const excepted = [
  // `changed` is another word than the name of its type.
  'Field "changed" starts with the name of the parent type "Change"',
  // As outcomes and filters call it.
  'Field "metric" starts with the name of the parent type "Metric"',
  // Beside `currency` and `per`, no other word says it.
  'Field "price" starts with the name of the parent type "Price"',
  // It is a field of the interface.
  'Field "statement" starts with the name of the parent type "Statement"',
  // It goes forward only, as connections may.
  'Field `changes` must contain an argument `last`, that return Int.',
  'Field `changes` must contain an argument `before`, that return String or Scalar.',
];

// The specification of federations gives these names.
const lines = committed.split('\n');
const isOfGateways = ({ ruleId, line }) =>
  ruleId === '@graphql-eslint/naming-convention' && /(: |\b(scalar|union|type) |^\t)\[*_(service|entities|Any|Entity|Service)\b/.test(lines[line - 1]);

function linter(rules) {
  const languageOptions = {
    parser: plugin.parser,
    parserOptions: { graphQLConfig: { schema: schemaFile, documents: join(folder, 'operations/*.graphql') } },
  };
  const overrideConfig = [
    { files: ['**/*.graphql'], plugins: { '@graphql-eslint': plugin }, languageOptions, rules },
  ];
  return new ESLint({ cwd: folder, overrideConfigFile: true, overrideConfig });
}

function told(results) {
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, line, message }) => ({ file: filePath.slice(folder.length + 1), line, ruleId, message })),
  );
}

test('nothing is wrong with the schema but what is excepted', async () => {
  const messages = [
    ...told(await linter(schemaRules).lintFiles(['schema.graphql'])),
    ...told(await linter(relayRules).lintFiles(['schema.graphql'])),
  ];
  const unexpected = messages.filter((one) => !excepted.includes(one.message) && !isOfGateways(one));
  assert.deepEqual(unexpected, []);
  const stale = excepted.filter((text) => !messages.some(({ message }) => message === text));
  assert.deepEqual(stale, [], 'exceptions that nothing needs any more');
});

test('nothing is wrong with the operations', async () => {
  assert.ok(operations.length >= 10);
  assert.deepEqual(told(await linter(operationRules).lintFiles(['operations/*.graphql'])), []);
});

test('something is found where something is wrong', async () => {
  const rulesOf = async (rules, text, filePath) =>
    new Set(told(await linter(rules).lintText(text, { filePath })).map(({ ruleId }) => ruleId?.split('/')[1]));
  const unnamed = await rulesOf(operationRules, '{ catalogue { nothing } }', join(folder, 'operations/unnamed.graphql'));
  assert.deepEqual(unnamed, new Set(['no-anonymous-operations', 'fields-on-correct-type']));
  const renamed = committed.replace('type Term implements', 'type term implements').replace('"""\nA term', '"""\n');
  assert.ok((await rulesOf(schemaRules, renamed, schemaFile)).has('naming-convention'));
});
