import type { EffectKind } from '../../ports/effect.ts';
import type { ServiceDefinition } from '../../ports/service.ts';
import { AlpacaError } from './alpaca-error.ts';
import type { AlpacaBrokerOptions } from './alpaca-options.ts';
import { BrokerLife } from './broker-life.ts';
import { RateBudget } from './rate-budget.ts';
import { readAccount } from './statements.ts';
import { VenueCalls } from './venue-calls.ts';

export interface AlpacaBroker extends ServiceDefinition {
  /**
   * The venue's number of the account that the keys belong to: a session refuses another (H6).
   * Rejects with an `AlpacaError`.
   */
  identify(): Promise<string>;
}

const KINDS: ReadonlySet<EffectKind> = new Set([
  'submitOrder',
  'cancelOrder',
  'replaceOrder',
  'enquireOrder',
  'reconcile',
]);

/** Orders out to Alpaca, or to whatever speaks its protocol, through the official SDK. */
export function createAlpacaBroker(options: AlpacaBrokerOptions): AlpacaBroker {
  // One for all lives of the service: the venue counts on when we begin anew.
  const budget = new RateBudget(options);
  return {
    name: options.name,
    service: 'broker',
    policy: options.policy,
    handles: (kind) => KINDS.has(kind),
    make: (context) => new BrokerLife(options, budget, context),
    identify: () => identify(options, budget),
  };
}

async function identify(options: AlpacaBrokerOptions, budget: RateBudget): Promise<string> {
  const { tradingUrl, clock, statementMsMax } = options;
  const calls = new VenueCalls({ ...options, url: tradingUrl, budget });
  const deadlineMs = clock.wallMs() + statementMsMax;
  const read = await readAccount(calls, { priority: 'enquiry', deadlineMs });
  if (read.failure === undefined) return read.state.accountNumber;
  throw new AlpacaError(read.isRefused ? 'BROKER_KEY_REFUSED' : 'BROKER_UNREACHABLE', read.failure);
}
