import { DAY } from '../../core/time.ts';

/** How near a symbol's past is kept, by the deepest layer that it reached. */
export type Tier = 'hot' | 'warm' | 'cold' | 'archive';

/** By layer: 0 is every symbol that is listed, 3 is what may be traded now. */
export const TIER_OF_LAYER = ['archive', 'cold', 'warm', 'hot'] as const satisfies readonly Tier[];

export interface LifecyclePolicy {
  /** Days that rows stay in the store, whatever the layer of their symbol. */
  readonly recentDays: number;
  /** More than that, for the symbols of a tier. */
  readonly daysInStore: Readonly<Record<Exclude<Tier, 'archive'>, number>>;
}

/** Facts are never taken out of the store: with the journal they are what happened. */
export const FACT_TABLES: ReadonlySet<string> = new Set([
  'signals',
  'orders',
  'fills',
  'incidents',
  // What prices are read by, however old.
  'corporate_actions',
]);

/** Rows of the tier before this moment are due to go. */
export function dueBeforeUs(tier: Tier, policy: LifecyclePolicy, nowUs: number): number {
  const { recentDays, daysInStore } = policy;
  const days = tier === 'archive' ? recentDays : Math.max(recentDays, daysInStore[tier]);
  return nowUs - days * DAY;
}
