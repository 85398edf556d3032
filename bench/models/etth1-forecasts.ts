import { present } from '../../src/core/assert.ts';
import { parameterPlaces } from '../../src/models/graph/parameters.ts';
import type { Network } from '../../src/models/nets/network.ts';
import type { Examples } from '../../src/models/training/examples.ts';
import type { OpenRunner } from '../../src/models/training/graph-runner.ts';
import { Judge } from '../../src/models/training/judge.ts';
import { CHANNELS, type Errors, errorsOf } from './etth1-data.ts';

export interface Forecasting {
  readonly network: Network;
  readonly openRunner: OpenRunner;
  /** Of the serving graph. */
  readonly parameters: Float32Array;
  readonly length: number;
  readonly horizon: number;
}

const ROWS = 128;

/** Errors of a trained network over all windows, from its serving graph. */
export async function forecasts(
  examples: Examples,
  { network, openRunner, parameters, length, horizon }: Forecasting,
): Promise<Errors> {
  const { graph } = network.build('serving');
  const values = new Map(
    parameterPlaces(graph).map(({ name, at, length: size }) => [
      name,
      parameters.subarray(at, at + size),
    ]),
  );
  const judge = await Judge.open({ graph, openRunner, examples, rows: ROWS, values });
  const width = CHANNELS * horizon;
  const all = new Float32Array(examples.count * width);
  await judge.visit((outputs, from, taken) => {
    const said = present(outputs.get('forecast'), 'the output forecast');
    all.set(said.subarray(0, taken * width), from * width);
  });
  await judge.release();
  return errorsOf(examples, length, horizon, (_window, example, into) => {
    into.set(all.subarray(example * width, (example + 1) * width));
  });
}
