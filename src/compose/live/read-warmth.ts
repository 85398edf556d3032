import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../cli/config-schema.ts';
import { plural } from '../../cli/figures.ts';
import type { ListedSymbol } from '../../ports/market-source.ts';
import { StoreError } from '../../ports/store-error.ts';
import type { TimeSeriesStore } from '../../ports/time-series.ts';
import { STORE_FILE } from '../../store/duckdb/duckdb-store.ts';
import type { SessionFile } from '../session-files.ts';
import { feedName, rowLayouts } from '../store-feed/session-feed.ts';
import { readWarmRows, type RowWarmed, type WarmAnswer } from '../store-feed/warm-rows.ts';
import type { LivePlace } from './live-place.ts';

export interface WarmthSetting {
  readonly config: Config;
  readonly file: SessionFile;
  readonly place: Pick<LivePlace, 'clock' | 'timers'>;
  readonly symbols: readonly ListedSymbol[];
  readonly dataDir: string;
  /** Undefined where none is configured. */
  readonly store: Pick<TimeSeriesStore, 'read'> | undefined;
}

export interface WarmthRead {
  readonly rows: readonly RowWarmed[];
  /** For people. */
  readonly told: string;
  /** It was wanted and could not be had. */
  readonly isTrouble: boolean;
}

/** What the rows of a new session go on from, if the store has it and says so in time. */
export async function readWarmth(setting: WarmthSetting): Promise<WarmthRead> {
  const { config, file, place, symbols, dataDir, store } = setting;
  const { isRewarmed, requestMsMax } = config.store.series;
  if (!isRewarmed || store === undefined) return cold('no store is asked for it', false);
  // To open one takes half a second of a start, to find it empty.
  const { series } = config.store;
  if (series.kind === 'duckdb' && !existsSync(join(dataDir, STORE_FILE))) {
    return cold('there is no store yet', false);
  }
  const asked = readWarmRows({
    store,
    feed: feedName(file, config),
    ...rowLayouts(config),
    names: symbols.map(({ name }) => name),
    nowUs: place.clock.nowUs(),
    areBarsSent: config.market.bars === 'venue',
  });
  try {
    const answer = await inTime(asked, requestMsMax, place);
    if (answer === undefined) return cold(`no answer within ${requestMsMax} ms`, true);
    if (answer.reason !== undefined) return cold(answer.reason, false);
    const { rows } = answer;
    const [first] = rows;
    const from = first === undefined ? '' : ` of ${first.session}`;
    const symbolsTaken = new Set(rows.map(({ symbol }) => symbol)).size;
    const taken = `${plural(rows.length, 'row')} of ${plural(symbolsTaken, 'symbol')}`;
    return { rows, told: `${taken}${from} taken over`, isTrouble: false };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return cold(`${error.code}, ${error.message}`, true);
  }
}

function cold(reason: string, isTrouble: boolean): WarmthRead {
  return { rows: [], told: `rows begin with nothing learned: ${reason}`, isTrouble };
}

async function inTime(
  asked: Promise<WarmAnswer>,
  msMax: number,
  { timers }: Pick<LivePlace, 'timers'>,
): Promise<WarmAnswer | undefined> {
  let cancel = (): void => undefined;
  const late = new Promise<undefined>((resolve) => {
    const timer = timers.after(msMax, () => resolve(undefined));
    cancel = () => timer.cancel();
  });
  // Whoever comes too late is not listened to, also with a refusal.
  asked.catch(() => undefined);
  try {
    return await Promise.race([asked, late]);
  } finally {
    cancel();
  }
}
