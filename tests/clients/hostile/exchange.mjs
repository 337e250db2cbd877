// Sends raw bytes over one connection and reads what comes back until the server closes it.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { answersOf } from './answers.mjs';

// More than any test sends: a server that takes this much reads without end.
const ENDLESS_BYTES = 32_000_000;

// The steps are buffers to send, `{ wait }` in milliseconds, `{ endless, every }` to send again and again, and
// `{ end }` to say that nothing more will be sent.
export async function exchange(port, steps, deadline) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const received = [];
  const state = { timedOut: false, tookAll: false };
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.on('data', (data) => received.push(data));
  // A reset is one way to refuse; what was received before it counts.
  socket.on('error', () => {});
  const timer = setTimeout(() => {
    state.timedOut = true;
    socket.destroy();
  }, deadline);
  const played = play(socket, steps, state);
  await closed;
  clearTimeout(timer);
  await played;
  return { ...state, answers: answersOf(Buffer.concat(received)) };
}

async function play(socket, steps, state) {
  for (const step of steps) {
    if (socket.destroyed) return;
    if (Buffer.isBuffer(step)) await send(socket, step);
    else if (step.wait !== undefined) await pause(step.wait);
    else if (step.end) socket.end();
    else await sendWithoutEnd(socket, step, state);
  }
}

async function sendWithoutEnd(socket, { endless, every }, state) {
  for (let sent = 0; !socket.destroyed; sent += endless.length) {
    if (sent > ENDLESS_BYTES) {
      state.tookAll = true;
      socket.destroy();
    }
    await send(socket, endless);
    if (every) await pause(every);
  }
}

// Resolves when the bytes are on their way, or when there is no way any more.
function send(socket, bytes) {
  return new Promise((resolve) => {
    if (!socket.writable) return void resolve(pause(1));
    socket.once('close', resolve);
    socket.write(bytes, () => {
      socket.off('close', resolve);
      resolve();
    });
  });
}
