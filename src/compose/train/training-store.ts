import { loadConfig } from '../../cli/load-config.ts';
import type { Source } from '../../store/reading/known-actions.ts';
import { fromTiers } from '../../store/reading/tiers.ts';
import { openBench } from '../store-bench.ts';
import type { Environment } from '../store-feed/open-store.ts';
import { TrainError } from './train-error.ts';

export interface TrainingStore {
  readonly source: Source;
  close(): Promise<void>;
}

/** The lake and the store of a data directory as one; throws where neither has been made. */
export async function openTrainingStore(
  dataDir: string,
  config: string | undefined,
  environment: Environment,
): Promise<TrainingStore> {
  const { kind } = loadConfig('demo', config).config.store.series;
  if (kind === 'none') {
    throw new TrainError('TRAIN_SOURCE', 'these settings keep no store (store.series.kind: none)');
  }
  const options = { dataDir, config, isJson: false, profile: 'demo', isApplied: false } as const;
  const bench = await openBench({ ...options, action: { kind: 'status' } }, environment, false);
  if (bench.store === undefined) {
    await bench.close();
    throw new TrainError('TRAIN_SOURCE', `there is no store in ${dataDir} yet; a session makes it`);
  }
  return { source: fromTiers(bench.lake, bench.store), close: () => bench.close() };
}
