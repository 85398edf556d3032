import { trading } from '@alpacahq/alpaca-trade-api';
import { isRecord } from '../../core/json.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import { AlpacaError } from './alpaca-error.ts';
import { recordsOf, textOf } from './json.ts';

export interface AssetsAccess {
  /** `https://paper-api.alpaca.markets` */
  readonly url: string;
  readonly keyId: string;
  readonly secret: string;
  /** Tens of thousands of rows take their time. Wall time. */
  readonly msMax: number;
}

/**
 * The US equities that the broker trades today, by name. It says nothing of sectors, so all are in
 * one that has no name. Rejects with an `AlpacaError`.
 */
export async function listAssets(access: AssetsAccess): Promise<readonly ListedSymbol[]> {
  const { url, keyId, secret, msMax } = access;
  const basePath = url.replace(/\/+$/, '');
  const configuration = new trading.Configuration({ basePath, keyId, secret, timeoutMs: msMax });
  const query = { status: 'active', assetClass: 'us_equity' };
  let body: unknown;
  try {
    const { raw } = await new trading.AssetsApi(configuration).getV2AssetsRaw(query);
    body = await raw.json();
  } catch (error) {
    const isKey = isRecord(error) && (error['status'] === 401 || error['status'] === 403);
    const code = isKey ? 'BROKER_KEY_REFUSED' : 'BROKER_UNREACHABLE';
    const said = error instanceof Error ? error.message : String(error);
    throw new AlpacaError(code, `the list of assets: ${said}`, { cause: error });
  }
  const rows = recordsOf(body);
  if (rows === undefined) {
    throw new AlpacaError('BROKER_UNREADABLE', 'the list of assets is no list of objects');
  }
  const listed = rows.flatMap((row): readonly ListedSymbol[] => {
    const name = textOf(row, 'symbol');
    if (name === undefined || row['tradable'] !== true) return [];
    return [{ name, assetClass: 'equity', sector: '', isTradable: true }];
  });
  return listed.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
