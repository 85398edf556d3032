import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord, parseJson } from '../../src/core/json.ts';
import type { TreeRows } from '../../src/models/trees/tree-options.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';

export interface NativeTraining {
  readonly cpuMs: number;
  readonly binCpuMs: number;
  readonly loss: number;
  readonly version: string;
}

/** The loss is that of every fifth row, as ours is. */
const SCRIPT = `
import json, sys, time
import numpy as np
library, folder, rows, width = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
x = np.fromfile(folder + "/features", dtype=np.float64).reshape(rows, width)
y = np.fromfile(folder + "/labels", dtype=np.float64)
if library == "xgboost":
    import xgboost as it
    begun = time.process_time()
    data = it.QuantileDMatrix(x, y, max_bin=256, nthread=1)
    binned = time.process_time()
    options = {"objective": "binary:logistic", "eta": 0.1, "max_depth": 6, "max_bin": 256}
    booster = it.train({**options, "tree_method": "hist", "nthread": 1}, data, 100)
    ended = time.process_time()
    share = booster.predict(it.DMatrix(x[::5]))
else:
    import lightgbm as it
    begun = time.process_time()
    data = it.Dataset(x, y, params={"verbose": -1, "num_threads": 1}).construct()
    binned = time.process_time()
    options = {"objective": "binary", "num_leaves": 63, "learning_rate": 0.1, "verbose": -1}
    booster = it.train({**options, "num_threads": 1}, data, 100)
    ended = time.process_time()
    share = booster.predict(x[::5])
loss = -np.mean(np.log(np.where(y[::5] > 0, share, 1 - share)))
took = {"cpuMs": (ended - begun) * 1e3, "binCpuMs": (binned - begun) * 1e3}
print(json.dumps({**took, "loss": float(loss), "version": library + " " + it.__version__}))
`;

/**
 * Trains the native library on the same rows with one thread, by the Python that STRATA_PYTHON
 * names; a sentence where there is none.
 */
export async function trainNatively(
  library: 'xgboost' | 'lightgbm',
  { rows, names, features, labels }: TreeRows,
): Promise<NativeTraining | string> {
  const python = process.env['STRATA_PYTHON'];
  if (python === undefined) return `no ${library} beside: STRATA_PYTHON names no Python with it`;
  return inScratchFolder((folder) => {
    writeFileSync(join(folder, 'features'), bytesOf(features));
    writeFileSync(join(folder, 'labels'), bytesOf(labels));
    const args = ['-c', SCRIPT, library, folder, String(rows), String(names.length)];
    const env = { ...process.env, OMP_NUM_THREADS: '1' };
    const { stdout, stderr } = spawnSync(python, args, { env, encoding: 'utf8' });
    const told = parseJson(stdout);
    if (!isRecord(told)) return `no ${library} beside: ${stderr.trim().split('\n').at(-1) ?? ''}`;
    const { cpuMs, binCpuMs, loss, version } = told;
    const figures = { cpuMs: Number(cpuMs), binCpuMs: Number(binCpuMs), loss: Number(loss) };
    return { ...figures, version: String(version) };
  });
}

function bytesOf(column: Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
