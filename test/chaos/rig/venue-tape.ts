/** A trade as the venue's REST remembers it. */
export interface TapeTrade {
  readonly id: string;
  readonly time: string;
}

const PAGE = 10_000;
const PAGES_MAX = 200;
/** A trade that was corrected has another id on the tape: so much more than it was told by. */
const CORRECTED = 1_000_000_000_000;
/** No day of the seeded market has so many trades: `lateTrade` counts from past it. */
const ID_MAX = 1_000_000_000;

/** Every trade of the symbols from one moment to another, by name and in order of time. */
export async function tapeOf(
  dataUrl: string,
  headers: Readonly<Record<string, string>>,
  span: { readonly names: readonly string[]; readonly fromUs: number; readonly toUs: number },
): Promise<ReadonlyMap<string, readonly TapeTrade[]>> {
  const found = new Map<string, TapeTrade[]>();
  let token: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = new URLSearchParams({
      symbols: span.names.join(','),
      start: new Date(span.fromUs / 1_000).toISOString(),
      end: new Date(span.toUs / 1_000).toISOString(),
      limit: String(PAGE),
      feed: 'sip',
      ...(token === undefined ? {} : { page_token: token }),
    });
    const response = await fetch(`${dataUrl}/v2/stocks/trades?${query}`, { headers });
    const body: unknown = await response.json();
    if (!isPage(body)) throw new Error(`no page of trades: ${JSON.stringify(body)}`);
    for (const [name, rows] of Object.entries(body.trades)) {
      const trades = found.get(name) ?? [];
      for (const { i, t, u } of rows) {
        // What was cancelled since is no trade any more, and is not fetched as one. What a test
        // injected out of sequence is out of it here too.
        const isOut = u === 'canceled' || i % CORRECTED > ID_MAX;
        if (!isOut) trades.push({ id: tapeId(i), time: t });
      }
      found.set(name, trades);
    }
    if (typeof body.next_page_token !== 'string') return found;
    token = body.next_page_token;
  }
  throw new Error('the tape has no end');
}

/** One id for a trade, whether it was corrected since or not. */
export function tapeId(id: number): string {
  return String(id % CORRECTED);
}

interface Row {
  readonly i: number;
  readonly t: string;
  readonly u?: string;
}

interface Page {
  readonly trades: Readonly<Record<string, readonly Row[]>>;
  readonly next_page_token?: unknown;
}

function isPage(body: unknown): body is Page {
  return typeof body === 'object' && body !== null && 'trades' in body;
}
