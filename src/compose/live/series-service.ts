import type { Timer, Timers } from '../../ports/clock.ts';
import type { EffectAnswer, ServiceDefinition, ServicePolicy } from '../../ports/service.ts';
import type { SessionSeries } from '../store-feed/session-series.ts';

export interface SeriesServiceOptions {
  readonly series: SessionSeries;
  readonly policy: ServicePolicy;
  readonly timers: Timers;
}

const LOOK_MS = 500;

/**
 * The store of time series as the tree supervises it and people look at it. The kernel does not
 * hear of its health: nothing that is decided depends on it (J1), and rows are taken before
 * whoever asks for them is answered.
 */
export function seriesService({ series, policy, timers }: SeriesServiceOptions): ServiceDefinition {
  return {
    name: 'rows',
    service: 'none',
    policy,
    handles: (kind) => kind === 'writeRows',
    make(context) {
      let timer: Timer | undefined;
      let told = '';
      let wasWell = true;
      const look = (): void => {
        const { isWell, reason } = series.health;
        if (reason !== told) context.health(isWell ? 'up' : 'degraded', reason);
        if (isWell !== wasWell) {
          const event = isWell ? 'storeBack' : 'storeTroubled';
          context.log(isWell ? 'info' : 'warn', event, { place: series.place, reason });
        }
        told = reason;
        wasWell = isWell;
        timer = timers.after(LOOK_MS, look);
      };
      return {
        start: async () => look(),
        perform: async () => DONE,
        answer: () => DONE,
        stop: async () => timer?.cancel(),
      };
    },
  };
}

/** The feed has the rows from the turn that asked: there is nothing to wait for. */
const DONE: EffectAnswer = { outcome: 'done' };
