// What a bad server would do is complained of, each thing by itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answersOf } from './answers.mjs';
import { complaints } from './judge.mjs';

const refusal = (code) => ({ data: null, errors: [{ message: 'no', extensions: { code } }] });
const GOOD = { status: 200, json: refusal('MAX_DEPTH_EXCEEDED') };
const WELL = { cpuMs: 1, ending: null, alive: true };

function judge({ status, json, text = JSON.stringify(json) }, { form = 'document', expect = {}, ...state } = {}) {
  const answers = status ? [{ status, body: Buffer.from(text ?? '') }] : [];
  const { timedOut = false, tookAll = false, ...result } = state;
  return complaints({ form, expect }, { ...WELL, ...result, outcomes: [{ timedOut, tookAll, answers }] });
}

test('a refusal is fine', () => {
  assert.deepEqual(judge(GOOD), []);
  assert.deepEqual(judge(GOOD, { expect: { codes: ['MAX_*'], status: [200] } }), []);
  assert.deepEqual(judge({ status: 431, text: '' }), []);
  assert.deepEqual(judge({}, { form: 'wire' }), []);
  assert.deepEqual(judge({ status: 200, json: { data: {} } }, { expect: { mayAnswer: true } }), []);
});

for (const [what, answer, state, complaint] of [
  ['data', { status: 200, json: { data: {} } }, {}, /not refused/],
  ['a fault of the server', { status: 500, text: '' }, {}, /status is 500/],
  ['another status', GOOD, { expect: { status: [413] } }, /status is 200/],
  ['an internal error', { status: 200, json: refusal('INTERNAL_SERVER_ERROR') }, {}, /internal error/],
  ['an error without a code', { status: 200, json: { errors: [{ message: 'no' }] } }, {}, /no code/],
  ['another code', { status: 200, json: refusal('TIMEOUT') }, { expect: { codes: ['MAX_*'] } }, /code is TIMEOUT/],
  ['no code', { status: 404, text: '' }, { expect: { codes: ['MAX_*'] } }, /no code is told/],
  ['a long answer', { status: 400, text: 'x'.repeat(100_001) }, {}, /100001 bytes/],
  ['no answer', {}, {}, /no answer/],
  ['an open connection', GOOD, { timedOut: true }, /left open/],
  ['reading without end', GOOD, { tookAll: true }, /without end/],
  ['much work', GOOD, { cpuMs: 50.2 }, /50.2 ms of CPU/],
  ['the end of the process', GOOD, { ending: 'SIGSEGV' }, /process ended: SIGSEGV/],
  ['silence afterwards', GOOD, { alive: false }, /does not answer/],
]) {
  test(`${what} is complained of`, () => {
    const found = judge(answer, state);
    assert.equal(found.length, 1, found.join('; '));
    assert.match(found[0], complaint);
  });
}

test('answers are read one after the other', () => {
  const interim = 'HTTP/1.1 100 Continue\r\n\r\n';
  const first = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';
  const second = 'HTTP/1.1 400 Bad Request\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n';
  const answers = answersOf(Buffer.from(interim + first + second + first));
  assert.deepEqual(answers.map(({ status, body }) => `${status} ${body}`), ['200 {}', '400 abcd', '200 {}']);
  assert.deepEqual(answersOf(Buffer.from('\0\0\0')), []);
});
