import type { ServicePolicy } from '../../ports/service.ts';
import { knownOf, type NoScores, questionFault } from '../infer-answer.ts';
import { failed, refused } from './answers.ts';
import type { LayerPolicies } from './layer-policy.ts';
import type { ThreadModel } from './model-thread.ts';
import type { ScoreRequest } from './score-request.ts';

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

function faultOf(request: ScoreRequest, { models, columnsMax }: Ground): NoScores | undefined {
  const fault = questionFault(request, models);
  if (fault !== undefined) return fault;
  const { layoutHash } = request;
  const known = knownOf(request, models);
  const other = known.find(({ source }) => source.layoutHash !== layoutHash);
  if (layoutHash !== undefined && other !== undefined) {
    const wanted = other.source.layoutHash;
    return refused('INFER_LAYOUT', `${other.name} takes the layout ${wanted}, not ${layoutHash}`);
  }
  const columns = known.reduce((sum, model) => sum + model.columns.length, 0);
  if (columns <= columnsMax) return undefined;
  return refused('INFER_MODELS_MAX', `${columns} scores a row are more than ${columnsMax}`);
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
