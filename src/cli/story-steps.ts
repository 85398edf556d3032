import { unreachable } from '../core/assert.ts';
import type { OrderIntent } from '../domain/orders/intent.ts';
import type { OrderReport } from '../domain/orders/report.ts';
import type { Effect } from '../ports/effect.ts';
import type { Fact, FactOf } from '../ports/fact.ts';
import type { Answer, Input } from '../ports/input.ts';
import { layerName, refusalText, signalMeasure, strategyName } from './describe.ts';
import { count, dollars, measure, priceText, span } from './figures.ts';

/** What one fact, request or input says about its subject; undefined where it says nothing. */
export interface Told {
  readonly kind: string;
  readonly text: string;
}

const PURPOSES = { entry: 'to open', exit: 'to close', flatten: 'to flatten' } as const;

export function tellFact(fact: Fact): Told | undefined {
  return (
    tellDecision(fact) ?? tellOrderFact(fact) ?? tellRestriction(fact) ?? tellBrokersBooks(fact)
  );
}

function tellDecision(fact: Fact): Told | undefined {
  switch (fact.kind) {
    case 'layerMoved': {
      const { layer, isMember, reason, score } = fact;
      const way = isMember ? 'into' : 'out of';
      const shown = Number.isFinite(score) ? ` (score ${measure(score)})` : '';
      return {
        kind: 'layer',
        text: `${way} layer ${layer} ${layerName(layer)}: ${reason}${shown}`,
      };
    }
    case 'signalled':
      return { kind: 'signal', text: signalText(fact) };
    case 'refused': {
      const { code, value, limit } = fact;
      return { kind: 'refused', text: `${code}: ${refusalText(code, value, limit)}` };
    }
    case 'approved':
      return { kind: 'approved', text: `risk let it pass: at most $${dollars(fact.notional)}` };
    case 'intended':
      return { kind: 'intent', text: intentText(fact) };
    default:
      return undefined;
  }
}

function tellOrderFact(fact: Fact): Told | undefined {
  switch (fact.kind) {
    case 'stood': {
      const next = fact.successor === undefined ? '' : `, goes on as ${fact.successor}`;
      const why = fact.reason === undefined ? '' : `: ${fact.reason}`;
      return { kind: 'stands', text: `${fact.standing}${why}${next}` };
    }
    case 'filled': {
      const { quantity, price, executionId } = fact.execution;
      const what = fact.side === 'buy' ? 'bought' : 'sold';
      return {
        kind: 'fill',
        text: `${what} ${count(quantity)} at ${priceText(price)} (${executionId})`,
      };
    }
    case 'cancelAsked':
      return { kind: 'cancel', text: `wanted: ${fact.reason}` };
    case 'enquired':
      return { kind: 'enquiry', text: `what became of it? attempt ${fact.attempt}` };
    case 'absent':
      return { kind: 'enquiry', text: 'the venue does not know it' };
    case 'released':
      return { kind: 'released', text: 'the money set aside for it is free again' };
    case 'strayReported':
      return { kind: 'stray', text: `the venue reported what we do not know: ${fact.detail}` };
    default:
      return undefined;
  }
}

function tellRestriction(fact: Fact): Told | undefined {
  switch (fact.kind) {
    case 'symbolBanned':
      return said(fact.isBanned ? 'banned' : 'unbanned', fact);
    case 'handsOff':
      return said(fact.isOff ? 'hands off' : 'hands on', fact);
    case 'tradingHalted':
      return said(`trading halted, ${fact.level} (${fact.code})`, fact);
    case 'tradingResumed':
      return said('trading resumed', fact);
    case 'crashed':
      return { kind: 'crash', text: `${fact.actor} healed after ${fact.code}: ${fact.message}` };
    case 'quarantined':
      return { kind: 'crash', text: `${fact.actor} quarantined: no signals until it is lifted` };
    case 'lifted':
      return { kind: 'crash', text: `${fact.actor} is back from quarantine` };
    default:
      return undefined;
  }
}

const ORIGINS = {
  opening: 'held when the session began',
  external: 'by an order of somebody else, or by hand',
  drift: 'for no reason that is known',
} as const;

