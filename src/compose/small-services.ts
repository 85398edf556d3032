import type { Requested } from '../ports/effect.ts';
import type { Agenda, SimulatedPart } from '../ports/simulated-world.ts';

/**
 * Answers for the time series store, at once: what is kept of the rows is the feed's business, and
 * no decision waits for it.
 */
export function rowStore(): SimulatedPart {
  return {
    name: 'store',
    handles: (kind) => kind === 'writeRows',
    request: done,
  };
}

/** A market that sends everything of every symbol has nothing to change when it is asked to. */
export function wholeMarket(): SimulatedPart {
  return {
    name: 'market',
    handles: (kind) => kind === 'subscribe',
    request: done,
  };
}

export interface Alert {
  readonly atUs: number;
  readonly severity: 'info' | 'warn' | 'error' | 'fatal';
  readonly code: string;
  readonly text: string;
}

/** Hands alerts to whoever shows or logs them. */
export function alerts(show: (alert: Alert) => void): SimulatedPart {
  return {
    name: 'alerts',
    handles: (kind) => kind === 'alert',
    request(requested, agenda) {
      const { effect, requestedUs } = requested;
      if (effect.kind === 'alert') {
        const { severity, code, text } = effect;
        show({ atUs: requestedUs, severity, code, text });
      }
      done(requested, agenda);
    },
  };
}

function done({ input, index, requestedUs }: Requested, agenda: Agenda): void {
  const id = { effectInput: input, effectIndex: index };
  agenda.enter(requestedUs, { kind: 'answered', ...id, outcome: 'done' });
}
