// Many requests at once over one connection of HTTP/2, begun with prior knowledge.
import { connect, constants } from 'node:http2';

export async function streams(port, { count, headers, body, cancel = false, unfinished = false }, deadline) {
  const session = connect(`http://127.0.0.1:${port}`);
  // The server may refuse the connection at any time; what was answered before counts.
  session.on('error', () => {});
  const state = { timedOut: false, tookAll: false };
  const timer = setTimeout(() => {
    state.timedOut = true;
    session.destroy();
  }, deadline);
  const open = () => ask(session, headers, body, { cancel, unfinished });
  const answers = await Promise.all(Array.from({ length: count }, open));
  clearTimeout(timer);
  session.destroy();
  return { ...state, answers: answers.filter((answer) => answer.status) };
}

function ask(session, headers, body, { cancel, unfinished }) {
  return new Promise((resolve) => {
    const answer = { headers: new Map(), body: Buffer.alloc(0) };
    if (session.closed || session.destroyed) return void resolve(answer);
    const stream = session.request(headers, { endStream: body === undefined && !unfinished });
    const parts = [];
    stream.on('error', () => {});
    stream.on('response', (received) => {
      answer.status = received[':status'];
      answer.headers = new Map(Object.entries(received));
    });
    stream.on('data', (data) => parts.push(data));
    stream.on('end', () => unfinished && stream.close(constants.NGHTTP2_NO_ERROR));
    stream.on('close', () => resolve({ ...answer, body: Buffer.concat(parts) }));
    if (body) unfinished ? stream.write(body) : stream.end(body);
    if (cancel) setImmediate(() => stream.close(constants.NGHTTP2_CANCEL));
  });
}
