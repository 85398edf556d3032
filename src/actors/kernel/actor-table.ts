import { address, familyAddress } from '../runtime/definition.ts';
import type {
  EnsembleMessage,
  ExecutionMessage,
  PortfolioMessage,
  ReconciliationMessage,
  RiskMessage,
  StrategyMessage,
} from './messages.ts';
import type { LayerRowMessage, PredictionRowMessage, SymbolRowMessage } from './row-messages.ts';

/**
 * The one table of kernel actors: a place is an address. `kernel.ts` lists the definitions in this
 * order, and a test compares names.
 */
export const ACTORS = [
  'symbols',
  'layer-0',
  'layer-1',
  'layer-2',
  'predictions',
  'strategy/mean-reversion',
  'strategy/momentum',
  'risk',
  'execution',
  'portfolio',
  'monitor',
  'reconciliation',
  'subscriptions',
  'ensemble',
] as const;

export const SYMBOLS = familyAddress<SymbolRowMessage>(0);
export const LAYER_1 = familyAddress<LayerRowMessage>(2);
export const LAYER_2 = familyAddress<LayerRowMessage>(3);
export const PREDICTIONS = familyAddress<PredictionRowMessage>(4);
export const MEAN_REVERSION = address<StrategyMessage>(5);
export const MOMENTUM = address<StrategyMessage>(6);
export const RISK = address<RiskMessage>(7);
export const EXECUTION = address<ExecutionMessage>(8);
export const PORTFOLIO = address<PortfolioMessage>(9);
export const RECONCILIATION = address<ReconciliationMessage>(11);
export const ENSEMBLE = address<EnsembleMessage>(13);
