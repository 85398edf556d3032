import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hashText } from '../../core/hash.ts';
import type { Family } from '../../models/artefact/card.ts';
import { writeSynced } from '../../store/artefacts/artefact-files.ts';
import { makeFolder } from '../../store/durable-folder.ts';
import type { Checkpoints } from './fit.ts';
import type { TrainPlan } from './train-plan.ts';

export interface CheckpointFolder extends Checkpoints {
  readonly folder: string;
  /** When all that it was for is kept. */
  clear(): void;
}

/** Of a data directory for each plan, whichever families of it are asked for. */
export function placeOfCheckpoints(dataDir: string, plan: TrainPlan): string {
  const { families: _, ...rest } = plan;
  return join(dataDir, 'training', hashText(JSON.stringify(rest)));
}

/**
 * Where a training can go on. A file is replaced as a whole or not at all. Who uses the folder owns
 * it: two trainings of one plan would write and remove the same files.
 */
export function checkpointFolder(
  dataDir: string,
  plan: TrainPlan,
  isResumed: boolean,
): CheckpointFolder {
  const folder = placeOfCheckpoints(dataDir, plan);
  const place = (family: Family) => join(folder, `${family}.checkpoint`);
  if (!isResumed) for (const family of plan.families) rmSync(place(family), { force: true });
  return {
    folder,
    isResumed,
    read: (family) =>
      isResumed && existsSync(place(family)) ? readFileSync(place(family)) : undefined,
    write(family, bytes) {
      makeFolder(folder);
      const making = `${place(family)}.making`;
      rmSync(making, { force: true });
      writeSynced(making, bytes);
      renameSync(making, place(family));
    },
    clear() {
      if (!existsSync(folder)) return;
      for (const name of readdirSync(folder)) {
        if (CHECKPOINT.test(name)) rmSync(join(folder, name), { force: true });
      }
    },
  };
}

/** Not what says who owns the folder, which is there as well. */
const CHECKPOINT = /\.checkpoint(?:\.making)?$/;
