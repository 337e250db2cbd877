// The real program, in a process that can be measured, may die and is then started again at the same address.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { launch } from '../program.mjs';
import { bytesOf } from './template.mjs';
import { exchange } from './exchange.mjs';

const MS_PER_TICK = 10;
const HONEST = bytesOf({ http: { body: '{"query":"{ __typename }"}' } });

export async function startServer(settings = {}) {
  const home = mkdtempSync(join(tmpdir(), 'stackfit-hostile-'));
  let current = await start(home, 0, settings).catch((error) => {
    rmSync(home, { recursive: true });
    throw error;
  });
  return {
    port: current.port,
    get pid() {
      return current.child.pid;
    },
    get hasEnded() {
      return current.child.exitCode !== null || current.child.signalCode !== null;
    },
    get ending() {
      return `${current.child.signalCode ?? current.child.exitCode}: ${current.lastLine()}`;
    },
    // Kills what is left of the process, which may be beyond listening.
    async restart() {
      await end(current.child, 'SIGKILL');
      current = await start(home, current.port, settings);
    },
    async stop() {
      await end(current.child, 'SIGTERM');
      rmSync(home, { recursive: true });
    },
  };
}

async function start(home, port, settings) {
  const child = launch(home, settings, `127.0.0.1:${port}`);
  let line = '';
  const lines = createInterface({ input: child.stderr });
  const listening = await new Promise((resolve, reject) => {
    child.on('exit', () => reject(new Error(`the program ended: ${line}`)));
    lines.on('line', (text) => {
      line = text.slice(0, 500);
      const ready = text.match(/ready at http:\/\/[^,\s]+:(\d+)/);
      if (ready) resolve(Number(ready[1]));
    });
  });
  return { child, port: listening, lastLine: () => line };
}

async function end(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.on('exit', resolve));
  child.kill(signal);
  // A process that does not heed the polite signal must not outlive the tests.
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(timer);
}

// Whether the server answers an honest question soon.
export async function isAlive(server) {
  if (server.hasEnded) return false;
  const { answers } = await exchange(server.port, [HONEST], 2_000);
  return answers.length === 1 && answers[0].body.includes('"__typename":"Query"');
}

// The CPU time of all threads of the process, in milliseconds. Null where nobody tells it.
export function cpuOf(server) {
  const file = `/proc/${server.pid}/stat`;
  if (!existsSync(file)) return null;
  const text = readFileSync(file, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

// The most memory that the process ever had, in megabytes. Null where nobody tells it.
export function peakMemoryOf(server) {
  const file = `/proc/${server.pid}/status`;
  const peak = existsSync(file) && readFileSync(file, 'utf8').match(/VmHWM:\s+(\d+) kB/);
  return peak ? Math.round(Number(peak[1]) / 1024) : null;
}
