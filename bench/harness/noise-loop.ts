import { Samples } from './percentiles.ts';
import type { Figures } from './suite.ts';

/**
 * The floor under every wall-clock figure: a process that does nothing, beside the one that is
 * measured. It sleeps a millisecond, again and again; how late it wakes is what anybody waits
 * for the processor (`wake`, as jHiccup measures it). Now and then it reads the clock a while, and
 * the way from one reading to the next is what a loop around nothing takes (`spin`).
 *
 * It spins a two-hundredth of the time: one that always spun would take a core from what is
 * measured, and be the load that it looks for.
 *
 * Line by line on its input: `begin` empties it, `end` is answered with a line of figures.
 */
const SLEEP_MS = 1;
const SPIN_EVERY = 8;
const SPIN_MS = 0.04;
/** Between two looks whether it is asked something. */
const ROUNDS_MAX = 16;
const WAKES_MAX = 1 << 20;
const SPINS_MAX = 1 << 20;

const cell = new Int32Array(new SharedArrayBuffer(4));
let wakes = new Samples(WAKES_MAX);
let spins = new Samples(SPINS_MAX);
let isEnding = false;

process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  for (const word of text.split('\n')) {
    if (word === 'begin') [wakes, spins] = [new Samples(WAKES_MAX), new Samples(SPINS_MAX)];
    if (word === 'end') process.stdout.write(`${JSON.stringify(figures())}\n`);
  }
});
process.stdin.on('end', () => {
  isEnding = true;
});
turn();

function turn(): void {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const beforeMs = performance.now();
    Atomics.wait(cell, 0, 0, SLEEP_MS);
    wakes.add(Math.max(0, performance.now() - beforeMs - SLEEP_MS));
    if (round % SPIN_EVERY === 0) spin();
  }
  if (!isEnding) setImmediate(turn);
}

function spin(): void {
  const beginMs = performance.now();
  let lastMs = beginMs;
  while (lastMs - beginMs < SPIN_MS) {
    const nowMs = performance.now();
    spins.add(nowMs - lastMs);
    lastMs = nowMs;
  }
}

function figures(): Figures {
  return { ...wakes.figures('wake'), ...spins.figures('spin') };
}
