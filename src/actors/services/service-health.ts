import type { Input } from '../../ports/input.ts';
import type { ServiceName } from '../../ports/service.ts';
import type { ServiceActor } from './service-actor.ts';

type KernelState = 'up' | 'degraded' | 'down';

/** What a reason in the journal has room for. */
const REASON_LENGTH_MAX = 300;

/**
 * Tells the kernel of changes, and of nothing else. Where several services share a name the worst
 * of them speaks for it. Of one that has not been up yet, and has not failed, nothing is said; an
 * ordered stop is no news either.
 */
export class HealthReport {
  readonly #enter: (input: Input) => void;
  readonly #told = new Map<ServiceName, string>();

  constructor(enter: (input: Input) => void) {
    this.#enter = enter;
  }

  changed(services: readonly ServiceActor[]): void {
    for (const name of new Set(services.map(({ definition }) => definition.service))) {
      if (name === 'none') continue;
      const members = services.filter(({ definition }) => definition.service === name);
      const worst = worstOf(members);
      if (worst !== undefined) this.#tell(name, ...worst);
    }
  }

  #tell(service: ServiceName, state: KernelState, reason: string): void {
    // Another reason for the same state is no change, but that it is final is.
    const told = reason === 'budget' ? 'budget' : state;
    if (this.#told.get(service) === told) return;
    this.#told.set(service, told);
    const text = reason.slice(0, REASON_LENGTH_MAX);
    this.#enter({ kind: 'serviceChanged', service, state, reason: text });
  }
}

function worstOf(services: readonly ServiceActor[]): [KernelState, string] | undefined {
  const isOver = services.some(({ state }) => state === 'stopping' || state === 'stopped');
  if (isOver) return undefined;
  const givenUp = services.find(({ state }) => state === 'down');
  if (givenUp !== undefined) return ['down', givenUp.reason];
  const broken = services.find(({ lastError, isUsable }) => !isUsable && lastError !== undefined);
  if (broken !== undefined) return ['down', broken.reason || (broken.lastError ?? '')];
  if (services.some(({ isUsable }) => !isUsable)) return undefined; // Not begun, or starting.
  const degraded = services.find(({ state }) => state === 'degraded');
  if (degraded !== undefined) return ['degraded', degraded.reason];
  return ['up', services.map(({ reason }) => reason).join(', ')];
}
