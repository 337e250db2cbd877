// `stackfit schema check` finds the changes that the reference finds, of the same kinds, in a schema that was changed
// in many ways.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql';
import { committed } from './program.mjs';

const folder = mkdtempSync(join(tmpdir(), 'stackfit-schema-'));
after(() => rmSync(folder, { recursive: true }));

function check(older) {
  const file = join(folder, 'older.graphql');
  writeFileSync(file, older);
  const { status, stdout } = spawnSync(process.env.STACKFIT_PROGRAM, ['schema', 'check', '--against', file]);
  const lines = stdout.toString().trim().split('\n').slice(0, -1);
  const found = lines.map((line) => line.trim().split(/\s+/).slice(0, 2).join(' ')).sort();
  return { status, found };
}

function reference(older) {
  const [before, now] = [buildSchema(older), buildSchema(committed)];
  const breaking = findBreakingChanges(before, now).map(({ type }) => `breaking ${type}`);
  const dangerous = findDangerousChanges(before, now).map(({ type }) => `dangerous ${type}`);
  return [...breaking, ...dangerous].sort();
}

// The schema without the first field or value that is written so, and without its description.
const without = (text, line) => text.replace(new RegExp(`\\t"{3}\\n[^"]*"{3}\\n\\t${line}\\n`), '');

// Each makes an older schema, from which the present one differs.
const older = {
  'nothing changed': (text) => text,
  'a type was removed': (text) => `${text}\ntype Gone { id: ID! }`,
  'a field was removed': (text) => text.replace(/^type Query \{/m, 'type Query { gone: Int'),
  'a field was added': (text) => without(text, 'totalCount: Int!'),
  'a field was made nullable': (text) => text.replaceAll(/^\tsummary: String$/gm, '\tsummary: String!'),
  'an argument was removed': (text) => text.replaceAll(/^\t\tslug: String!$/gm, '\t\tslug: String! gone: Int'),
  'an argument must be given now': (text) => text.replaceAll('slug: String!', 'slug: String'),
  'an enumeration lost a value': (text) => text.replace(/^enum Verdict \{/m, 'enum Verdict { GONE'),
  'an enumeration got a value': (text) => without(text, 'CONFIRMED'),
  'an input lost a field': (text) => text.replace(/^input FactFilter \{/m, 'input FactFilter { gone: Int'),
  'a union lost a member': (text) => text.replace(/^union FactSubject =/m, 'type Gone { id: ID! }\nunion FactSubject = Gone |'),
  'an interface is no more': (text) => text.replaceAll('implements Technology & Node', 'implements Node'),
  'another kind of type': (text) => text.replace(/^scalar URL$/m, 'enum URL { A }'),
};

for (const [name, make] of Object.entries(older)) {
  test(name, () => {
    const text = make(committed);
    if (name !== 'nothing changed') assert.notEqual(text, committed, 'the change must apply');
    const { status, found } = check(text);
    assert.deepEqual(found, reference(text));
    assert.equal(status, found.some((change) => change.startsWith('breaking')) ? 1 : 0);
  });
}
