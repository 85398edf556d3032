import { describe, expect, it } from 'vitest';
import {
  createSimulatedInference,
  simulatedModel,
} from '../../../../src/gpu/plain/simulated-inference.ts';
// Named here because the contract below is of this class.
import { InferenceProvider } from '../../../../src/gpu/service/inference-provider.ts';
import { openThread } from '../../../../src/gpu/service/worker-link.ts';
import type { Answer } from '../../../../src/ports/input.ts';
import type { EffectAnswer } from '../../../../src/ports/service.ts';
import {
  makeFeatures,
  makeSource,
  momentumSource,
  plainScores,
} from '../../../inference-models.ts';
import { VirtualAgenda } from '../../../virtual-agenda.ts';
import { describeProvider } from '../../../contract/provider.ts';
import { faultyRuntime } from './faulty-runtime.ts';
import { POLICY, ServiceStage } from './service-stage.ts';

const { width } = momentumSource;
const isLong = process.env['STRATA_LONG'] === '1';

describe.each(['plain', 'onnx'] as const)('the inference service on %s', (backend) => {
  describeProvider(`inference on ${backend}`, () => {
    const stage = new ServiceStage({ backend });
    expect(stage.provider).toBeInstanceOf(InferenceProvider);
    return {
      provider: stage.provider,
      request: () => stage.request(makeFeatures(1, 5, width)),
    };
  });

  it('scores in its thread as a model of the backend does, whatever shares the batch', async () => {
    await using stage = await open({ backend, policy: { ...POLICY, inFlightMax: 64 } });
    const features = makeFeatures(2, 40, width);
    const wanted = plainScores(momentumSource)(features, 40);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, row) =>
        stage.provider.perform(stage.request(features.slice(row * width, (row + 1) * width))),
      ),
    );
    const given = Float64Array.from(answers, ({ scores }) => scores?.[0] ?? Number.NaN);

    expect(answers.every(({ modelVersion }) => modelVersion === momentumSource.version)).toBe(true);
    for (let row = 0; row < 40; row += 1) {
      expect(Math.abs((given[row] ?? Number.NaN) - (wanted[row] ?? 0))).toBeLessThan(1e-6);
    }
    expect(stage.service.counts().batches).toBeLessThan(40);
    expect(stage.said.some((text) => text.startsWith('health'))).toBe(false);
  });

  it('M3 starts with no model that is not what was asked for', async () => {
    const source = { ...momentumSource, layoutHash: 'ffffffffffffffff' };
    const stage = new ServiceStage({ backend, sources: [source] });

    await expect(stage.provider.start()).rejects.toMatchObject({
      code: 'INFERENCE_REFUSED',
      message: expect.stringContaining('MODEL_LAYOUT'),
    });
    await stage.provider.stop();
  });

  it('ends its thread and begins another many times over', { timeout: 120_000 }, async () => {
    const lives = isLong ? 100 : 3;
    for (let life = 0; life < lives; life += 1) {
      const stage = await open({ backend });
      // Stopped in the middle of its work, every other time.
      const answer = stage.provider.perform(stage.request(makeFeatures(life, 64, width)));
      if (life % 2 === 0) expect(await answer).toMatchObject({ outcome: 'done' });
      else await Promise.resolve(); // The batch has left by now.
      expect(stage.service.counts().batches).toBe(1);
      await stage.provider.stop();
      expect((await answer).outcome).toBe(life % 2 === 0 ? 'done' : 'failed');
      expect(stage.failures).toEqual([]);
    }
  });

  it.runIf(isLong)('holds no memory after 100,000 requests', { timeout: 120_000 }, async () => {
    await using stage = await open({ backend });
    const sizes = Array.from({ length: 64 }, (_, at) => makeFeatures(at, at + 1, width));
    const ask = async (requests: number) => {
      for (let at = 0; at < requests; at += 4) {
        const four = sizes.slice(at % 61, (at % 61) + 4);
        await Promise.all(four.map((rows) => stage.provider.perform(stage.request(rows))));
      }
      return process.memoryUsage().rss;
    };
    const warm = await ask(20_000);
    const after = await ask(100_000);

    expect(stage.service.counts().done).toBe(120_000);
    expect((after - warm) / 1e6).toBeLessThan(30);
  });
});

describe('live inference in plain JavaScript', () => {
  it('answers word for word and bit for bit as inference in virtual time does', async () => {
    const sources = [momentumSource, makeSource('second', width, 5)];
    await using stage = await open({ backend: 'plain', sources });
    const models = sources.map((source) => simulatedModel(source));
    const virtual = createSimulatedInference({ models, latencyUs: 0 });
    const nan = makeFeatures(3, 4, width);
    nan[20] = Number.NaN;
    const questions = [
      stage.request(makeFeatures(4, 50, width)),
      stage.request(makeFeatures(5, 1, width)),
      stage.request(new Float64Array(0)),
      stage.request(nan),
      stage.request(makeFeatures(6, 2, width), { model: 'other' }),
      stage.request(makeFeatures(6, 2, width).slice(1)),
      stage.request(new Float64Array(22), { width: 11 }),
      stage.request(makeFeatures(7, 9, width), { model: 'momentum-1+second' }),
      stage.request(makeFeatures(8, 9, width), { model: 'second+nobody+momentum-1' }),
      stage.request(nan, { model: 'second+momentum-1' }),
      stage.request(nan.slice(width, 2 * width), { model: 'second+momentum-1' }),
      stage.request(new Float64Array(0), { model: 'second+momentum-1' }),
    ];
    for (const question of questions) {
      const agenda = new VirtualAgenda(question.requestedUs);
      virtual.request(question, agenda);
      agenda.runTo(question.requestedUs + 1);
      const { kind, effectInput, effectIndex, ...wanted } = answered(agenda);

      expect([kind, effectInput, effectIndex]).toEqual(['answered', question.input, 0]);
      expect(await stage.provider.perform(question)).toEqual(wanted);
    }
  });
});

