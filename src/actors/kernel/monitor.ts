import { MINUTE, SECOND } from '../../core/time.ts';
import type { Input } from '../../ports/input.ts';
import type { ActorDefinition } from '../runtime/definition.ts';

/** How often things went wrong since the session began. */
export interface Health {
  crashes: number;
  quarantines: number;
  halts: number;
  strays: number;
}

type Kinds = 'crashed' | 'quarantined' | 'tradingHalted' | 'strayReported' | 'healthCarried';
type MonitorMessage = Extract<Input, { kind: 'serviceChanged' | 'sessionChanged' }>;

/** Counts what went wrong and tells people: when a service changes, and at the end of a session. */
export function monitor(): ActorDefinition<Health, MonitorMessage, Kinds> {
  return {
    name: 'monitor',
    restart: { restartsMax: 3, withinUs: 10 * SECOND, then: 'quarantine', quarantineUs: MINUTE },
    isOrderPath: false,
    hears: ['serviceChanged', 'sessionChanged'],
    applies: ['crashed', 'quarantined', 'tradingHalted', 'strayReported', 'healthCarried'],
    initial: () => ({ crashes: 0, quarantines: 0, halts: 0, strays: 0 }),
    decide(health, message, turn) {
      if (message.kind === 'serviceChanged') {
        const { service, state, reason } = message;
        const severity = state === 'up' ? 'info' : state === 'down' ? 'error' : 'warn';
        const code = `${service}.${state}`;
        turn.request({ kind: 'alert', severity, code, text: reason });
      } else if (message.phase === 'closed') {
        const { crashes, quarantines, halts, strays } = health;
        const faults = `${crashes} crashes, ${quarantines} quarantines`;
        const text = `${faults}, ${halts} halts, ${strays} strays`;
        turn.request({ kind: 'alert', severity: 'info', code: 'session.closed', text });
      }
      return [];
    },
    apply(health, fact) {
      switch (fact.kind) {
        case 'crashed':
          health.crashes += 1;
          return;
        case 'quarantined':
          health.quarantines += 1;
          return;
        case 'tradingHalted':
          health.halts += 1;
          return;
        case 'strayReported':
          health.strays += 1;
          return;
        case 'healthCarried': {
          const { crashes, quarantines, halts, strays } = fact;
          Object.assign(health, { crashes, quarantines, halts, strays });
        }
      }
    },
    condense: (health) => [{ kind: 'healthCarried', ...health }],
  };
}
