// Counts the cases, for the end of the run.
import { verdicts } from './cases.mjs';

export class Tally {
  #outcomes = new Map();

  // `different` is what the case differs in, and `located` whether the errors are at the same places, if there are any.
  add(one, different, located) {
    this.#outcomes.set(one.name, { one, different, located });
  }

  lines() {
    const outcomes = [...this.#outcomes.values()];
    const topics = [...new Set(outcomes.map(({ one }) => one.topic))];
    const rows = topics.map((topic) => [topic, ...this.#row(outcomes.filter(({ one }) => one.topic === topic))]);
    const table = [['topic', ...verdicts, 'all', 'agree'], ...rows, ['all', ...this.#row(outcomes)]];
    return [...aligned(table), ...kinds(outcomes), ...located(outcomes)];
  }

  #row(outcomes) {
    const counts = verdicts.map((verdict) => outcomes.filter(({ one }) => one.verdict === verdict).length);
    return [...counts, outcomes.length, outcomes.filter(({ different }) => different.length === 0).length];
  }
}

// How many cases differ in what, by the words with which a difference begins.
function kinds(outcomes) {
  const found = outcomes.flatMap(({ different }) => different.map((text) => text.split(':')[0]));
  return [...new Set(found)].sort().map((kind) => `differ in ${kind}: ${found.filter((one) => one === kind).length}`);
}

function located(outcomes) {
  return ['refused', 'failed'].map((kind) => {
    const some = outcomes.filter((outcome) => outcome.located?.kind === kind);
    const same = some.filter((outcome) => outcome.located.same);
    return `errors at the same places, of documents that are ${kind}: ${same.length} of ${some.length}`;
  });
}

function aligned(table) {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => `${row[column]}`.length)));
  return table.map((row) => row.map((cell, column) => `${cell}`.padEnd(widths[column])).join('  ').trimEnd());
}
