// Reads the payloads of tests/hostile and builds what is sent.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bodyOf, bytesOf } from './template.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../hostile');
const FORMS = ['document', 'request', 'wire', 'streams'];
const KEYS = ['why', 'slow', 'expect', 'connections', 'variables', 'operationName', 'extensions', ...FORMS];
const EXPECTED = ['status', 'codes', 'mayAnswer', 'mayClose', 'bytes', 'cpuMs'];
const MAX_FILE_BYTES = 2_000;
// A larger document would only meet the limit of the body.
const MAX_DOCUMENT_BYTES = 1_000_000;

export function readPayloads() {
  const families = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());
  return families.sort().flatMap((family) => readFamily(family));
}

function readFamily(family) {
  const files = readdirSync(join(folder, family)).filter((name) => name.endsWith('.json'));
  return files.sort().map((file) => readPayload(family, join(folder, family, file)));
}

function readPayload(family, path) {
  const text = readFileSync(path, 'utf8');
  const name = `${family}/${basename(path, '.json')}`;
  try {
    if (text.length > MAX_FILE_BYTES) throw new Error(`has ${text.length} characters`);
    return { name, family, connections: 1, slow: false, ...check(JSON.parse(text)) };
  } catch (error) {
    throw new Error(`${name}: ${error.message}`);
  }
}

function check(data) {
  const { why, expect = {} } = data;
  if (typeof why !== 'string' || !why.endsWith('.')) throw new Error('`why` must be a sentence');
  const form = FORMS.filter((name) => name in data);
  if (form.length !== 1) throw new Error(`exactly one of ${FORMS.join(', ')} is needed`);
  const wrong = [
    ...Object.keys(data).filter((key) => !KEYS.includes(key)),
    ...Object.keys(expect).filter((key) => !EXPECTED.includes(key)),
  ];
  if (wrong.length > 0) throw new Error(`unknown: ${wrong.join(', ')}`);
  return { ...data, form: form[0], expect };
}

const built = new Map();

// What a payload sends. It is built once, so that building does not disturb what is measured.
export function prepare(payload) {
  if (!built.has(payload)) built.set(payload, build(payload));
  return built.get(payload);
}

function build(payload) {
  switch (payload.form) {
    case 'document':
      return { steps: [bytesOf({ http: { body: sized(payload) } })] };
    case 'request':
      return { steps: [bytesOf({ http: payload.request })] };
    case 'wire':
      return { steps: payload.wire.map(stepOf) };
    default:
      return { streams: streamsOf(payload.streams) };
  }
}

function sized(payload) {
  const body = bodyOf(payload);
  const size = bytesOf(body).length;
  if (size > MAX_DOCUMENT_BYTES) throw new Error(`${payload.name}: the body has ${size} bytes`);
  return body;
}

function stepOf(step) {
  if (step.wait !== undefined || step.end) return step;
  if (step.endless === undefined) return bytesOf(step);
  return { ...step, endless: bytesOf(step.endless) };
}

function streamsOf({ headers, body, ...rest }) {
  const named = Object.entries(headers).map(([name, value]) => [name, bytesOf(value).toString()]);
  return { ...rest, headers: Object.fromEntries(named), body: body && bytesOf(body) };
}
