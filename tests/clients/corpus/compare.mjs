// In what two answers to one document differ, in a few words each. Messages may differ, and so may the errors that a
// refusal lists.

// The codes with which our server refuses, as its documentation tells, by the verdict of graphql-js.
const codes = {
  syntax: ['GRAPHQL_PARSE_FAILED'],
  invalid: ['GRAPHQL_VALIDATION_FAILED'],
  // The reference lets documents through whose kind of operation the schema does not have, and refuses to run them.
  operation: ['OPERATION_RESOLUTION_FAILURE', 'GRAPHQL_VALIDATION_FAILED'],
  variables: ['BAD_USER_INPUT'],
};

export function differences(theirs, ours) {
  if (theirs.verdict in codes) return ofRefusals(theirs, ours);
  if (ours.verdict === 'refused') return [`verdict: refused (${ours.codes}), not ${theirs.verdict}: ${told(ours)}`];
  return [...ofData(theirs.data, ours.data), ...ofPaths(theirs.errors, ours.errors)];
}

export function sameLocations(theirs, ours) {
  return JSON.stringify(locations(theirs)) === JSON.stringify(locations(ours));
}

function ofRefusals(theirs, ours) {
  if (ours.verdict !== 'refused') return [`verdict: ${ours.verdict}, not ${theirs.verdict}: ${told(theirs)}`];
  const right = ours.codes.length > 0 && ours.codes.every((code) => codes[theirs.verdict].includes(code));
  return right ? [] : [`code: ${ours.codes}, not ${codes[theirs.verdict]}: ${told(ours)}`];
}

function ofData(theirs, ours) {
  const [expected, found] = [JSON.stringify(theirs), JSON.stringify(ours)];
  if (expected === found) return [];
  const kind = JSON.stringify(sorted(theirs)) === JSON.stringify(sorted(ours)) ? 'order of keys' : 'data';
  return [`${kind}: ${found}, not ${expected}`];
}

function ofPaths(theirs, ours) {
  const [expected, found] = [paths(theirs), paths(ours)].map((list) => JSON.stringify(list));
  return expected === found ? [] : [`paths of errors: ${found}, not ${expected}: ${told({ errors: ours })}`];
}

function paths(errors) {
  return errors.map(({ path }) => JSON.stringify(path) ?? 'no path').sort();
}

function locations({ errors }) {
  return errors.map(({ locations: places }) => JSON.stringify(places) ?? 'no locations').sort();
}

function told({ errors }) {
  return errors.map(({ message }) => message).join(' | ');
}

function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}
