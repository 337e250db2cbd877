// What the tests found, as a table.
import { quantile } from './neighbour.mjs';

const rows = [];

export const table = { neighbour: null, memory: null, waiting: null, print };

export function addRow(payload, cpuMs, found) {
  rows.push({ family: payload.family, name: payload.name, cpuMs, failed: found.length > 0 });
}

function print() {
  const families = [...new Set(rows.map((row) => row.family))];
  console.log(line('family', 'payloads', 'failed', 'largest CPU of one', 'of'));
  for (const family of families) printRows(family, rows.filter((row) => row.family === family));
  printRows('all', rows);
  printNeighbour();
  if (table.memory !== null) console.log(`most memory of the server: ${table.memory} MB`);
  if (table.waiting !== null) console.log(`CPU time of the server for a slow client: ${ms(table.waiting)}`);
}

function printRows(title, some) {
  const measured = some.filter((row) => row.cpuMs !== null);
  const largest = measured.reduce((most, row) => (most && most.cpuMs >= row.cpuMs ? most : row), null);
  const failed = some.filter((row) => row.failed).length;
  console.log(line(title, some.length, failed, largest ? ms(largest.cpuMs) : '', largest?.name ?? ''));
}

function printNeighbour() {
  if (!table.neighbour) return;
  const { alone, beside, failures, payloads } = table.neighbour;
  for (const [title, times] of [['alone', alone], [`beside ${payloads} payloads`, beside]]) {
    const [median, worst] = [quantile(times, 0.5), quantile(times, 0.95)];
    console.log(`honest client ${title}: median ${ms(median)}, 95 % within ${ms(worst)}, ${times.length} answers`);
  }
  console.log(`honest client without an answer: ${failures}`);
}

const ms = (value) => `${value.toFixed(1)} ms`;

function line(family, count, failed, cpu, name) {
  const cells = [family.padEnd(14), `${count}`.padStart(8), `${failed}`.padStart(7), cpu.padStart(19)];
  return `${cells.join(' ')}  ${name}`;
}
