import { doubled } from '../../core/doubling.ts';
import type { JsonRecord } from '../../core/json.ts';
import { MS } from '../../core/time.ts';
import type { OrderReport } from '../../domain/orders/report.ts';
import type { Timer } from '../../ports/clock.ts';
import type { AlpacaBrokerOptions } from './alpaca-options.ts';
import { AlpacaError } from './alpaca-error.ts';
import type { Holdings } from './holdings.ts';
import { ordersSince, type QueryOptions, snapshotOf } from './order-queries.ts';
import { loadPositions, readAccount } from './statements.ts';
import { UpdateStream } from './update-stream.ts';
import type { Call } from './venue-calls.ts';

export interface ListeningOptions extends QueryOptions {
  readonly broker: AlpacaBrokerOptions;
  readonly holdings: Holdings;
  take(data: JsonRecord): void;
  enter(report: OrderReport): void;
  onUp(): void;
  onDown(reason: string): void;
  /** It cannot go on: the first time it never began, later the key was refused. */
  onEnd(error: AlpacaError): void;
  onUnreadable(reason: string): void;
}

/**
 * Hears the venue's updates, and asks for what it did not hear (venues.md 8, at its end): connect,
 * wait for `listening`, keep what comes, ask for all that changed since the gap began, tell that,
 * then tell what was kept. Until then it does not count as hearing.
 */
export class Listening {
  readonly #options: ListeningOptions;
  readonly #stream: UpdateStream;
  #state: 'closed' | 'starting' | 'deaf' | 'hearing' = 'starting';
  /** When it last heard well; what happened since is asked for. */
  #gapUs: number;
  /** Updates kept while the gap before them is filled. */
  #kept: JsonRecord[] | undefined;
  /** Numbers the connections: what was asked for an old one is dropped. */
  #connection = 0;
  #failures = 0;
  #retry: Timer | undefined;

  constructor(options: ListeningOptions) {
    this.#options = options;
    const { broker } = options;
    this.#gapUs = broker.clock.nowUs();
    this.#stream = new UpdateStream({
      ...broker,
      url: broker.streamUrl,
      times: broker.stream,
      chance: broker.chance ?? Math.random,
      onListening: () => this.#beginRecovery(),
      onUpdate: (data) => this.#hear(data),
      onDown: (reason) => this.#hearDown(reason),
      onRefused: (reason) => this.#end(new AlpacaError('BROKER_KEY_REFUSED', reason)),
      onUnreadable: (reason) => options.onUnreadable(reason),
    });
  }

  get isHearing(): boolean {
    return this.#state === 'hearing';
  }

  open(): void {
    this.#stream.open();
  }

  close(): void {
    this.#state = 'closed';
    this.#connection += 1;
    this.#retry?.cancel();
    this.#stream.close();
  }

  /** The connection cannot be trusted: make another and ask for what was missed. */
  restart(reason: string): void {
    this.#stream.restart(reason);
  }

  #hear(data: JsonRecord): void {
    if (this.#kept === undefined) return this.#options.take(data);
    this.#kept.push(data);
    if (this.#kept.length > KEPT_MAX) this.#stream.restart('more updates than can be kept');
  }

  #hearDown(reason: string): void {
    this.#connection += 1;
    this.#retry?.cancel();
    this.#kept = undefined;
    if (this.#state === 'starting') {
      // Its supervisor counts the attempts to begin.
      return this.#end(new AlpacaError('BROKER_UNREACHABLE', `updates: ${reason}`));
    }
    this.#becomeDeaf(reason);
  }

  #becomeDeaf(reason: string): void {
    if (this.#state !== 'hearing') return;
    this.#state = 'deaf';
    const { clock, stream } = this.#options.broker;
    // What is half open is found out after a while, and nothing was heard in it.
    const unnoticedMs = stream.pingMs + stream.pongMsMax;
    this.#gapUs = clock.nowUs() - Math.ceil(unnoticedMs * MS * clock.speed);
    this.#options.onDown(reason);
  }

  #beginRecovery(): void {
    this.#kept = [];
    this.#failures = 0;
    void this.#recover(this.#connection);
  }

  async #recover(connection: number): Promise<void> {
    const found = await this.#findOut();
    if (connection !== this.#connection || this.#state === 'closed') return;
    if (found.failure !== undefined) return this.#recoverLater(connection, found);
    for (const report of found.reports) this.#options.enter(report);
    const kept = this.#kept ?? [];
    this.#kept = undefined;
    for (const data of kept) this.#options.take(data);
    this.#state = 'hearing';
    this.#options.onUp();
  }

  #recoverLater(connection: number, { failure, isRefused }: Failed): void {
    const { stream, timers, chance = Math.random } = this.#options.broker;
    if (isRefused) return this.#end(new AlpacaError('BROKER_KEY_REFUSED', failure));
    if (this.#state === 'starting') {
      return this.#end(new AlpacaError('BROKER_UNREACHABLE', failure));
    }
    const capMs = doubled(stream.backoffMinMs, this.#failures, stream.backoffMaxMs);
    this.#failures += 1;
    this.#retry = timers.after(Math.ceil(chance() * capMs), () => void this.#recover(connection));
  }

  /** At the start nothing was missed: what is open and held is learnt, and nothing is told. */
  async #findOut(): Promise<Recovered> {
    const { calls, holdings, broker } = this.#options;
    const { clock, statementMsMax } = broker;
    const call: Call = { priority: 'enquiry', deadlineMs: clock.wallMs() + statementMsMax };
    const isFirst = this.#state === 'starting';
    if (isFirst) {
      const account = await readAccount(calls, call);
      if (account.failure !== undefined) return account;
    }
    const list = await ordersSince(this.#options, this.#gapUs, call);
    if (list.failure !== undefined) return { failure: list.failure, isRefused: false };
    const held = await loadPositions(calls, call);
    if (held.failure !== undefined) return { failure: held.failure, isRefused: false };
    holdings.replaceAll(held.positions);
    const reports: OrderReport[] = [];
    if (!isFirst) {
      for (const order of list.orders) {
        const report = await snapshotOf(this.#options, order, call);
        if (report !== undefined) reports.push(report);
      }
    }
    return { reports };
  }

  #end(error: AlpacaError): void {
    if (this.#state === 'closed') return;
    this.close();
    this.#options.onEnd(error);
  }
}

interface Failed {
  readonly failure: string;
  readonly isRefused: boolean;
}

type Recovered =
  | Failed
  | { readonly reports: readonly OrderReport[]; readonly failure?: undefined };

/** Ten minutes at the rate at which a venue lets one account trade, several times over. */
const KEPT_MAX = 10_000;
