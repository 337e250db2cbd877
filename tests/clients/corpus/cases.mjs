// Reads the corpus: many small documents in a few files, one file for each topic. A case looks like this:
//
//   #--- name-of-the-case invalid NoUnusedVariables
//   #variables {"first": 3}
//   #operation Name
//   #take after { technologies(first: 2) { pageInfo { endCursor } } }
//   query Name($first: Int, $after: String) { ... }
//
// The first line names the verdict, and for `invalid` the rules that speak against the document. The lines below it
// may be left out. `#take` gives a variable the one value that another document answers with. `<U+FEFF>` in a document
// stands for a character that an editor would not show or not keep.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { here } from '../program.mjs';

export const folder = join(here, '../corpus');

// What becomes of a document. `operation` and `variables` are refusals of what came beside it; `runs` is without
// errors, `fails` with errors of fields.
export const verdicts = ['syntax', 'invalid', 'operation', 'variables', 'runs', 'fails'];

const header = /^#--- ([a-z0-9-]+) ([a-z]+)((?: [A-Za-z]+)*)$/;
const option = /^#(variables|operation|take) (.+)$/;

export function readCases(of = folder) {
  const files = readdirSync(of).filter((file) => file.endsWith('.graphql') && file !== 'schema.graphql');
  return files.sort().flatMap((file) => split(file.replace('.graphql', ''), readFileSync(join(of, file), 'utf8')));
}

export function knownDifferences(of = folder) {
  return JSON.parse(readFileSync(join(of, 'known-differences.json'), 'utf8'));
}

function split(topic, text) {
  const [preface, ...parts] = text.split(/^(?=#---)/m);
  if (/^[^#\n]/m.test(preface)) throw new Error(`${topic} does not begin with a case`);
  return parts.map((part) => read(topic, part));
}

function read(topic, part) {
  const lines = part.split('\n');
  const first = lines.shift().match(header);
  if (!first || !verdicts.includes(first[2])) throw new Error(`${topic}: not the beginning of a case: ${part}`);
  const [, name, verdict, rules] = first;
  const found = { topic, name: `${topic}/${name}`, verdict, rules: rules.split(' ').filter(Boolean), takes: [] };
  while (option.test(lines[0])) give(found, ...lines.shift().match(option).slice(1));
  found.document = lines.join('\n').trimEnd().replace(/<U\+([0-9A-F]+)>/g, (_, code) => character(code));
  return found;
}

function character(code) {
  return String.fromCodePoint(Number.parseInt(code, 16));
}

// The text of the variables is kept as well: JSON tells 1 from 1.0 and holds numbers that JavaScript does not.
function give(found, key, value) {
  if (key === 'operation') found.operation = value;
  if (key === 'take') found.takes.push(value.match(/^(\w+) (.+)$/).slice(1));
  if (key === 'variables') Object.assign(found, { variables: JSON.parse(value), variablesText: value });
}
