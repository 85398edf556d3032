import type { AnyDefinition } from '../runtime/slot.ts';
import { type FailurePolicy, Kernel } from '../runtime/kernel.ts';
import type { Probe } from '../runtime/handling.ts';
import { ensemble } from './ensemble.ts';
import { execution, type ExecutionOptions } from './execution.ts';
import { layer0 } from './layer-0.ts';
import { layer1, type Layer1Options } from './layer-1.ts';
import { layer2, type Layer2Options } from './layer-2.ts';
import { monitor } from './monitor.ts';
import { portfolio } from './portfolio.ts';
import { predictions, type PredictionsOptions } from './predictions.ts';
import { reconciliation, type ReconciliationOptions } from './reconciliation.ts';
import { risk, type RiskOptions } from './risk.ts';
import { meanReversion, momentum, type StopRule } from './strategy.ts';
import { subscriptions, type SubscriptionsOptions } from './subscriptions.ts';
import { symbols, type SymbolsOptions } from './symbols.ts';
import type { EnsembleRules } from '../../domain/signals/ensemble.ts';
import type { MeanReversionRules } from '../../domain/signals/mean-reversion.ts';
import type { MomentumRules } from '../../domain/signals/momentum.ts';

export interface TradingKernelOptions {
  readonly symbols: SymbolsOptions;
  readonly layer1: Layer1Options;
  readonly layer2: Layer2Options;
  readonly predictions: PredictionsOptions;
  readonly ensemble: EnsembleRules;
  readonly meanReversion: MeanReversionRules & StopRule;
  readonly momentum: MomentumRules & StopRule;
  readonly risk: RiskOptions;
  readonly execution: ExecutionOptions;
  readonly reconciliation: ReconciliationOptions;
  readonly subscriptions: SubscriptionsOptions;
  readonly policy: FailurePolicy;
  /** Symbols the session may name. */
  readonly symbolsMax: number;
  readonly messagesMax: number;
  readonly probe?: Probe | undefined;
}

/** The kernel that trades: all its actors, in the order of the actor table. */
export function createTradingKernel(options: TradingKernelOptions): Kernel {
  return new Kernel({
    definitions: tradingActors(options),
    rowsMax: options.symbolsMax,
    messagesMax: options.messagesMax,
    policy: options.policy,
    probe: options.probe,
  });
}

export function tradingActors(options: TradingKernelOptions): readonly AnyDefinition[] {
  return [
    symbols(options.symbols),
    layer0(),
    layer1(options.layer1),
    layer2(options.layer2),
    predictions(options.predictions),
    meanReversion(options.meanReversion),
    momentum(options.momentum),
    risk(options.risk),
    execution(options.execution),
    portfolio(),
    monitor(),
    reconciliation(options.reconciliation),
    subscriptions(options.subscriptions),
    ensemble(options.ensemble),
  ];
}
