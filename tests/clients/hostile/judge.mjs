// Says what is wrong with what became of a payload. No complaint means that the server did well.
import { MAX_ANSWER_BYTES, MAX_CPU_MS } from './limits.mjs';

const ALWAYS_REFUSED = 503;

export function complaints(payload, { outcomes, cpuMs, ending, alive }) {
  const { expect } = payload;
  const maxCpu = expect.cpuMs ?? MAX_CPU_MS;
  const found = new Set(outcomes.flatMap((outcome) => ofOutcome(payload, outcome)));
  if (ending) found.add(`the process ended: ${ending}`);
  if (!alive) found.add('the server does not answer afterwards');
  if (cpuMs !== null && cpuMs > maxCpu) found.add(`took ${cpuMs.toFixed(1)} ms of CPU time; allowed are ${maxCpu}`);
  return [...found];
}

function ofOutcome(payload, { timedOut, tookAll, answers }) {
  const found = answers.flatMap((answer) => ofAnswer(payload.expect, answer));
  if (timedOut) found.push('the connection was left open');
  if (tookAll) found.push('the server read without end');
  if (answers.length === 0 && !mayClose(payload)) found.push('there was no answer');
  // The streams of HTTP/2 are alike. One connection of HTTP/1.1 may carry honest requests before the payload.
  const own = payload.form === 'streams' ? answers : answers.slice(-1);
  return [...found, ...own.flatMap((answer) => ofOwn(payload.expect, answer))];
}

// Whoever breaks the rules of HTTP, or says too much, may lose the connection. Anybody else gets an answer.
function mayClose({ form, expect }) {
  return expect.mayClose ?? (form === 'wire' || form === 'streams');
}

function ofAnswer(expect, { status, body }) {
  const found = [];
  const allowed = status === 200 || status === ALWAYS_REFUSED || (status >= 400 && status < 500);
  if (!allowed) found.push(`the status is ${status}`);
  const maxBytes = expect.bytes ?? MAX_ANSWER_BYTES;
  if (body.length > maxBytes) found.push(`the answer has ${body.length} bytes; allowed are ${maxBytes}`);
  for (const error of graphqlOf(body)?.errors ?? []) {
    const code = error.extensions?.code;
    if (code === undefined) found.push('an error has no code');
    if (code === 'INTERNAL_SERVER_ERROR') found.push('there was an internal error');
  }
  return found;
}

// What the answer to the payload itself must be.
function ofOwn(expect, { status, body }) {
  const found = [];
  const codes = (graphqlOf(body)?.errors ?? []).map((error) => error.extensions?.code);
  if (expect.status && !expect.status.includes(status)) found.push(`the status is ${status}`);
  if (codes.length === 0 && !expect.mayAnswer) {
    if (status === 200) found.push('it was not refused');
    else if (expect.codes) found.push(`no code is told; the status is ${status}`);
  }
  const odd = expect.codes && codes.find((code) => !expect.codes.some((pattern) => fits(pattern, code)));
  if (odd) found.push(`the code is ${odd}`);
  return found;
}

// `MAX_*` stands for the codes of all limits.
function fits(pattern, code) {
  return pattern.endsWith('*') ? code?.startsWith(pattern.slice(0, -1)) : code === pattern;
}

function graphqlOf(body) {
  try {
    const parsed = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null ? parsed : null;
  } catch {
    return null;
  }
}
