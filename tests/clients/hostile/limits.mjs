// What a payload may cost, and what the tests allow themselves.

// Of any payload that does not say otherwise in its `expect`.
export const MAX_CPU_MS = 50;
export const MAX_ANSWER_BYTES = 100_000;
// A connection that is not closed by then counts as left open.
export const DEADLINE_MS = 5_000;
// The CPU time of a process is told in ticks of 10 ms: one payload is below one, several are above.
export const SENDS = 5;
// A payload that takes this long is measured well enough by one.
export const LONG_MS = 1_000;

// The impatient server gives up after `IMPATIENCE_SECONDS`; whoever is slow must be gone by `SLOW_DEADLINE_MS`.
export const IMPATIENCE_SECONDS = 1;
export const SLOW_DEADLINE_MS = 4_000;
// A program that has no time limit for headers yet refuses the setting: `STACKFIT_HOSTILE_HEADER_TIMEOUT=off`.
export const HAS_HEADER_TIMEOUT = process.env.STACKFIT_HOSTILE_HEADER_TIMEOUT !== 'off';

// How much slower an honest client beside the payloads may be served.
export const NEIGHBOUR_FACTOR = 5;
export const NEIGHBOUR_EXTRA_MS = 5;
export const NEIGHBOUR_ALONE_MS = 2_000;
export const NEIGHBOUR_BESIDE_MS = 3_000;

export const MAX_MEMORY_MB = 500;
