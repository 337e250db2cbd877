// What graphql-js says of a document, and what it answers with the data of our server.
import { execute, getOperationAST, getVariableValues, parse, specifiedRules, validate } from 'graphql';
import { RefusedLookup, resolveField } from './lookups.mjs';
import { schema as ours } from './schema.mjs';

// The verdict before anything is executed; null when nothing speaks against that.
export function refusal(one, variables, schema = ours) {
  let document;
  try {
    document = parse(one.document);
  } catch (error) {
    return { verdict: 'syntax', errors: [plain(error)] };
  }
  const invalid = validate(schema, document);
  if (invalid.length > 0) return { verdict: 'invalid', errors: invalid.map(plain) };
  const operation = getOperationAST(document, one.operation);
  if (!operation || !schema.getRootType(operation.operation)) return { verdict: 'operation', errors: [] };
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {});
  return errors ? { verdict: 'variables', errors: errors.map(plain) } : null;
}

// The names of the rules of which each by itself refuses the document.
export function brokenRules({ document }, schema = ours) {
  const parsed = parse(document);
  const broken = specifiedRules.filter((rule) => validate(schema, parsed, [rule]).length > 0);
  return broken.map((rule) => rule.name.replace(/Rule$/, '')).sort();
}

// The verdict as a case tells it. Only execution tells whether fields fail.
export function judged(one, schema = ours) {
  const taken = Object.fromEntries(one.takes.map(([name]) => [name, 'taken']));
  const refused = refusal(one, { ...one.variables, ...taken }, schema);
  if (refused?.verdict === 'invalid') return ['invalid', ...brokenRules(one, schema)].join(' ');
  return refused?.verdict ?? (one.verdict === 'fails' ? 'fails' : 'runs');
}

export async function reference(one, variables, lookups) {
  const refused = refusal(one, variables);
  if (refused) return refused;
  const result = await execute({
    schema: ours,
    document: parse(one.document),
    operationName: one.operation,
    variableValues: variables,
    contextValue: lookups,
    fieldResolver: resolveField,
  });
  const errors = result.errors ?? [];
  for (const { originalError } of errors) if (isOurs(originalError)) throw originalError;
  const verdict = errors.length > 0 ? 'fails' : 'runs';
  return { verdict, data: result.data, errors: errors.map(plain) };
}

// Faults of this suite must not pass for errors of fields.
function isOurs(error) {
  return [RefusedLookup, TypeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
}

function plain(error) {
  return JSON.parse(JSON.stringify(error));
}
