// An honest client in a thread of its own, where the work of the tests does not delay it: it asks a small question
// all the time over a connection that it keeps, and notes how long each answer takes.
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

const QUESTION = JSON.stringify({ query: '{ technology(slug: "django") { name } }' });
const EXPECTED = '"technology":{"name":"Django"}';
const PAUSE_MS = 3;
const PATIENCE_MS = 5_000;

// Starts the client. `phase` names what the answers from now on are noted under; `end` tells all of them. `stop` ends
// the thread.
export function startNeighbour(port) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { port } });
  return {
    phase: (name) => worker.postMessage(name),
    async end() {
      const told = new Promise((resolve) => worker.once('message', resolve));
      worker.postMessage(null);
      return told;
    },
    stop: () => worker.terminate(),
  };
}

export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function ask(agent, port) {
  const options = { agent, port, host: '127.0.0.1', path: '/graphql', method: 'POST', timeout: PATIENCE_MS };
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(QUESTION) };
  return new Promise((resolve) => {
    const asked = request({ ...options, headers }, (answer) => {
      let text = '';
      answer.on('data', (data) => (text += data));
      answer.on('end', () => resolve(text.includes(EXPECTED)));
      answer.on('error', () => resolve(false));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end(QUESTION);
  });
}

async function live({ port }) {
  const notes = { failures: 0 };
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let phase = 'warm';
  parentPort.on('message', (name) => (phase = name));
  while (phase !== null) {
    const under = (notes[phase] ??= []);
    const started = performance.now();
    if (await ask(agent, port)) under.push(performance.now() - started);
    else notes.failures += 1;
    await pause(PAUSE_MS);
  }
  parentPort.postMessage(notes);
}

if (!isMainThread) live(workerData);
