// The generator of TypeScript takes our schema and operations, and what it writes has the types that we promise.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { generate } from '@graphql-codegen/cli';
import { preset } from '@graphql-codegen/client-preset';
import { here, operations, schemaFile } from './program.mjs';

let project;

before(async () => {
  project = mkdtempSync(join(tmpdir(), 'stackfit-codegen-'));
  cpSync(join(here, 'codegen'), project, { recursive: true });
  symlinkSync(join(here, 'node_modules'), join(project, 'node_modules'));
  const scalars = { Date: 'string', DateTime: 'string', Decimal: 'string', URL: 'string', _Any: 'unknown' };
  const config = {
    cwd: project,
    silent: true,
    schema: schemaFile,
    documents: operations.map(({ path }) => path),
    generates: { [`${project}/gql/`]: { preset, config: { scalars, strictScalars: true, useTypeImports: true } } },
  };
  await generate(config, true);
});

after(() => rmSync(project, { recursive: true }));

test('there is a typed document for each operation', () => {
  const written = readFileSync(join(project, 'gql/graphql.ts'), 'utf8');
  for (const { file, name } of operations) {
    assert.match(written, new RegExp(`export const ${name}Document = .* as unknown as DocumentNode<`), file);
  }
});

test('right uses compile and wrong ones do not', () => {
  const compiler = join(here, 'node_modules/typescript/bin/tsc');
  const { stdout, status } = spawnSync('node', [compiler, '--strict', '--noEmit', '--project', project], { encoding: 'utf8' });
  assert.equal(stdout, '');
  assert.equal(status, 0);
});

test('what the example has generated is current', () => {
  const example = join(here, '../../examples/apollo-client');
  const generator = join(example, 'node_modules/.bin/graphql-codegen');
  const { stdout, stderr, status } = spawnSync(generator, ['--check'], { cwd: example, encoding: 'utf8' });
  assert.equal(status, 0, `npm run codegen, in ${example}\n${stdout}${stderr}`);
});
