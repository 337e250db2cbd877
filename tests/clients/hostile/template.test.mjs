// The templates make what their description says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { bodyOf, bytesOf } from './template.mjs';

const text = (template) => bytesOf(template).toString();

test('texts are repeated, counted and nested', () => {
  assert.equal(text(['{ ', { repeat: 'f%n', times: 3, between: ',' }, ' }']), '{ f0,f1,f2 }');
  assert.equal(text({ repeat: 'f%n -> f%n+1;', times: 2 }), 'f0 -> f1;f1 -> f2;');
  assert.equal(text({ repeat: ['%n:', { repeat: '%m', times: 2, as: 'm' }, ' '], times: 2 }), '0:01 1:01 ');
  assert.equal(text({ repeat: 'ab', times: 3, between: '-' }), 'ab-ab-ab');
  assert.equal(text({ nest: 'x', open: '[', close: ']', times: 3 }), '[[[x]]]');
  assert.equal(text('100 %n'), '100 %n', 'outside a repetition there is no count');
});

test('values are written as JSON', () => {
  const value = { a: { $text: { repeat: '"', times: 2 } }, b: { $raw: '[[]]' }, c: [1, null, 'ä'] };
  assert.equal(text({ json: value }), '{"a":"\\"\\"","b":[[]],"c":[1,null,"ä"]}');
  assert.equal(text(bodyOf({ document: '{ a }', operationName: 'b' })), '{"query":"{ a }","operationName":"b"}');
});

test('bytes are encoded and packed', () => {
  assert.deepEqual([...bytesOf(['ä', { hex: 'c0 80' }])], [0xc3, 0xa4, 0xc0, 0x80]);
  assert.deepEqual([...bytesOf({ utf16: 'a' })], [0x61, 0]);
  assert.equal(text({ url: '{ ä }' }), '%7B%20%C3%A4%20%7D');
  assert.equal(text({ sha256: '' }).slice(0, 16), 'e3b0c44298fc1c14');
  assert.equal(gunzipSync(bytesOf({ gzip: { repeat: 'a', times: 1000 } })).length, 1000);
});

test('requests and frames are framed', () => {
  const request = text({ http: { body: 'ä', headers: [['content-type', null], ['x-a', 'b']] } });
  assert.equal(
    request,
    'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\nconnection: close\r\nx-a: b\r\n\r\nä',
  );
  assert.equal(text({ http: { keep: true } }), 'GET /graphql HTTP/1.1\r\nhost: localhost\r\n\r\n');
  const frames = bytesOf({ repeat: { frame: 'ab', type: 1, flags: 5, stream: 'odd' }, times: 2 });
  assert.equal(frames.toString('hex'), '0000020105000000016162' + '0000020105000000036162');
});

test('what is no template is refused', () => {
  assert.throws(() => bytesOf({ repaet: 'a', times: 2 }), /no template/);
});