function tellBrokersBooks(fact: Fact): Told | undefined {
  switch (fact.kind) {
    case 'positionAdopted': {
      const { quantity, origin } = fact;
      return { kind: 'broker', text: `${count(quantity)} at the broker, ${ORIGINS[origin]}` };
    }
    case 'positionDoubted':
    case 'driftFound': {
      const { ours, theirs } = fact;
      const isDrift = fact.kind === 'driftFound';
      const found = ours === theirs ? 'no doubt any more' : isDrift ? 'DRIFT' : 'looked at again';
      const books = `${count(ours)} in our books, ${count(theirs)} at the broker`;
      return { kind: 'broker', text: `${books}: ${found}` };
    }
    case 'externalOrder': {
      const { side, quantity, filledQuantity, isOpen, isFormOurs, clientOrderId } = fact;
      const whose = isFormOurs ? 'another session' : 'somebody else';
      const rest = `${count(filledQuantity)} filled${isOpen ? '' : ', over'}`;
      return {
        kind: 'broker',
        text: `${whose} wants to ${side} ${count(quantity)} (${clientOrderId}): ${rest}`,
      };
    }
    case 'entriesEnded':
      return said('the session is being ended, no entries', fact);
    case 'policyTaken': {
      const { name, value, version, unheeded } = fact;
      const left = unheeded === undefined ? '' : `, and nothing follows (${unheeded}),`;
      return said(`the policy ${name} is ${value}, version ${version}${left}`, fact);
    }
    default:
      return undefined;
  }
}

function said(
  what: string,
  { by, reason }: { readonly by: string; readonly reason: string },
): Told {
  return { kind: 'operator', text: `${what} by ${by}: ${reason}` };
}

function signalText(signal: FactOf<'signalled'>): string {
  const { signalId, strategy, side, purpose, reason, bid, ask, last, stopDistance } = signal;
  const measured = `${signalMeasure(signal)} (measure / threshold), ${reason}`;
  const quote = `bid ${priceText(bid)}, ask ${priceText(ask)}, last ${priceText(last)}`;
  const stop = purpose === 'entry' ? `; wrong ${priceText(stopDistance)} away` : '';
  const model = signal.modelVersion === undefined ? '' : `; model ${signal.modelVersion}`;
  const head = `${signalId}, ${strategyName(strategy)}: ${side} ${PURPOSES[purpose]}`;
  return `${head}; ${measured}; ${quote}${stop}${model}`;
}

export function intentText(intent: OrderIntent): string {
  const { side, quantity, limitPrice, timeInForce, purpose, referencePrice } = intent;
  const price =
    limitPrice === undefined ? 'at the market' : `at ${priceText(limitPrice)} or better`;
  const head = `${side} ${count(quantity)} ${PURPOSES[purpose]} ${price}, ${timeInForce}`;
  return `${head}; reckoned at ${priceText(referencePrice)}; ${intent.clientOrderId}`;
}

/** `sequence` is that of the input whose turn asked: the record after it holds the request. */
export function tellEffect(effect: Effect, sequence: number): Told | undefined {
  switch (effect.kind) {
    case 'submitOrder':
      return sent(`order sent once record ${sequence + 1} was safe`);
    case 'replaceOrder': {
      const { quantity, limitPrice, successor } = effect;
      const to = `${count(quantity)} at ${priceText(limitPrice)} as ${successor}`;
      return sent(`replacement sent once record ${sequence + 1} was safe: ${to}`);
    }
    case 'cancelOrder':
      return sent('cancel sent at once');
    case 'enquireOrder':
      return sent(`enquiry ${effect.attempt} sent at once`);
    case 'infer':
    case 'writeRows':
    case 'alert':
    case 'reconcile':
    case 'subscribe':
      return undefined;
    default:
      return unreachable(effect);
  }
}

function sent(text: string): Told {
  return { kind: 'sent', text };
}

/** `requestedUs` is when the question left. */
export function tellAnswer(answer: Answer, asked: Effect['kind'], waitedUs: number): Told {
  const { outcome, code, message, order } = answer;
  const why = [code, message].filter((part) => part !== undefined).join(': ');
  const state = order === undefined ? '' : `; the venue has it ${order.status}`;
  const head = `${outcome}${why === '' ? '' : ` (${why})`}`;
  return { kind: 'answer', text: `${asked}: ${head} after ${span(waitedUs)}${state}` };
}

export function tellReport({ event, status, filledQuantity, reason }: OrderReport): Told {
  const why = reason === undefined ? '' : `: ${reason}`;
  const text = `${event}; ${status}, ${count(filledQuantity)} filled in all${why}`;
  return { kind: 'venue', text };
}

/** Inputs that name a symbol and are no report or answer. */
export function tellInput(input: Input): Told | undefined {
  switch (input.kind) {
    case 'newsArrived':
      return { kind: 'news', text: input.headline };
    case 'commanded':
      return { kind: 'operator', text: `${input.verb} by ${input.by}: ${input.reason}` };
    case 'opened':
      return input.life > 1
        ? { kind: 'engine', text: `the engine came back, life ${input.life}` }
        : undefined;
    default:
      return undefined;
  }
}
