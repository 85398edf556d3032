import type { EffectDesk } from './effect-desk.ts';

/** One line of `strata actors`. */
export interface ActorNode {
  readonly name: string;
  readonly role: 'supervisor' | 'service' | 'engine' | 'actor';
  readonly state: string;
  /** Market time at which it entered this state. */
  readonly sinceUs: number;
  readonly restarts: number;
  readonly lastError?: string;
  readonly reason?: string;
  /** Effects that left and are not settled. */
  readonly inFlight: number;
  /** Effects that wait. */
  readonly queued: number;
  /** What came for it, or from it, when it was over. */
  readonly deadLetters: number;
  /** What has not settled for too long, by name. */
  readonly hanging: readonly string[];
  readonly children: readonly ActorNode[];
}

export function leaf(
  name: string,
  role: ActorNode['role'],
  state: string,
  sinceUs: number,
): ActorNode {
  const counts = { restarts: 0, inFlight: 0, queued: 0, deadLetters: 0 };
  return { name, role, state, sinceUs, ...counts, hanging: [], children: [] };
}

/** A supervisor is as its children are: the worst of them gives its state. */
export function supervisorNode(
  name: string,
  sinceUs: number,
  children: readonly ActorNode[],
): ActorNode {
  const states = new Set(children.map(({ state }) => state));
  const state = WORST_FIRST.find((one) => states.has(one)) ?? 'up';
  return { ...leaf(name, 'supervisor', state, sinceUs), children };
}

export function serviceNode(desk: EffectDesk): ActorNode {
  const { service, inFlight, waiting } = desk;
  const { state, sinceUs, restarts, lastError, reason, hanging } = service;
  return {
    ...leaf(service.definition.name, 'service', state, sinceUs),
    ...(lastError === undefined ? {} : { lastError }),
    ...(reason === '' ? {} : { reason }),
    restarts,
    inFlight,
    queued: waiting,
    deadLetters: service.lostLetters,
    hanging: [...hanging],
  };
}

const WORST_FIRST = [
  'failed',
  'down',
  'waiting',
  'starting',
  'degraded',
  'stopping',
  'up',
  'stopped',
] as const;
