import type { ServicePolicy } from '../../ports/service.ts';
import { failed, refused } from './answers.ts';
import type { LayerPolicies } from './layer-policy.ts';
import type { ThreadModel } from './model-thread.ts';
import type { NoScores, ScoreRequest } from './score-request.ts';

export interface Ground {
  readonly models: ReadonlyMap<string, ThreadModel>;
  readonly layers: LayerPolicies;
  readonly rowsMax: number;
  readonly columnsMax: number;
  readonly policy: ServicePolicy;
  /** Requests that wait already. */
  readonly waiting: number;
}

/** Why a request is not taken, if it is not. */
export function refusalOf(request: ScoreRequest, ground: Ground): NoScores | undefined {
  return faultOf(request, ground) ?? staleness(request, ground) ?? crowding(request, ground);
}

function faultOf(
  { models, rows, width, features, layoutHash }: ScoreRequest,
  ground: Ground,
): NoScores | undefined {
  const known = [...new Set(models)].flatMap((name) => ground.models.get(name) ?? []);
  if (known.length === 0) {
    return refused('INFER_MODEL_UNKNOWN', `there is no model ${models.join(', ') || 'named'}`);
  }
  for (const model of known) {
    if (width !== model.width || features.length !== rows * model.width) {
      const sent = `${features.length} numbers for ${rows} rows of ${width}`;
      return failed('INFER_WIDTH', `${model.name} takes rows of ${model.width}, not ${sent}`);
    }
    const wanted = model.source.layoutHash;
    if (layoutHash !== undefined && layoutHash !== wanted) {
      return refused('INFER_LAYOUT', `${model.name} takes the layout ${wanted}, not ${layoutHash}`);
    }
  }
  const columns = known.reduce((sum, model) => sum + model.columns.length, 0);
  if (columns <= ground.columnsMax) return undefined;
  return refused('INFER_MODELS_MAX', `${columns} scores a row are more than ${ground.columnsMax}`);
}

/** A property of the question alone: how long it then waits is bounded by its deadline. */
function staleness(
  { layer, askedUs, asOfUs }: ScoreRequest,
  { layers }: Ground,
): NoScores | undefined {
  if (asOfUs === undefined) return undefined;
  const { freshnessMsMax } = layers[layer];
  const ageMs = (askedUs - asOfUs) / 1_000;
  if (ageMs <= freshnessMsMax) return undefined;
  const text = `features of layer ${layer} are ${Math.round(ageMs)} ms old, of ${freshnessMsMax}`;
  return refused('INFER_STALE', text);
}

function crowding(
  { rows }: ScoreRequest,
  { rowsMax, waiting, policy }: Ground,
): NoScores | undefined {
  if (rows > rowsMax) {
    return failed('INFER_ROWS_MAX', `${rows} rows are more than the ${rowsMax} of a request`);
  }
  if (waiting < policy.inFlightMax) return undefined;
  return failed('INFER_BUSY', `${waiting} requests wait already`);
}
