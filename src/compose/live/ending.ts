import type { SessionView } from '../../cli/session-view.ts';
import type { Terminal } from '../../cli/terminal.ts';
import type { Command as Request } from '../../store/journal/control-line.ts';
import { leftOpen, type StopRequest } from './ordered-stop.ts';

export interface EndingOptions {
  readonly view: SessionView;
  readonly terminal: Terminal;
  /** What becomes of open orders where nothing else is asked for. */
  readonly ordersAtStop: StopRequest['ordersAtStop'];
}

/** How the session is to end, as far as people have said. */
export class Ending {
  readonly #options: EndingOptions;
  #wanted: StopRequest | undefined;
  #hasBegun = false;

  constructor(options: EndingOptions) {
    this.#options = options;
  }

  get wanted(): StopRequest | undefined {
    return this.#wanted;
  }

  /** A signal of the process: the first word stands. */
  want(reason: string): void {
    this.#wanted ??= this.#usual(reason);
  }

  /** Asked over the control channel. Answers why it is not done, where it is not. */
  ask({ isFlattening, isKeepingOrders }: Request): string | undefined {
    const isTold = isFlattening === true || typeof isKeepingOrders === 'boolean';
    if (this.#hasBegun)
      return isTold ? 'it is ending already, as it was asked to first' : undefined;
    const usual = this.#usual('stopped by a person');
    const ordersAtStop = isKeepingOrders === true ? 'keep' : 'cancel';
    this.#wanted = {
      ...usual,
      isFlattening: isFlattening === true,
      ...(typeof isKeepingOrders === 'boolean' ? { ordersAtStop } : {}),
    };
    return undefined;
  }

  /** From here on it is as it was asked for by now; `reason` where nobody asked. */
  begin(reason: string): StopRequest {
    this.#hasBegun = true;
    this.hurry();
    return this.#wanted ?? this.#usual(reason);
  }

  /** From the first request to end on, a Ctrl-C is one too many to wait for the venue. */
  readonly hurry = (): void => {
    process.off('SIGINT', this.#atOnce);
    process.on('SIGINT', this.#atOnce);
  };

  /** It has ended. */
  close(): void {
    process.off('SIGINT', this.#atOnce);
  }

  readonly #atOnce = (): never => {
    const { view, terminal } = this.#options;
    const left = leftOpen(view) ?? 'nothing';
    terminal.writeError(`strata: ended at once; ${left} left open at the broker\n`);
    process.exit(1);
  };

  #usual(reason: string): StopRequest {
    return { reason, isFlattening: false, ordersAtStop: this.#options.ordersAtStop };
  }
}
