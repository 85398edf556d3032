import { count } from './figures.ts';
import type { Terminal } from './terminal.ts';
import { bar, fit, plainText, sparkline } from './terminal-text.ts';

/** How far the training of a family is. */
export interface TrainingStep {
  readonly family: string;
  readonly at: number;
  readonly of: number;
  readonly loss: number;
  readonly validationLoss?: number;
}

const BAR_COLUMNS = 24;
const CURVE_COLUMNS = 32;
const CURVE_MAX = 4_096;
const FRAME_MS = 200;
const LINE_MS = 5_000;
const ERASE = '\u001b[2K\r';

/**
 * Shows a training while it runs: one line in place on a terminal, with the curve of its loss and
 * the time that is left; a line every few seconds where nobody watches.
 */
export class TrainingScreen {
  readonly #terminal: Terminal;
  readonly #wallMs: () => number;
  #family = '';
  #begunMs = 0;
  #begunAt = 0;
  #toldMs = Number.NEGATIVE_INFINITY;
  #isOpen = false;
  #losses: number[] = [];

  /** @param wallMs any clock that only goes forward. */
  constructor(terminal: Terminal, wallMs: () => number) {
    this.#terminal = terminal;
    this.#wallMs = wallMs;
  }

  gathering(what: string, rows: number): void {
    if (this.#isSoon()) return;
    this.#show(`${what}${rows > 0 ? `, ${count(rows)} rows` : ''}`);
  }

  step(step: TrainingStep): void {
    const nowMs = this.#wallMs();
    if (step.family !== this.#family) {
      [this.#family, this.#begunMs, this.#begunAt] = [step.family, nowMs, step.at];
      this.#losses = [];
      this.#toldMs = Number.NEGATIVE_INFINITY;
    }
    const { loss, validationLoss } = step;
    this.#losses.push(validationLoss ?? loss);
    if (this.#losses.length > CURVE_MAX)
      this.#losses = this.#losses.filter((_, at) => at % 2 === 1);
    if (this.#isSoon()) return;
    this.#show(stepText(step, this.#leftMs(step, nowMs), this.#losses));
  }

  /** A line that stays. */
  say(text: string): void {
    this.close();
    this.#terminal.writeError(`${plainText(text)}\n`);
  }

  /** Gives the line back. Twice is once. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#terminal.writeError(ERASE);
  }

  /** Undefined before a step has been timed. */
  #leftMs({ at, of }: TrainingStep, nowMs: number): number | undefined {
    const done = at - this.#begunAt;
    return done > 0 ? ((nowMs - this.#begunMs) / done) * (of - at) : undefined;
  }

  #isSoon(): boolean {
    const spacingMs = this.#terminal.isInteractive ? FRAME_MS : LINE_MS;
    const nowMs = this.#wallMs();
    if (nowMs < this.#toldMs + spacingMs || this.#terminal.isBusy) return true;
    this.#toldMs = nowMs;
    return false;
  }

  #show(line: string): void {
    const text = fit(plainText(line), this.#terminal.columns - 1).trimEnd();
    if (!this.#terminal.isInteractive) {
      this.#terminal.writeError(`${text}\n`);
      return;
    }
    this.#isOpen = true;
    this.#terminal.writeError(`${ERASE}${text}`);
  }
}

function stepText(
  { family, at, of, loss, validationLoss }: TrainingStep,
  leftMs: number | undefined,
  losses: readonly number[],
): string {
  const judged = validationLoss === undefined ? '' : `, validation ${validationLoss.toFixed(4)}`;
  const left = leftMs === undefined ? '' : `, at most ${durationText(leftMs)} left`;
  const known = Number.isNaN(loss) ? '' : `  loss ${loss.toFixed(4)}`;
  const share = at / Math.max(1, of);
  const curve = sparkline(lastOf(losses, CURVE_COLUMNS));
  return (
    `${family.padEnd(12)}${bar(share, BAR_COLUMNS).padEnd(BAR_COLUMNS)} ${at}/${of}${known}` +
    `${judged}${left}  ${curve}`
  );
}

/** Spread evenly over all, the last among them. */
function lastOf(values: readonly number[], many: number): readonly number[] {
  const taken = Math.min(many, values.length);
  return Array.from({ length: taken }, (_, at) => {
    return values[Math.round(((at + 1) * values.length) / taken) - 1] ?? Number.NaN;
  });
}

function durationText(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
