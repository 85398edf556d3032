import { type ScreenOptions, renderProgress, renderScreen } from './live-screen.ts';
import type { SessionView } from './session-view.ts';
import type { Terminal } from './terminal.ts';

export type FrameOptions = Omit<ScreenOptions, 'columns' | 'rows' | 'isColoured'>;

/** Frames and lines come no faster than people read. */
export const FRAME_MS_MIN = 200;
export const PROGRESS_MS_MIN = 5_000;

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[2J';
const LEAVE = '\u001b[?25h\u001b[?1049l';
/** Synchronized output: a terminal that knows it shows the frame at once, others ignore it. */
const FRAME_BEGIN = '\u001b[?2026h\u001b[H';
const FRAME_END = '\u001b[J\u001b[?2026l';

/**
 * Shows a session while it runs: frames in place on a terminal, in its other buffer so that what
 * was there comes back, and a line every few seconds where nobody watches.
 */
export class ScreenWriter {
  readonly #terminal: Terminal;
  #isOpen = false;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Called as often as one likes; `wallMs` is any clock that only goes forward. */
  show(view: SessionView, wallMs: number, options: FrameOptions): void {
    const terminal = this.#terminal;
    const spacingMs = terminal.isInteractive ? FRAME_MS_MIN : PROGRESS_MS_MIN;
    // A terminal that cannot keep up loses frames, not the market's time.
    if (wallMs - this.#lastMs < spacingMs || terminal.isBusy) return;
    this.#lastMs = wallMs;
    if (!terminal.isInteractive) {
      terminal.writeError(`${renderProgress(view, options)}\n`);
      return;
    }
    const { columns, rows, isColoured } = terminal;
    const frame = renderScreen(view, { ...options, columns, rows, isColoured });
    // One write a frame; each line clears what a wider one left behind it.
    const text = frame.replaceAll('\n', '\u001b[K\r\n');
    terminal.write(`${this.#isOpen ? '' : ENTER}${FRAME_BEGIN}${text}${FRAME_END}`);
    this.#isOpen = true;
  }

  /** Gives the terminal back as it was. Twice is once; must run however the session ends. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#terminal.write(LEAVE);
  }
}
