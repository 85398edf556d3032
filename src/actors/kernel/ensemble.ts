import { MINUTE, SECOND } from '../../core/time.ts';
import { Ensemble, type EnsembleRules } from '../../domain/signals/ensemble.ts';
import { joinModels } from '../../ports/model-columns.ts';
import type { ActorDefinition, AppliedOf } from '../runtime/definition.ts';
import { MOMENTUM } from './actor-table.ts';
import type { EnsembleMessage } from './messages.ts';

const APPLIES = ['modelsJudged', 'modelsAnswered', 'memberCarried'] as const;
type Kinds = (typeof APPLIES)[number];

/**
 * Makes one score of what several models say, and knows how right each has been: a member that
 * fails is not heard until it has done better in the shadow. With one model its score passes.
 */
export function ensemble(rules: EnsembleRules): ActorDefinition<Ensemble, EnsembleMessage, Kinds> {
  return {
    name: 'ensemble',
    restart: { restartsMax: 3, withinUs: 10 * SECOND, then: 'quarantine', quarantineUs: MINUTE },
    isOrderPath: false,
    hears: [],
    applies: APPLIES,
    initial: () => new Ensemble(rules),
    decide(known, { symbol, scores, versions, layer, view }, turn) {
      const { score, isAgreed, reason, versions: heard } = known.score(scores, versions);
      if (score !== score) return [];
      const modelVersion = joinModels(heard);
      const scored = { kind: 'scored', symbol, score, isAgreed, modelVersion, reason } as const;
      turn.send(MOMENTUM, { ...scored, layer, view });
      return [];
    },
    apply,
    condense: (known) =>
      known.models.map((model, place) => ({
        kind: 'memberCarried',
        model,
        values: known.known(place).slice(),
      })),
  };
}

/** Models that this session does not ask are passed over: of a journal with other settings. */
function apply(known: Ensemble, applied: AppliedOf<Kinds>): void {
  if (applied.kind === 'memberCarried') {
    const { model, values } = applied;
    const place = known.placeOf(model);
    if (place >= 0 && values.length === known.known(place).length) known.known(place).set(values);
    return;
  }
  applied.models.forEach((model, at) => {
    const place = known.placeOf(model);
    if (place < 0) return;
    if (applied.kind === 'modelsAnswered') {
      known.answered(place, applied.hasAnswered[at] ?? false);
    } else known.judged(place, applied.judged[at] ?? 0, applied.right[at] ?? 0);
  });
}
