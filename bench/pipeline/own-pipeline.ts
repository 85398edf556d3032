import type { SymbolId } from '../../src/core/ids.ts';
import { EventBatch, TRADE, TRADE_REGULAR } from '../../src/domain/market/event-batch.ts';
import { present } from '../../src/core/assert.ts';
import { nodeDisk } from '../../src/store/journal/node-disk.ts';
import { FedSession } from './fed-session.ts';
import { MadeOrders } from './made-order.ts';
import { parserOf } from './peer-parse.ts';
import type { Pipeline } from './pipeline.ts';
import { type Durability, type Rule, settingsOf } from './rule.ts';
import type { Frame, Wire } from './tick-frames.ts';
import { START_US, type Ticks } from './ticks.ts';

export interface OwnOptions {
  readonly folder: string;
  readonly ticks: Ticks;
  readonly wire: Wire;
  readonly rule: Rule;
  readonly durability: Durability;
  /** In place of our decoder, as a program would that has none. */
  readonly parsesJson?: boolean;
}

/** Ours: the live session, its stream, its journal. */
export async function ownPipeline(options: OwnOptions): Promise<Pipeline> {
  const { folder, ticks, wire, rule, durability, parsesJson = false } = options;
  const orders = new MadeOrders();
  let orderBytes = 0;
  const fed = new FedSession({
    disk: nodeDisk(folder),
    names: ticks.names,
    wire,
    settings: settingsOf(rule, durability),
    startUs: START_US,
    left: (body, { side, symbol, quantity, limitPrice }) => {
      orderBytes += body.length;
      orders.add({ side, symbolName: ticks.names[symbol] ?? '', quantity, limitPrice });
    },
  });
  await fed.begin();
  const hand = parsesJson
    ? handParsed(fed, ticks, wire)
    : ({ bytes, us }: Frame) => fed.hand(bytes, us);
  return {
    orders,
    trade: () => {
      fed.command('resume');
      fed.run();
    },
    hand,
    run: () => fed.run(),
    get orderBytes() {
      return orderBytes;
    },
    get journalBytes() {
      return fed.session.writer.totalBytes;
    },
    close: () => fed.close(),
  };
}

/** `JSON.parse`, and its objects written into columns. */
function handParsed(fed: FedSession, { names }: Ticks, wire: Wire): (frame: Frame) => void {
  const ids = new Map<string, SymbolId>(names.map((name, at) => [name, fed.symbolAt(at)]));
  const parse = parserOf(wire);
  const batch = new EventBatch(1_024, 4);
  return ({ bytes, us }) => {
    batch.clear();
    parse(bytes, (trade) => {
      const symbol = present(ids.get(trade.symbolName), trade.symbolName);
      const slot = batch.add(TRADE, symbol, trade.us, TRADE_REGULAR, 0);
      batch.a[slot] = Math.round(trade.price * 10_000);
      batch.b[slot] = trade.size;
      batch.c[slot] = trade.id;
    });
    fed.handBatch(batch, us);
  };
}
