// Reads the answers of HTTP/1.1 out of what a connection brought.

const HEAD_END = Buffer.from('\r\n\r\n');

export function answersOf(received) {
  const answers = [];
  let rest = received;
  for (;;) {
    const end = rest.indexOf(HEAD_END);
    const line = rest.subarray(0, 20).toString('latin1');
    const status = Number(line.match(/^HTTP\/1\.[01] (\d{3})/)?.[1]);
    if (end < 0 || !status) return answers;
    const headers = headersOf(rest.subarray(0, end).toString('latin1'));
    const [body, after] = bodyAndAfter(headers, rest.subarray(end + HEAD_END.length));
    // An interim answer says to go on; the answer itself follows.
    if (status >= 200) answers.push({ status, headers, body });
    rest = after;
  }
}

function headersOf(head) {
  const lines = head.split('\r\n').slice(1);
  return new Map(lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  }));
}

function bodyAndAfter(headers, rest) {
  if (headers.get('transfer-encoding') === 'chunked') return chunks(rest);
  const length = Number(headers.get('content-length') ?? 0);
  return [rest.subarray(0, length), rest.subarray(length)];
}

function chunks(received) {
  const parts = [];
  let rest = received;
  for (;;) {
    const end = rest.indexOf('\r\n');
    const size = parseInt(rest.subarray(0, Math.max(end, 0)).toString('latin1'), 16);
    if (!(size > 0)) return [Buffer.concat(parts), rest.subarray(end + 4)];
    parts.push(rest.subarray(end + 2, end + 2 + size));
    rest = rest.subarray(end + 4 + size);
  }
}
