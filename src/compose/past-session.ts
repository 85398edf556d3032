import { ByteReader } from '../core/bytes.ts';
import type { Requested } from '../ports/effect.ts';
import { type Answer, type Input, inputCodec } from '../ports/input.ts';
import type { JournalRecord } from '../ports/journal.ts';
import type { TimedInput } from '../ports/market-source.ts';
import { RECORD_INPUT, RECORD_MARKET, RECORD_TURN, readTurn } from '../ports/turn-record.ts';

/**
 * What a simulated world has to know of a session that it is to live again: the requests it was
 * sent, and how far its calendar and its symbols had come. Fed with every record of the journal.
 */
export class PastSession {
  readonly brokerRequests: Requested[] = [];
  calendarTaken = 0;
  symbolsNamed = 0;
  /** What the kernel was last told of its journal. */
  journalState: Extract<Input, { kind: 'serviceChanged' }>['state'] = 'up';
  /** Commands that are part of the recording. A person may give others while it is replayed. */
  readonly #commands: ReadonlySet<string>;
  /** Input that the next turn record belongs to. */
  #input = 0;
  /** The last input, while it has no turn. */
  #pending: Uint8Array | undefined;
  /** The input that a life ended in: the next one takes it again, and it is counted once. */
  #left: Uint8Array | undefined;
  /** In a replay what rows were warmed with is part of what was recorded; live, of the start. */
  readonly #isWarmedByCalendar: boolean;

  constructor(calendar: readonly TimedInput[]) {
    this.#commands = new Set(calendar.flatMap(({ input }) => commandIdOf(input) ?? []));
    this.#isWarmedByCalendar = calendar.some(({ input }) => input.kind === 'rowWarmed');
  }

  take(record: JournalRecord): void {
    switch (record.kind) {
      case RECORD_MARKET:
        this.#input = record.sequence;
        this.#pending = undefined;
        return;
      case RECORD_INPUT:
        this.#input = record.sequence;
        return this.#countInput(record.payload);
      case RECORD_TURN:
        this.#pending = undefined;
        return this.#takeTurn(record);
    }
  }

  #countInput(payload: Uint8Array): void {
    const input = inputCodec.read(new ByteReader(payload));
    if (input.kind === 'opened') this.#left = this.#pending;
    const isAgain = this.#left !== undefined && isEqual(this.#left, payload);
    if (isAgain) this.#left = undefined;
    if (input.kind === 'serviceChanged' && input.service === 'journal') {
      this.journalState = input.state;
    }
    this.#pending = new Uint8Array(payload);
    if (isAgain) return;
    if (input.kind === 'symbolNamed') this.symbolsNamed += 1;
    if (input.kind === 'sessionChanged' || input.kind === 'newsArrived') this.calendarTaken += 1;
    if (input.kind === 'rowWarmed' && this.#isWarmedByCalendar) this.calendarTaken += 1;
    if (input.kind === 'answered' && input.code === 'WITHDRAWN') this.#neverSent(input);
    const commandId = commandIdOf(input);
    if (commandId !== undefined && this.#commands.has(commandId)) this.calendarTaken += 1;
  }

  /** It was taken back while it waited for the disk, so the venue never heard of it. */
  #neverSent({ effectInput, effectIndex }: Answer): void {
    const at = this.brokerRequests.findIndex(
      ({ input, index }) => input === effectInput && index === effectIndex,
    );
    if (at >= 0) this.brokerRequests.splice(at, 1);
  }

  #takeTurn(record: JournalRecord): void {
    let index = 0;
    for (const item of readTurn(new ByteReader(record.payload)).items) {
      if (item.type === 'fact') continue;
      if (item.type === 'effect' && isBrokers(item.effect.kind)) {
        const { requestedUs, effect } = item;
        this.brokerRequests.push({ input: this.#input, index, requestedUs, effect });
      }
      index += 1;
    }
  }
}

function commandIdOf(input: Input): string | undefined {
  if (input.kind === 'policyChanged') return `${input.name} ${input.version}`;
  return input.kind === 'commanded' ? input.commandId : undefined;
}

function isBrokers(kind: Requested['effect']['kind']): boolean {
  return kind === 'submitOrder' || kind === 'cancelOrder' || kind === 'replaceOrder';
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
