import { parseJson } from '../../core/json.ts';
import { type Money, parseMoney } from '../../core/money.ts';
import type { RiskLimits } from './limits.ts';

/** One version of a setting that people change while the engine runs. */
export interface TakenPolicy {
  readonly name: string;
  readonly version: number;
  /** JSON, as it was given. */
  readonly value: string;
  readonly by: string;
  readonly reason: string;
  /** Why nothing follows from it. */
  readonly unheeded?: string;
}

/** The policies that risk heeds. They make it stricter than its configuration, and never less. */
export const RISK_POLICIES = {
  'risk.entries': 'allowed or stopped: whether positions are opened',
  'risk.positionNotionalMax': 'dollars, as 5000.00: largest position in one symbol',
  'risk.positionsMax': 'a whole number: open positions at the same time',
} as const;

export type RiskPolicy = keyof typeof RISK_POLICIES;

/** What is known of a policy once a version is taken: one that says nothing loosens nothing. */
export function followed(before: TakenPolicy | undefined, taken: TakenPolicy): TakenPolicy {
  if (taken.unheeded === undefined || before === undefined) return taken;
  return { ...taken, value: before.value };
}

/** Why a value means nothing to risk; undefined where it does mean something. */
export function policyFault(name: string, value: string): string | undefined {
  if (!isRiskPolicy(name)) return 'no policy of this name means anything to this build';
  const isRead = READ[name](parseJson(value)) !== undefined;
  return isRead ? undefined : `not a value of ${name}: ${RISK_POLICIES[name]}`;
}

/** A person has stopped entries, until a person allows them. */
export function areEntriesStopped(policies: Policies): boolean {
  return valueOf(policies, 'risk.entries') === 'stopped';
}

/** The limits of the configuration, and below them what policies ask for. */
export function tightened(limits: RiskLimits, policies: Policies): RiskLimits {
  if (policies.size === 0) return limits;
  const { positionNotionalMax, positionsMax } = limits;
  return {
    ...limits,
    positionNotionalMax: least(positionNotionalMax, valueOf(policies, 'risk.positionNotionalMax')),
    positionsMax: least(positionsMax, valueOf(policies, 'risk.positionsMax')),
  };
}

type Policies = ReadonlyMap<string, TakenPolicy>;

const READ = {
  'risk.entries': (value: unknown): 'allowed' | 'stopped' | undefined =>
    value === 'allowed' || value === 'stopped' ? value : undefined,
  'risk.positionNotionalMax': (value: unknown): Money | undefined => {
    const amount = typeof value === 'string' ? parseMoney(value) : undefined;
    return amount !== undefined && amount > 0 ? amount : undefined;
  },
  'risk.positionsMax': (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined,
} as const satisfies Readonly<Record<RiskPolicy, (value: unknown) => unknown>>;

function valueOf<Name extends RiskPolicy>(
  policies: Policies,
  name: Name,
): ReturnType<(typeof READ)[Name]> | undefined;
function valueOf(policies: Policies, name: RiskPolicy): unknown {
  const taken = policies.get(name);
  return taken === undefined ? undefined : READ[name](parseJson(taken.value));
}

function isRiskPolicy(name: string): name is RiskPolicy {
  return Object.hasOwn(RISK_POLICIES, name);
}

function least<Amount extends number>(limit: Amount, asked: Amount | undefined): Amount {
  return asked === undefined || asked > limit ? limit : asked;
}
