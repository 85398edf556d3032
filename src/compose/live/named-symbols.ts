import { ByteReader } from '../../core/bytes.ts';
import { inputCodec } from '../../ports/input.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import type { SessionReader } from '../../ports/session-reader.ts';
import { RECORD_INPUT } from '../../ports/turn-record.ts';

/** What earlier lives of a session named, in the order of the ids; empty for a new session. */
export function namedSymbols(reader: SessionReader, sessionId: string): readonly ListedSymbol[] {
  const named: ListedSymbol[] = [];
  reader.read(sessionId, ({ kind, payload }) => {
    if (kind !== RECORD_INPUT) return;
    const input = inputCodec.read(new ByteReader(payload));
    if (input.kind !== 'symbolNamed') return;
    const { symbol, name, assetClass, sector, isTradable } = input;
    named[symbol] = { name, assetClass, sector, isTradable };
  });
  return named;
}
