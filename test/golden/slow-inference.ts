import { assert } from '../../src/core/assert.ts';
import type { Random } from '../../src/core/random.ts';
import { MS } from '../../src/core/time.ts';
import { Config } from '../../src/cli/config-schema.ts';
import { sessionModels } from '../../src/compose/session-models.ts';
import {
  createSimulatedInference,
  simulatedModel,
} from '../../src/gpu/plain/simulated-inference.ts';
import type { Answer } from '../../src/ports/input.ts';
import type { Reservation, SimulatedPart } from '../../src/ports/simulated-world.ts';
import { goldenFile } from './golden-session.ts';

export interface SlowInference extends SimulatedPart {
  /** How many computations were not done when another began. */
  readonly overlaps: number;
  readonly computations: number;
}

/**
 * Inference whose computation takes as many turns of the event loop as chance says, so that it is
 * done at any time and in any order; its answer is due when it always was.
 */
export function slowInference(random: Random, hopsMax: number): SlowInference {
  const models = sessionModels(Config.parse(goldenFile().config)).map(simulatedModel);
  const inner = createSimulatedInference({ models, latencyUs: 20 * MS });
  const running = new Set<Promise<void>>();
  let overlaps = 0;
  let computations = 0;
  const compute = async (reservation: Reservation, answer: Answer) => {
    for (let left = random.below(hopsMax); left >= 0; left -= 1) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    reservation.fill(answer);
  };
  return {
    name: 'inference',
    get overlaps() {
      return overlaps;
    },
    get computations() {
      return computations;
    },
    handles: (kind) => kind === 'infer',
    computed: () => (running.size === 0 ? undefined : Promise.race(running)),
    request(requested, agenda) {
      inner.request(requested, {
        ...agenda,
        enter(dueUs, answer) {
          assert(answer.kind === 'answered', 'inference only answers');
          if (running.size > 0) overlaps += 1;
          computations += 1;
          const computing = compute(agenda.reserve(dueUs), answer);
          const settled = computing.finally(() => running.delete(settled));
          running.add(settled);
        },
      });
    },
  };
}
