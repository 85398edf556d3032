import { MINUTE, SECOND } from '../../core/time.ts';
import type { Effect } from '../../ports/effect.ts';
import type { FactOf } from '../../ports/fact.ts';
import type { Input } from '../../ports/input.ts';
import type { ActorDefinition, AppliedOf, Turn } from '../runtime/definition.ts';

/** How often things went wrong since the session began. */
export interface Health {
  crashes: number;
  quarantines: number;
  halts: number;
  strays: number;
  /** Decided by somebody who cannot tell people, and not told yet. */
  readonly untold: Untold[];
}

type Untold = Omit<Extract<Effect, { kind: 'alert' }>, 'kind'>;

/** In one turn a family may lose every row: the first say enough, and all are counted. */
const UNTOLD_MAX = 50;

const APPLIES = [
  'crashed',
  'quarantined',
  'tradingHalted',
  'strayReported',
  'peopleTold',
  'policyTaken',
  'healthCarried',
] as const;
type Kinds = (typeof APPLIES)[number];
type MonitorMessage = Extract<
  Input,
  { kind: 'serviceChanged' | 'sessionChanged' | 'commanded' | 'timePassed' }
>;

/**
 * Counts what went wrong and tells people: when a service changes, when trading is halted or an
 * actor is taken out, and at the end of a session. What a fact alone tells is passed on as soon as
 * time passes, which it does at every timer.
 */
export function monitor(): ActorDefinition<Health, MonitorMessage, Kinds> {
  return {
    name: 'monitor',
    restart: { restartsMax: 3, withinUs: 10 * SECOND, then: 'quarantine', quarantineUs: MINUTE },
    isOrderPath: false,
    hears: ['serviceChanged', 'sessionChanged', 'commanded', 'timePassed'],
    applies: APPLIES,
    initial: () => ({ crashes: 0, quarantines: 0, halts: 0, strays: 0, untold: [] }),
    decide(health, message, turn) {
      if (message.kind === 'serviceChanged') tellService(message, turn);
      else if (message.kind === 'sessionChanged') tellSession(health, message, turn);
      const count = health.untold.length;
      if (count === 0) return [];
      for (const untold of health.untold) turn.request({ kind: 'alert', ...untold });
      return [{ kind: 'peopleTold', count }];
    },
    apply,
    condense: ({ crashes, quarantines, halts, strays }) => [
      { kind: 'healthCarried', crashes, quarantines, halts, strays },
    ],
  };
}

type InputOf<Kind extends Input['kind']> = Extract<Input, { kind: Kind }>;

function tellService({ service, state, reason }: InputOf<'serviceChanged'>, turn: Turn): void {
  const severity = state === 'up' ? 'info' : state === 'down' ? 'error' : 'warn';
  turn.request({ kind: 'alert', severity, code: `${service}.${state}`, text: reason });
}

function tellSession(health: Health, { phase }: InputOf<'sessionChanged'>, turn: Turn): void {
  if (phase !== 'closed') return;
  const { crashes, quarantines, halts, strays } = health;
  const faults = `${crashes} crashes, ${quarantines} quarantines`;
  const text = `${faults}, ${halts} halts, ${strays} strays`;
  turn.request({ kind: 'alert', severity: 'info', code: 'session.closed', text });
}

function apply(health: Health, fact: AppliedOf<Kinds>): void {
  switch (fact.kind) {
    case 'crashed':
      health.crashes += 1;
      return;
    case 'quarantined':
      health.quarantines += 1;
      return note(health, quarantineText(fact));
    case 'tradingHalted': {
      health.halts += 1;
      const text = `${fact.level}, ${fact.code} by ${fact.by}: ${fact.reason}`;
      return note(health, { severity: 'error', code: 'trading.halted', text });
    }
    case 'strayReported':
      health.strays += 1;
      return;
    case 'policyTaken':
      return note(health, policyText(fact));
    case 'peopleTold':
      health.untold.splice(0, fact.count);
      return;
    case 'healthCarried': {
      const { crashes, quarantines, halts, strays } = fact;
      Object.assign(health, { crashes, quarantines, halts, strays });
    }
  }
}

function policyText({ name, version, value, by, reason, unheeded }: FactOf<'policyTaken'>): Untold {
  const what = `${name} is ${value}, version ${version} by ${by}: ${reason}`;
  if (unheeded === undefined) return { severity: 'info', code: 'policy.taken', text: what };
  return { severity: 'warn', code: 'policy.unheeded', text: `${what}; ${unheeded}` };
}

/** Its crash budget is used up. */
function quarantineText({ actor, row }: FactOf<'quarantined'>): Untold {
  const what = row < 0 ? actor : `row ${row} of ${actor}`;
  return { severity: 'warn', code: 'actor.quarantined', text: `${what} crashed too often` };
}

function note({ untold }: Health, told: Untold): void {
  if (untold.length < UNTOLD_MAX) untold.push(told);
}