describe('a thread that fails', () => {
  it.each([
    ['exits', /code 3/],
    ['throws', /a fault of the worker/],
    ['babbles', /protocol/],
    ['gorges', /memory/],
  ])('M1 fails the service and its requests when it %s', async (fault, message) => {
    const stage = await openFaulty(fault);
    const performing = stage.provider.perform(stage.request(makeFeatures(7, 3, width)));

    expect(await performing).toMatchObject({
      outcome: 'failed',
      code: 'INFER_DIED',
      message: expect.stringMatching(message),
    });
    expect(stage.failures).toMatchObject([{ code: 'INFERENCE_DIED' }]);
    await stage.provider.stop();
  });

  it('M1 is ended in the middle of an endless loop when it hangs', async () => {
    const stage = await openFaulty('hangs');
    const performing = stage.provider.perform(stage.request(makeFeatures(8, 3, width)));
    await new Promise((resolve) => setImmediate(resolve));
    stage.time.advance(2_000);

    expect(await performing).toMatchObject({ outcome: 'expired' });
    expect(stage.failures).toMatchObject([{ code: 'INFERENCE_HUNG' }]);
    await stage.provider.stop(); // Settles only when the thread has ended.
  });

  it('is ended in the middle of an endless loop when it is stopped', async () => {
    const stage = await openFaulty('hangs');
    const performing = stage.provider.perform(stage.request(makeFeatures(9, 3, width)));
    await new Promise((resolve) => setImmediate(resolve));
    const stopped = stage.provider.stop();
    stage.time.advance(500);
    await stopped;

    expect(await performing).toMatchObject({ outcome: 'failed', code: 'INFER_STOPPED' });
  });
});

describe('a runtime that fails', () => {
  it('M1 gives way to plain JavaScript where it is not installed, with advice', async () => {
    await using stage = await open({ backend: 'onnx', onnxModule: 'onnxruntime-not-there' });
    const answer = await stage.provider.perform(stage.request(makeFeatures(10, 9, width)));

    expect(answer).toEqual(plainAnswer(10, 9));
    const told = stage.said.find((text) => text.startsWith('health degraded'));
    expect(told).toContain('ONNX_UNAVAILABLE: onnxruntime-not-there cannot be loaded');
    expect(told).toContain('npm install --include=optional');
    expect(stage.said).toContain('log warn inferenceFellBack');
  });

  it('M1 gives way in the middle of a batch, which loses nothing by it', async () => {
    await using stage = await open({ backend: 'onnx', onnxModule: faultyRuntime('lost') });
    expect(stage.said.some((text) => text.startsWith('health'))).toBe(false);
    const answer = await stage.provider.perform(stage.request(makeFeatures(12, 9, width)));

    expect(answer).toEqual(plainAnswer(12, 9));
    expect(stage.said.slice(-1)).toEqual(['health degraded device lost']);
    const next = await stage.provider.perform(stage.request(makeFeatures(13, 9, width)));
    expect(next).toEqual(plainAnswer(13, 9));
    expect(stage.service.counts()).toMatchObject({ done: 2, fallbacks: 1, deaths: 0 });
  });

  it('M1 computes on the CPU where a provider does not open, and says so', async () => {
    await using stage = await open({ backend: 'onnx', executionProviders: ['not-there'] });
    const answer = await stage.provider.perform(stage.request(makeFeatures(14, 9, width)));

    expect(answer.outcome).toBe('done');
    expect(stage.said.find((text) => text.startsWith('health degraded'))).toContain('not-there: ');
  });
});

async function open(
  options: ConstructorParameters<typeof ServiceStage>[0],
): Promise<ServiceStage & AsyncDisposable> {
  const stage = new ServiceStage(options);
  await stage.provider.start();
  return Object.assign(stage, { [Symbol.asyncDispose]: () => stage.provider.stop() });
}

async function openFaulty(fault: string): Promise<ServiceStage> {
  const entry = new URL('./faulty-worker.ts', import.meta.url);
  const stage = new ServiceStage({
    onnxModule: fault,
    heapMbMax: 64,
    replacementsMax: 0,
    openWorker: (options) => openThread(entry, options),
  });
  await stage.provider.start();
  return stage;
}

function answered(agenda: VirtualAgenda): Answer {
  const [heard] = agenda.heard;
  if (heard?.input.kind !== 'answered') return expect.fail('an answer is heard');
  return heard.input;
}

function plainAnswer(seed: number, rows: number): EffectAnswer {
  const scores = plainScores(momentumSource)(makeFeatures(seed, rows, width), rows);
  return { outcome: 'done', scores, modelVersion: momentumSource.version };
}
