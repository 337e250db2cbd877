// Builds bytes from the compact templates that tests/hostile/README.md describes.
//
// While they are being built, bytes are a text with one character for each byte: such texts are joined and
// repeated much faster than buffers.
import { createHash } from 'node:crypto';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

const ascii = /^[\x00-\x7f]*$/;
const fromText = (text) => (ascii.test(text) ? text : Buffer.from(text).toString('latin1'));
const toText = (bytes) => (ascii.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString());
const fromBuffer = (buffer) => buffer.toString('latin1');
const toBuffer = (bytes) => Buffer.from(bytes, 'latin1');

const makers = {
  repeat: (node, counters) => repeat(node, counters),
  nest: ({ nest, open, close = '', times }, counters) =>
    build(open, counters).repeat(times) + build(nest, counters) + build(close, counters).repeat(times),
  json: ({ json: value }, counters) => json(value, counters),
  hex: ({ hex }) => fromBuffer(Buffer.from(hex.replace(/\s/g, ''), 'hex')),
  url: ({ url }, counters) => encodeURIComponent(toText(build(url, counters))),
  base64: ({ base64 }, counters) => toBuffer(build(base64, counters)).toString('base64'),
  utf16: ({ utf16 }, counters) => fromBuffer(Buffer.from(toText(build(utf16, counters)), 'utf16le')),
  sha256: ({ sha256 }, counters) => createHash('sha256').update(toBuffer(build(sha256, counters))).digest('hex'),
  gzip: ({ gzip }, counters) => fromBuffer(gzipSync(toBuffer(build(gzip, counters)))),
  deflate: ({ deflate }, counters) => fromBuffer(deflateSync(toBuffer(build(deflate, counters)))),
  brotli: ({ brotli }, counters) => fromBuffer(brotliCompressSync(toBuffer(build(brotli, counters)))),
  frame: (node, counters) => frame(node, counters),
  http: ({ http }, counters) => request(http, counters),
};

function build(template, counters) {
  if (typeof template === 'string') return fromText(counted(template, counters));
  if (Array.isArray(template)) return template.map((part) => build(part, counters)).join('');
  const name = Object.keys(template ?? {}).find((key) => key in makers);
  if (!name) throw new Error(`this is no template: ${JSON.stringify(template)}`);
  return makers[name](template, counters);
}

// Puts the counters of the repetitions around it into a text: %n, and %n+1 for the one that follows.
function counted(text, counters) {
  if (!text.includes('%')) return text;
  return text.replace(/%([a-z])(\+1)?/g, (found, name, next) => {
    if (!(name in counters)) return found;
    return String(counters[name] + (next ? 1 : 0));
  });
}

function repeat({ repeat: part, times, between = '', as = 'n' }, counters) {
  const separator = build(between, counters);
  if (typeof part === 'string' && !part.includes('%')) {
    return times === 0 ? '' : fromText(part) + (separator + fromText(part)).repeat(times - 1);
  }
  const parts = Array.from({ length: times }, (_, number) => build(part, { ...counters, [as]: number }));
  return parts.join(separator);
}

function json(value, counters) {
  if (value === null || typeof value !== 'object') {
    return fromText(JSON.stringify(typeof value === 'string' ? counted(value, counters) : value));
  }
  if (Array.isArray(value)) return `[${value.map((item) => json(item, counters)).join(',')}]`;
  if ('$text' in value) return fromText(JSON.stringify(toText(build(value.$text, counters))));
  if ('$raw' in value) return build(value.$raw, counters);
  const fields = Object.entries(value).map(([key, item]) => `${json(key, counters)}:${json(item, counters)}`);
  return `{${fields.join(',')}}`;
}

// A frame of HTTP/2. The stream "odd" is the one that a client opens at this count.
function frame({ frame: payload, type, flags = 0, stream = 0 }, counters) {
  const body = build(payload, counters);
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream === 'odd' ? 2 * counters.n + 1 : stream, 5);
  return fromBuffer(head) + body;
}

// A request of HTTP/1.1. It asks for the end of the connection, so that the end of the answers is seen.
function request({ method, path = '/graphql', headers = [], body, keep = false }, counters) {
  const content = body === undefined ? '' : build(body, counters);
  const names = headers.map(([name]) => (typeof name === 'string' ? name.toLowerCase() : ''));
  const own = [['host', 'localhost']];
  if (body !== undefined) own.push(['content-type', 'application/json'], ['content-length', `${content.length}`]);
  if (!keep) own.push(['connection', 'close']);
  if (names.includes('transfer-encoding')) names.push('content-length');
  const all = [...own.filter(([name]) => !names.includes(name)), ...headers.filter(([, value]) => value !== null)];
  const lines = all.map(([name, value]) => `${build(name, counters)}: ${build(value, counters)}\r\n`);
  const verb = method === undefined ? (body === undefined ? 'GET' : 'POST') : build(method, counters);
  return `${verb} ${build(path, counters)} HTTP/1.1\r\n${lines.join('')}\r\n${content}`;
}

export const bytesOf = (template) => toBuffer(build(template, {}));

// The body of a POST that asks for a document.
export function bodyOf({ document, variables, operationName, extensions }) {
  const fields = { query: { $text: document }, variables, operationName, extensions };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { json: Object.fromEntries(given) };
}
