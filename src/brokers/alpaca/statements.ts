import type { AccountId } from '../../core/ids.ts';
import { isRecord } from '../../core/json.ts';
import type { Money } from '../../core/money.ts';
import type { OrderReport } from '../../domain/orders/report.ts';
import type { Statement } from '../../domain/orders/statement.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EffectAnswer } from '../../ports/service.ts';
import { parseAmount } from './amounts.ts';
import { type HeldPosition, type Holdings, readPositions } from './holdings.ts';
import { textOf } from './json.ts';
import { ordersSince, type QueryOptions, snapshotOf } from './order-queries.ts';
import type { Call, VenueCalls } from './venue-calls.ts';
import type { WireOrder } from './wire-order.ts';

export interface StatementOptions extends QueryOptions {
  readonly clock: Clock;
  readonly holdings: Holdings;
  /** Counts the fills that updates told: one in between makes a statement inconsistent. */
  fillsHeard(): number;
}

export interface AccountState {
  readonly accountNumber: string;
  readonly cash: Money;
  readonly equity: Money;
}

/**
 * The account's books at one moment: account, positions and orders are asked for one after another,
 * and the account once more. A fill in between moves cash, or is heard of, and all is asked anew.
 * A question that failed makes no statement: what is not known is not flat (C4).
 */
export async function stateAccount(
  options: StatementOptions,
  sinceUs: number,
  call: Call,
): Promise<EffectAnswer> {
  let failure = '';
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const taken = await takeStatement(options, sinceUs, call);
    if (taken.failure === undefined) return { outcome: 'done', statement: taken.statement };
    ({ failure } = taken);
    if (taken.isFinal) break;
  }
  return { outcome: 'failed', code: 'STATEMENT_INCOMPLETE', message: failure };
}

const ROUNDS_MAX = 3;

type Taken =
  | { readonly statement: Statement; readonly failure?: undefined }
  | { readonly failure: string; readonly isFinal: boolean };

async function takeStatement(
  options: StatementOptions,
  sinceUs: number,
  call: Call,
): Promise<Taken> {
  const { calls, account, clock, fillsHeard } = options;
  const venueUs = clock.nowUs();
  const fillsBefore = fillsHeard();
  const before = await readAccount(calls, call);
  if (before.failure !== undefined) return { failure: before.failure, isFinal: true };
  const list = await ordersSince(options, sinceUs, call);
  if (list.failure !== undefined) return { failure: list.failure, isFinal: true };
  const held = await loadPositions(calls, call);
  if (held.failure !== undefined) return { failure: held.failure, isFinal: true };
  const after = await readAccount(calls, call);
  if (after.failure !== undefined) return { failure: after.failure, isFinal: true };
  const isQuiet = before.state.cash === after.state.cash && fillsBefore === fillsHeard();
  if (!isQuiet) return { failure: 'the account changes while it is read', isFinal: false };
  options.holdings.replaceAll(held.positions);
  const told = await tellOrders(options, list.orders, call);
  const positions = tellPositions(options, held.positions);
  if (positions.failure !== undefined) return { failure: positions.failure, isFinal: true };
  const unlisted = [...new Set([...positions.unlisted, ...told.unlisted])];
  return {
    statement: {
      account,
      cash: after.state.cash,
      equity: after.state.equity,
      positions: positions.listed,
      unlisted,
      orders: told.orders,
      venueUs,
    },
  };
}

export type ReadAccount =
  | { readonly state: AccountState; readonly failure?: undefined }
  | { readonly failure: string; readonly isRefused: boolean };

export async function readAccount(calls: VenueCalls, call: Call): Promise<ReadAccount> {
  const reply = await calls.account(call);
  if (reply.kind !== 'ok') {
    const isRefused = reply.kind === 'refused' && (reply.status === 401 || reply.status === 403);
    return { failure: `account: ${reply.message}`, isRefused };
  }
  const { body } = reply;
  const accountNumber = isRecord(body) ? textOf(body, 'account_number') : undefined;
  const cash = isRecord(body) ? parseAmount(textOf(body, 'cash') ?? '') : undefined;
  const equity = isRecord(body) ? parseAmount(textOf(body, 'equity') ?? '') : undefined;
  if (accountNumber === undefined || cash === undefined || equity === undefined) {
    return { failure: 'account: it lacks its number, cash or equity', isRefused: false };
  }
  return { state: { accountNumber, cash, equity } };
}

export type LoadedPositions =
  | { readonly positions: readonly HeldPosition[]; readonly failure?: undefined }
  | { readonly failure: string };

export async function loadPositions(calls: VenueCalls, call: Call): Promise<LoadedPositions> {
  const reply = await calls.positions(call);
  if (reply.kind !== 'ok') return { failure: `positions: ${reply.message}` };
  const positions = readPositions(reply.body);
  return positions === undefined ? { failure: 'positions: one cannot be read' } : { positions };
}

interface ToldOrders {
  readonly orders: readonly OrderReport[];
  readonly unlisted: readonly string[];
}

async function tellOrders(
  options: StatementOptions,
  found: readonly WireOrder[],
  call: Call,
): Promise<ToldOrders> {
  const orders: OrderReport[] = [];
  const unlisted: string[] = [];
  for (const order of found) {
    const report = await snapshotOf(options, order, call);
    if (report === undefined) unlisted.push(order.symbolName);
    else orders.push(report);
  }
  return { orders, unlisted };
}

type ToldPositions =
  | {
      readonly listed: Statement['positions'];
      readonly unlisted: readonly string[];
      readonly failure?: undefined;
    }
  | { readonly failure: string };

/** A fraction of a share is told by name and amount: it is nobody's of ours, and it is not lost. */
function tellPositions(
  { symbols }: { readonly symbols: StatementOptions['symbols']; readonly account: AccountId },
  held: readonly HeldPosition[],
): ToldPositions {
  const listed: Statement['positions'][number][] = [];
  const unlisted: string[] = [];
  for (const { symbolName, quantity, costText } of held) {
    const symbol = symbols.idOf(symbolName);
    const cost = parseAmount(costText);
    if (symbol === undefined) unlisted.push(symbolName);
    else if (cost === undefined) return { failure: `positions: what ${symbolName} cost` };
    else {
      listed.push({ symbol, quantity: quantity.whole, cost });
      if (quantity.isFractional) unlisted.push(`${symbolName} (${quantity.text})`);
    }
  }
  return { listed, unlisted };
}
