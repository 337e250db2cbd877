// Sends a payload and sees what it does to the server.
import { setTimeout as pause } from 'node:timers/promises';
import { exchange } from './exchange.mjs';
import { DEADLINE_MS, LONG_MS, MAX_CPU_MS, SENDS, SLOW_DEADLINE_MS } from './limits.mjs';
import { prepare } from './payloads.mjs';
import { cpuOf, isAlive } from './server.mjs';
import { streams } from './streams.mjs';

export async function send(server, { slow, connections }, prepared) {
  const deadline = slow ? SLOW_DEADLINE_MS : DEADLINE_MS;
  const one = () =>
    prepared.streams
      ? streams(server.port, prepared.streams, deadline)
      : exchange(server.port, prepared.steps, deadline);
  return Promise.all(Array.from({ length: connections }, one));
}

// Tells the answers to a payload, the CPU time that it takes, and whether the server outlived it. Other work on the
// machine only adds to that time, so what is a little too much is measured again.
export async function measure(server, payload) {
  const first = await measureOnce(server, payload);
  const allowed = payload.expect.cpuMs ?? MAX_CPU_MS;
  if (!first.alive || first.cpuMs <= allowed || first.cpuMs > 2 * allowed) return first;
  const second = await measureOnce(server, payload);
  return second.alive && second.cpuMs < first.cpuMs ? second : first;
}

// Sends a payload several times.
async function measureOnce(server, payload) {
  const prepared = prepare(payload);
  const before = cpuOf(server);
  const started = performance.now();
  const outcomes = await send(server, payload, prepared);
  let sent = 1;
  while (sent < SENDS && performance.now() - started < LONG_MS && !server.hasEnded) {
    outcomes.push(...(await send(server, payload, prepared)));
    sent += 1;
  }
  const isQuiet = await comesToRest(server);
  const cpuMs = server.hasEnded || before === null ? null : (cpuOf(server) - before) / sent;
  const ending = server.hasEnded ? server.ending : null;
  const alive = await isAlive(server);
  // For the sake of the next payload.
  if (!alive || !isQuiet) await server.restart();
  return { outcomes, cpuMs, ending, alive };
}

// Waits for what is left to do after the answers. Nothing should be; a server that works on is beyond waiting for.
async function comesToRest(server) {
  let before = cpuOf(server);
  for (const pauseMs of [15, 100, 200]) {
    await pause(pauseMs);
    if (server.hasEnded || before === null) return true;
    const now = cpuOf(server);
    if (now - before <= pauseMs / 2 + 5) return true;
    before = now;
  }
  return false;
}
