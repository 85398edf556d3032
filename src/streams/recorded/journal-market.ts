import { ByteReader } from '../../core/bytes.ts';
import { readEvents } from '../../domain/market/event-codec.ts';
import { EventBatch } from '../../domain/market/event-batch.ts';
import { type Input, inputCodec } from '../../ports/input.ts';
import type { JournalRecord } from '../../ports/journal.ts';
import type {
  DataFaults,
  ListedSymbol,
  MarketSource,
  TimedInput,
} from '../../ports/market-source.ts';
import { RECORD_INPUT, RECORD_MARKET } from '../../ports/turn-record.ts';
import { copyEvents } from '../../domain/market/copy-events.ts';
import { RecordedError } from './recorded-error.ts';

export interface JournalMarketOptions {
  /** For people: where the journal lies. */
  readonly name: string;
  /**
   * The records from the first on, anew at each call. Throws where the journal is damaged, which
   * the reading at the start finds before anything is decided on it.
   */
  readonly records: () => Iterable<JournalRecord>;
}

/** What a record may hold: the most that `runtime.turnEventsMax` and `turnFramesMax` allow. */
const RECORD_EVENTS_MAX = 65_536;
const RECORD_FRAMES_MAX = 65_536;

/**
 * A recorded session as a market. Of its journal only what came from outside is taken: market
 * frames (daily history among them), symbols, what their rows were warmed with, session edges, news
 * and commands. What broker and
 * inference answered is left out, since they are simulated anew.
 *
 * The journal is read twice: once for symbols and calendar, then as far as the caller pulls.
 * Nothing is kept of it but the record at hand, so memory is what `records` holds: one segment.
 */
export class JournalMarket implements MarketSource {
  readonly name: string;
  readonly symbols: readonly ListedSymbol[];
  readonly calendar: readonly TimedInput[];
  readonly beganUs: number;
  /** A journal is whole or it is refused: there are no bad rows in it. */
  readonly faults: DataFaults = { count: 0, first: [] };
  readonly #records: Iterator<JournalRecord>;
  /** A session that still runs grows: what came after the first reading is not taken. */
  readonly #lastSequence: number;
  readonly #taken = new EventBatch(RECORD_EVENTS_MAX, RECORD_FRAMES_MAX);
  /** The next frame of the record at hand, and the next event in it. */
  #frame = 0;
  #event = 0;
  #isClosed = false;

  constructor({ name, records }: JournalMarketOptions) {
    const survey = surveyOf(name, records());
    this.name = name;
    this.symbols = survey.symbols;
    this.calendar = survey.calendar;
    this.beganUs = survey.beganUs;
    this.#lastSequence = survey.lastSequence;
    this.#records = records()[Symbol.iterator]();
  }

  /** A frame larger than the batch, as another configuration may ask, becomes several. */
  next(batch: EventBatch): boolean {
    batch.clear();
    while (!batch.isFull && this.#hasFrame()) {
      const end = this.#taken.frameEnd[this.#frame] ?? 0;
      const room = batch.eventsMax - batch.count;
      const isWhole = end - this.#event <= room;
      if (!isWhole && batch.count > 0) break;
      const until = isWhole ? end : this.#event + room;
      copyEvents(this.#taken, this.#event, until, batch);
      batch.endFrame(this.#taken.frameUs[this.#frame] ?? 0);
      this.#event = until;
      if (isWhole) this.#frame += 1;
    }
    return batch.frames > 0;
  }

  close(): void {
    if (!this.#isClosed) this.#records.return?.();
    this.#isClosed = true;
    this.#taken.clear();
    this.#frame = 0;
  }

  /** Is there one, here or in the next market record? */
  #hasFrame(): boolean {
    while (this.#frame >= this.#taken.frames) {
      if (this.#isClosed) return false;
      const { done, value } = this.#records.next();
      if (done === true || value.sequence > this.#lastSequence) this.close();
      else if (value.kind === RECORD_MARKET) {
        readEvents(new ByteReader(value.payload), this.#taken);
        this.#frame = 0;
        this.#event = 0;
      }
    }
    return true;
  }
}

interface Survey {
  readonly symbols: readonly ListedSymbol[];
  readonly calendar: readonly TimedInput[];
  readonly beganUs: number;
  readonly lastSequence: number;
}

function surveyOf(name: string, records: Iterable<JournalRecord>): Survey {
  const symbols: ListedSymbol[] = [];
  const calendar: TimedInput[] = [];
  const batch = new EventBatch(RECORD_EVENTS_MAX, RECORD_FRAMES_MAX);
  let lastSequence = 0;
  let beganUs: number | undefined;
  let frameUs = Number.NEGATIVE_INFINITY;
  let warmedUs = Number.NEGATIVE_INFINITY;
  for (const { kind, sequence, nowUs, payload } of records) {
    lastSequence = sequence;
    beganUs ??= nowUs;
    if (kind === RECORD_MARKET) {
      readEvents(new ByteReader(payload), batch);
      frameUs = batch.frameUs[batch.frames - 1] ?? frameUs;
    }
    if (kind !== RECORD_INPUT) continue;
    const input = inputCodec.read(new ByteReader(payload));
    if (input.kind === 'symbolNamed') symbols.push(listedOf(name, input, symbols.length));
    else if (isExogenous(input)) {
      const atUs = Math.max(warmedUs, timeOf(input, nowUs, frameUs));
      // What the session began with stays before whatever came then.
      if (input.kind === 'rowWarmed') warmedUs = atUs;
      calendar.push({ atUs, input });
    }
  }
  if (frameUs === Number.NEGATIVE_INFINITY) {
    throw new RecordedError('RECORDED_UNRECOGNISED', `${name} holds no market events`);
  }
  return {
    symbols,
    calendar: calendar.toSorted((a, b) => a.atUs - b.atUs),
    beganUs: beganUs ?? frameUs,
    lastSequence,
  };
}

function listedOf(
  journal: string,
  { symbol, name, assetClass, sector, isTradable }: Extract<Input, { kind: 'symbolNamed' }>,
  place: number,
): ListedSymbol {
  if (symbol !== place) {
    const message = `${journal}: symbol ${name} has the id ${symbol}, and ${place} comes next`;
    throw new RecordedError('RECORDED_UNREADABLE', message);
  }
  return { name, assetClass, sector, isTradable };
}

function isExogenous({ kind }: Input): boolean {
  if (kind === 'rowWarmed') return true; // From a store, of which a replay knows nothing.
  return kind === 'sessionChanged' || kind === 'newsArrived' || isPersons(kind);
}

function isPersons(kind: Input['kind']): boolean {
  return kind === 'commanded' || kind === 'policyChanged';
}

/**
 * A person commands between two frames, and at one moment commands go first. One that was given
 * after a frame of its moment comes a microsecond later, so that it stays behind what was seen; and
 * so do rows that were warmed after the daily history.
 */
function timeOf({ kind }: Input, nowUs: number, lastFrameUs: number): number {
  const isBehind = isPersons(kind) || kind === 'rowWarmed';
  return isBehind && lastFrameUs >= nowUs ? lastFrameUs + 1 : nowUs;
}
