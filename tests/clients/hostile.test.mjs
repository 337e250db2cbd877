// Payloads that are made to hurt: each is refused soon and cheaply, and the server lives on for the others.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { complaints } from './hostile/judge.mjs';
import * as limits from './hostile/limits.mjs';
import { quantile, startNeighbour } from './hostile/neighbour.mjs';
import { prepare, readPayloads } from './hostile/payloads.mjs';
import { addRow, table } from './hostile/report.mjs';
import { measure, send } from './hostile/run.mjs';
import { cpuOf, isAlive, peakMemoryOf, startServer } from './hostile/server.mjs';

const payloads = readPayloads();
const quick = payloads.filter((payload) => !payload.slow);
const slow = payloads.filter((payload) => payload.slow);
// These would keep an honest client from being served at all, which their own tests tell.
const crippling = new Set();

describe('payloads', () => {
  let server;
  before(async () => {
    server = await startServer();
  });
  after(() => server?.stop());

  for (const payload of quick) {
    test(`${payload.name}: ${payload.why}`, async () => {
      const result = await measure(server, payload);
      const found = complaints(payload, result);
      if (!result.alive || result.outcomes.some((outcome) => outcome.timedOut)) crippling.add(payload);
      addRow(payload, result.cpuMs, found);
      assert.equal(found.join('; '), '');
    });
  }

  test('an honest client beside them is served', async (t) => {
    const sent = quick.filter((payload) => !crippling.has(payload));
    const ready = sent.map((payload) => [payload, prepare(payload)]);
    const neighbour = startNeighbour(server.port);
    t.after(neighbour.stop);
    neighbour.phase('alone');
    await new Promise((resolve) => setTimeout(resolve, limits.NEIGHBOUR_ALONE_MS));
    neighbour.phase('beside');
    const until = performance.now() + limits.NEIGHBOUR_BESIDE_MS;
    do for (const [payload, prepared] of ready) await send(server, payload, prepared);
    while (performance.now() < until);
    const { alone, beside, failures } = await neighbour.end();
    table.neighbour = { alone, beside, failures, payloads: sent.length };
    assert.equal(failures, 0, 'every honest question is answered');
    const allowed = quantile(alone, 0.5) * limits.NEIGHBOUR_FACTOR + limits.NEIGHBOUR_EXTRA_MS;
    assert.ok(quantile(beside, 0.5) < allowed, `${quantile(beside, 0.5)} ms; allowed are ${allowed}`);
  });

  test('memory stays bounded', () => {
    table.memory = peakMemoryOf(server);
    assert.ok(table.memory < limits.MAX_MEMORY_MB, `${table.memory} MB; allowed are ${limits.MAX_MEMORY_MB}`);
  });
});

describe('slow clients', { concurrency: Math.max(1, slow.length) }, () => {
  let server;
  let idle;
  before(async () => {
    const seconds = `${limits.IMPATIENCE_SECONDS}`;
    const settings = { STACKFIT_REQUEST_TIMEOUT_SECONDS: seconds };
    if (limits.HAS_HEADER_TIMEOUT) settings.STACKFIT_HEADER_TIMEOUT_SECONDS = seconds;
    server = await startServer(settings);
    idle = cpuOf(server);
  });
  after(async () => {
    if (server) table.waiting = (cpuOf(server) - idle) / slow.length;
    await server?.stop();
  });

  for (const payload of slow) {
    test(`${payload.name}: ${payload.why}`, async () => {
      const outcomes = await send(server, payload, prepare(payload));
      const result = { outcomes, cpuMs: null, ending: null, alive: await isAlive(server) };
      const found = complaints(payload, result);
      addRow(payload, null, found);
      assert.equal(found.join('; '), '');
    });
  }
});

test('waiting for slow clients costs nothing', () => {
  assert.ok(table.waiting !== null, 'it was measured');
  assert.ok(table.waiting < limits.MAX_CPU_MS, `${table.waiting} ms of CPU time for each`);
});

after(() => table.print());
