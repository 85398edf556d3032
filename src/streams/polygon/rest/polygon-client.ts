import type { DefaultApi } from '@polygon.io/client-js';
import { PolygonError } from './polygon-error.ts';

/** What every call of the client takes last. */
export type CallOptions = NonNullable<Parameters<DefaultApi['getMarketStatus']>[0]>;

export interface PolygonClient {
  readonly api: DefaultApi;
  /** Of which its enums are values: they are what its calls take for words. */
  readonly library: typeof import('@polygon.io/client-js');
}

/**
 * The official client at an address. It is loaded when it is first needed, so that a session
 * without Polygon does not miss it. Rejects with a `PolygonError` where it is not installed.
 */
export async function loadPolygonClient(
  url: string,
  load: () => Promise<PolygonClient['library']> = () => import('@polygon.io/client-js'),
): Promise<PolygonClient> {
  try {
    const library = await load();
    // No key: it would stand in every address, and so in every log of every proxy. Nor its
    // `pagination`, which hands out pages the wrong way round.
    return { api: library.restClient('', url), library };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const message = `@polygon.io/client-js cannot be loaded: ${what}`;
    throw new PolygonError('POLYGON_CLIENT_MISSING', message, { cause: error });
  }
}
