// Starts the real program on a free port, with an empty home, for one test file, and reads what the tests share.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = process.env.STACKFIT_PROGRAM;

export const here = dirname(fileURLToPath(import.meta.url));
export const schemaFile = join(here, '../../schema/schema.graphql');
export const committed = readFileSync(schemaFile, 'utf8');

// The real operations of the product, each with the variables that it is shown with. `kind` is query or subscription.
const folder = join(here, '../../schema/operations');
export const operations = readdirSync(folder)
  .filter((file) => file.endsWith('.graphql'))
  .map((file) => {
    const path = join(folder, file);
    const values = path.replace(/graphql$/, 'variables.json');
    const variables = existsSync(values) ? JSON.parse(readFileSync(values, 'utf8')) : {};
    const text = readFileSync(path, 'utf8');
    const [, kind, name] = text.match(/^(query|subscription) (\w+)/m);
    return { file, path, text, kind, name, variables };
  });

// The program without the settings and the home of whoever runs the tests.
const environment = (home, settings) => ({ PATH: process.env.PATH, HOME: home, ...settings });

// Runs a command of the program to its end, while a server may serve from the same home.
export function run(home, ...words) {
  return promisify(execFile)(program, words, { env: environment(home, {}) });
}

// Tests that take too long are ended by a signal.
process.once('SIGTERM', () => process.exit(1));

// Starts the server, which ends with the tests at the latest, however they end.
export function launch(home, settings, listen) {
  if (!program) throw new Error('STACKFIT_PROGRAM must name the built program; tests/run sets it');
  const child = spawn(program, ['serve', '--listen', listen], {
    env: environment(home, settings),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return child;
}

async function start(home, settings, listen) {
  const child = launch(home, settings, listen);
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const log = [];
  const url = await new Promise((resolve, reject) => {
    child.on('exit', () => reject(new Error(`the program ended: ${log.join('\n')}`)));
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line);
      const ready = line.match(/ready at (http:\/\/[^,\s]+)/);
      if (ready) resolve(ready[1]);
    });
  });
  const end = (signal = 'SIGTERM') => {
    child.kill(signal);
    return ended;
  };
  return { url, end };
}

// `settings` are further settings, as environment variables: { STACKFIT_PLAYGROUND: 'false' }. `prepare` gets the home
// before the start. `halt` ends the program and keeps its database, `resume` starts it again on its port.
export async function serve(settings = {}, prepare = async () => {}) {
  const home = mkdtempSync(join(tmpdir(), 'stackfit-client-'));
  await prepare(home);
  let running = await start(home, settings, '127.0.0.1:0');
  const { url } = running;
  const halt = (signal) => running.end(signal);
  const resume = async () => {
    running = await start(home, settings, new URL(url).host);
  };
  const stop = async () => {
    await halt();
    rmSync(home, { recursive: true });
  };
  return { url, home, halt, resume, stop };
}

export async function ask(url, query, variables) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}
