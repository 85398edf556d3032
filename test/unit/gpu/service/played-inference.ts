import type { ScoreAnswer, ScoreRequest } from '../../../../src/gpu/service/score-request.ts';
import { momentumSource } from '../../../inference-models.ts';
import { PlayedWorker } from './played-worker.ts';
import { ServiceStage } from './service-stage.ts';

const WIDTH = momentumSource.width;

/** Rows whose scores the played worker makes of their first features. */
export function rowsOf(...scores: readonly number[]): Float64Array {
  const features = new Float64Array(scores.length * WIDTH);
  scores.forEach((score, row) => features.fill(score, row * WIDTH, (row + 1) * WIDTH));
  return features;
}

/** Lets promises that are ready settle. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export interface Asking {
  answer: ScoreAnswer | undefined;
}

/** The service over threads that the test plays, asked directly. */
export class PlayedInference {
  readonly worker = new PlayedWorker();
  readonly stage: ServiceStage;

  private constructor(options: ConstructorParameters<typeof ServiceStage>[0]) {
    this.stage = new ServiceStage({ openWorker: this.worker.open, ...options });
  }

  /** Started, its models loaded under these names. */
  static async start(
    options: ConstructorParameters<typeof ServiceStage>[0] = {},
    names: readonly string[] = ['momentum-1'],
  ): Promise<PlayedInference> {
    const played = new PlayedInference({ sources: names.map(() => momentumSource), ...options });
    const started = played.stage.provider.start();
    played.load(names);
    await started;
    return played;
  }

  load(names: readonly string[] = ['momentum-1']): void {
    for (const name of names) this.worker.load({ name, version: `${name}@00000001` });
  }

  ask(scores: readonly number[], changes: Partial<ScoreRequest> = {}): Asking {
    const asking: Asking = { answer: undefined };
    const request = this.stage.scoreRequest(rowsOf(...scores), changes);
    void this.stage.service.ask(request).then((answer) => {
      asking.answer = answer;
    });
    return asking;
  }

  get counts(): ReturnType<ServiceStage['service']['counts']> {
    return this.stage.service.counts();
  }
}

/** Of one model: its scores, or the code of why there are none. */
export function told({ answer }: Asking): readonly number[] | string | undefined {
  if (answer?.outcome === 'done') return [...(answer.columns[0]?.scores ?? [])];
  return answer?.code;
}

/** The version that a request's first column is of. */
export function versionOf({ answer }: Asking): string | undefined {
  return answer?.outcome === 'done' ? answer.columns[0]?.version : undefined;
}
