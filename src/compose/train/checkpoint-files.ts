import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
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

/**
 * Where a training can go on: a folder of the data directory for each plan, whichever families of
 * it are asked for. A file is replaced as a whole or not at all.
 */
export function checkpointFolder(
  dataDir: string,
  plan: TrainPlan,
  isResumed: boolean,
): CheckpointFolder {
  const { families: _, ...rest } = plan;
  const folder = join(dataDir, 'training', hashText(JSON.stringify(rest)));
  const place = (family: Family) => join(folder, `${family}.checkpoint`);
  if (!isResumed) for (const family of plan.families) rmSync(place(family), { force: true });
  return {
    folder,
    read: (family) =>
      isResumed && existsSync(place(family)) ? readFileSync(place(family)) : undefined,
    write(family, bytes) {
      makeFolder(folder);
      const making = `${place(family)}.making`;
      rmSync(making, { force: true });
      writeSynced(making, bytes);
      renameSync(making, place(family));
    },
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}
