// Starts the real program on a free port, with an empty home, for one test file, and reads what the tests share.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = process.env.STACKFIT_PROGRAM;

export const here = dirname(fileURLToPath(import.meta.url));
export const schemaFile = join(here, '../../schema/schema.graphql');
export const committed = readFileSync(schemaFile, 'utf8');

// The real operations of the product, each with the variables that it is shown with.
const folder = join(here, '../../schema/operations');
export const operations = readdirSync(folder)
  .filter((file) => file.endsWith('.graphql'))
  .map((file) => {
    const path = join(folder, file);
    const values = path.replace(/graphql$/, 'variables.json');
    const variables = existsSync(values) ? JSON.parse(readFileSync(values, 'utf8')) : {};
    return { file, path, text: readFileSync(path, 'utf8'), variables };
  });

// `settings` are further settings, as environment variables: { STACKFIT_PLAYGROUND: 'false' }.
export async function serve(settings = {}) {
  if (!program) throw new Error('STACKFIT_PROGRAM must name the built program; tests/run sets it');
  const home = mkdtempSync(join(tmpdir(), 'stackfit-client-'));
  const environment = { PATH: process.env.PATH, HOME: home, ...settings };
  const child = spawn(program, ['serve', '--listen', '127.0.0.1:0'], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const log = [];
  const url = await new Promise((resolve, reject) => {
    child.on('exit', () => reject(new Error(`the program ended: ${log.join('\n')}`)));
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line);
      const ready = line.match(/ready at (http:\/\/[^,\s]+)/);
      if (ready) resolve(ready[1]);
    });
  });
  const stop = async () => {
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    rmSync(home, { recursive: true });
  };
  return { url, stop };
}

export async function ask(url, query, variables) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}
