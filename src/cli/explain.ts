import type { SymbolId } from '../core/ids.ts';
import type { Effect } from '../ports/effect.ts';
import type { Fact } from '../ports/fact.ts';
import type { Answer, Input } from '../ports/input.ts';
import type { SessionReader } from '../ports/session-reader.ts';
import type { RecordedTurn } from '../ports/turn-record.ts';
import { exactClock } from './figures.ts';
import { visitSession } from './read-session.ts';
import { findSubject, indexSession, nearTo, type Subject } from './session-index.ts';
import {
  tellAnswer,
  tellEffect,
  tellFact,
  tellInput,
  tellReport,
  type Told,
} from './story-steps.ts';
import { Judgement } from './story-end.ts';

export interface StoryStep extends Told {
  readonly atUs: number;
  /** Of the journal record that says it, or of the input that caused it. */
  readonly sequence: number;
  readonly source: Fact | Effect | Input;
}

export interface Story {
  readonly sessionId: string;
  readonly type: Subject['type'];
  readonly name: string;
  readonly steps: readonly StoryStep[];
  /** Steps in the middle of a long story that were left out. */
  readonly stepsLeftOut: number;
  /** What came of it, and if nothing did: why not. */
  readonly conclusion: readonly string[];
}

export type Explanation =
  | { readonly isFound: true; readonly story: Story }
  | { readonly isFound: false; readonly target: string; readonly near: readonly string[] };

/** Steps kept from the beginning and from the end of a story. */
const STEPS_FIRST_MAX = 500;
const STEPS_LAST_MAX = 1_500;

/** Why an order, a signal or a symbol did, or did not, trade. Reads the journal twice. */
export function explain(reader: SessionReader, sessionId: string, target: string): Explanation {
  const index = indexSession(reader, sessionId);
  const subject = findSubject(index, target);
  if (subject === undefined) return { isFound: false, target, near: nearTo(index, target) };
  const collector = new Collector(subject);
  visitSession(reader, sessionId, collector);
  return {
    isFound: true,
    story: {
      sessionId,
      type: subject.type,
      name: subject.name,
      steps: collector.steps,
      stepsLeftOut: collector.leftOut,
      conclusion: collector.judgement.conclusion(),
    },
  };
}

/** A line a step, and one more for each further detail; times on New York's clocks. */
export function renderStory(story: Story): string {
  const lines = story.steps.map(({ atUs, sequence, kind, text }) => {
    const head = `${exactClock(atUs)}  #${String(sequence).padEnd(8)} ${kind.padEnd(9)} `;
    return head + text.replaceAll(/\p{Cc}/gu, ' ').replaceAll('; ', `\n${' '.repeat(head.length)}`);
  });
  if (story.stepsLeftOut > 0) {
    lines.splice(STEPS_FIRST_MAX, 0, `... ${story.stepsLeftOut} steps left out ...`);
  }
  const head = `${story.type} ${story.name} in session ${story.sessionId}, New York time`;
  const end = story.conclusion.map((text) => `=> ${text}`);
  return `${[head, '', ...lines, '', ...end].join('\n')}\n`;
}

class Collector {
  readonly judgement: Judgement;
  leftOut = 0;
  readonly #subject: Subject;
  #first: StoryStep[] = [];
  #last: StoryStep[] = [];
  readonly #asked = new Map<string, { readonly kind: Effect['kind']; readonly atUs: number }>();

  constructor(subject: Subject) {
    this.#subject = subject;
    this.judgement = new Judgement(subject);
  }

  get steps(): readonly StoryStep[] {
    return [...this.#first, ...this.#last];
  }

  input(sequence: number, atUs: number, input: Input): void {
    this.judgement.input(input);
    const told = this.#tellInput(input, atUs);
    if (told !== undefined) this.#add({ ...told, atUs, sequence, source: input });
  }

  turn(sequence: number, nowUs: number, { items }: RecordedTurn): void {
    let index = 0;
    for (const item of items) {
      if (item.type === 'fact') {
        const { fact } = item;
        this.judgement.fact(fact, nowUs);
        const told = isAbout(fact, this.#subject) ? tellFact(fact) : undefined;
        // A turn's record follows its input.
        if (told !== undefined) {
          this.#add({ ...told, atUs: nowUs, sequence: sequence + 1, source: fact });
        }
        continue;
      }
      if (item.type === 'effect') {
        const { effect, requestedUs } = item;
        this.#request(effect, requestedUs, { sequence, index });
      }
      index += 1; // A digest was an effect too.
    }
  }

  #request(
    effect: Effect,
    requestedUs: number,
    { sequence, index }: { readonly sequence: number; readonly index: number },
  ): void {
    if (!('clientOrderId' in effect) || !this.#subject.orders.has(effect.clientOrderId)) return;
    const told = tellEffect(effect, sequence);
    if (told === undefined) return;
    this.#asked.set(`${sequence}/${index}`, { kind: effect.kind, atUs: requestedUs });
    this.#add({ ...told, atUs: requestedUs, sequence: sequence + 1, source: effect });
  }

  #tellInput(input: Input, atUs: number): Told | undefined {
    const { orders, symbol, type } = this.#subject;
    switch (input.kind) {
      case 'answered':
        return this.#tellAnswer(input, atUs);
      case 'orderUpdated':
        return orders.has(input.report.clientOrderId) ? tellReport(input.report) : undefined;
      case 'newsArrived':
        return symbol !== undefined && input.symbols.includes(symbol)
          ? tellInput(input)
          : undefined;
      case 'commanded':
        return type === 'symbol' && input.symbol === symbol ? tellInput(input) : undefined;
      default:
        return tellInput(input);
    }
  }

  #tellAnswer(answer: Answer, atUs: number): Told | undefined {
    const asked = this.#asked.get(`${answer.effectInput}/${answer.effectIndex}`);
    return asked === undefined ? undefined : tellAnswer(answer, asked.kind, atUs - asked.atUs);
  }

  #add(step: StoryStep): void {
    if (this.#first.length < STEPS_FIRST_MAX) {
      this.#first.push(step);
      return;
    }
    this.#last.push(step);
    if (this.#last.length <= STEPS_LAST_MAX) return;
    this.#last.shift();
    this.leftOut += 1;
  }
}

function isAbout(fact: Fact, { type, symbol, orders, signals }: Subject): boolean {
  if (fact.kind === 'externalOrder') return type === 'symbol' && fact.symbol === symbol;
  if ('clientOrderId' in fact && fact.kind !== 'approved') return orders.has(fact.clientOrderId);
  if ('signalId' in fact) return signals.has(fact.signalId);
  if (type !== 'symbol') return false;
  switch (fact.kind) {
    case 'crashed':
    case 'quarantined':
    case 'lifted':
      return isRowOf(fact.row, symbol);
    case 'tradingHalted':
    case 'tradingResumed':
    case 'entriesEnded':
    case 'policyTaken':
      return true; // Whatever stops everything stops this symbol.
    case 'layerMoved':
    case 'symbolBanned':
    case 'handsOff':
    case 'positionAdopted':
    case 'positionDoubted':
    case 'driftFound':
      return fact.symbol === symbol;
    default:
      return false;
  }
}

/** Rows of families are symbols; a crash of a whole actor is nobody's story in particular. */
function isRowOf(row: number, symbol: SymbolId | undefined): boolean {
  return row === symbol;
}
