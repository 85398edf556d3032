import type { TableDeclaration } from '../../ports/time-series.ts';
import { corporateActions } from './corporate-actions.ts';
import { fills, incidents, orders, signals } from './decisions.ts';
import { latency } from './latency.ts';
import { bars, quotes, trades } from './market.ts';
import { symbolStates } from './rows.ts';

/** Every table that is the same for all layouts; those of a layout come as it is first used. */
export const TABLES: readonly TableDeclaration[] = [
  trades,
  quotes,
  bars,
  corporateActions,
  symbolStates,
  signals,
  orders,
  fills,
  incidents,
  latency,
];
