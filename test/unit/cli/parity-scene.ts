import { compareSessions, type Parity } from '../../../src/cli/parity.ts';
import { riskFold } from '../../../src/compose/risk-fold.ts';
import { symbolId, textId } from '../../../src/core/ids.ts';
import { MINUTE, SECOND } from '../../../src/core/time.ts';
import type { Effect } from '../../../src/ports/effect.ts';
import type { Fact, FactOf } from '../../../src/ports/fact.ts';
import type { Answer } from '../../../src/ports/input.ts';
import { ordered, readerOf, SessionScript, signalled } from './session-script.ts';

export const [AAPL, BAC] = [symbolId(0), symbolId(1)];
export const ORDER = 'mr.AAPL.0';
export const account = textId<FactOf<'reconciled'>['account']>('PAPER');

export const liveOne = (): SessionScript => new SessionScript('s-1', { isLive: true });
export const replayOne = (changes = {}): SessionScript =>
  new SessionScript('s-2', { kind: 'replay', source: 'sessions/s-1', ...changes });

/** The same in both sessions, with what each does of its own in the middle of a minute. */
export function explain(
  left: (script: SessionScript) => void,
  right: (script: SessionScript) => void,
  [live, replay] = [liveOne(), replayOne()],
): Parity {
  for (const script of [live, replay]) {
    script.open().wait(SECOND).market(3);
    (script === live ? left : right)(script);
    script.wait(MINUTE - ((script.nowUs - SECOND) % MINUTE)).market(2);
  }
  const options = { isStrict: false, riskFold };
  return compareSessions(readerOf(live, replay), live.description, replay.description, options);
}

export const nothing = (): void => undefined;

export function whyOf({ differences }: Parity): readonly string[] {
  return differences.map(({ kind, why }) => `${kind}: ${why?.class}`);
}

export function refusal(
  code: FactOf<'refused'>['code'],
  [value, limit]: readonly [number, number] = [1, 0],
  number = 1,
  symbol = AAPL,
): Fact {
  return { kind: 'refused', signalId: textId(`mr-${number}`), symbol, code, value, limit };
}

/** A signal at this moment, and what risk says to it. */
export function ask(script: SessionScript, ...answer: readonly (Fact | Effect)[]): SessionScript {
  return script.facts(signalled(1, AAPL, script.nowUs), ...answer);
}

export const bought = ordered(ORDER, 1, AAPL);
export const [approved, intended] = bought;

export function enquired(script: SessionScript): Fact {
  return { kind: 'enquired', clientOrderId: textId(ORDER), attempt: 1, atUs: script.nowUs };
}

export function answer(
  outcome: Answer['outcome'],
  effectInput: number,
  more: Partial<Answer> = {},
): Answer {
  return { kind: 'answered', effectInput, effectIndex: 0, outcome, ...more };
}

export function infer(script: SessionScript): number {
  const features = Float64Array.from([1]);
  script.facts({ kind: 'infer', model: 'momentum-1', rows: [AAPL], width: 1, features });
  return script.lastInput;
}

export function scored(
  script: SessionScript,
  asked: number,
  ...produced: readonly Fact[]
): SessionScript {
  const scores = { scores: Float64Array.from([0.6]), modelVersion: 'momentum-1@1' };
  return script.input(answer('done', asked, scores), ...produced);
}

export const score = (script: SessionScript) =>
  signalled(1, AAPL, script.nowUs, { value: 0.6, threshold: 0.57, reason: 'score' });
