import { describe, expect, it } from 'vitest';
import { Random } from '../../../../src/core/random.ts';
import { createOnnxRunner } from '../../../../src/gpu/training/onnx-runner.ts';
import { GraphBuilder } from '../../../../src/models/graph/builder.ts';
import { BATCH, type Graph } from '../../../../src/models/graph/graph.ts';
import { interpret } from '../../../../src/models/interpreter/interpreter.ts';
import type { GraphRunner } from '../../../../src/models/training/graph-runner.ts';

const ROWS = 16;
const random = new Random(5);
const x = Float32Array.from({ length: ROWS * 3 }, () => random.normal());
const y = Float32Array.from({ length: ROWS }, (_, row) => {
  const [a = 0, b = 0, c = 0] = x.subarray(row * 3);
  return 2 * a - b + 0.5 * c;
});

/** A step of least squares: `w2` is `w` for the next one. */
const step = stepGraph();

function stepGraph(): Graph {
  const builder = new GraphBuilder('step');
  const w = builder.input('w', [3, 1]);
  const rate = builder.input('rate', [1]);
  const rows = builder.input('x', [ROWS, 3]);
  const error = builder.sub(builder.matMul(rows, w), builder.input('y', [ROWS, 1]));
  const slope = builder.matMul(builder.transpose(rows, [1, 0]), builder.mul(error, 2 / ROWS));
  builder.output('w2', builder.sub(w, builder.mul(slope, rate)));
  builder.output('loss', builder.reduceMean(builder.mul(error, error), [0, 1]));
  return builder.build();
}

const feeds = (w: Float32Array) =>
  new Map([
    ['w', w],
    ['rate', Float32Array.of(0.1)],
    ['x', x],
    ['y', y],
  ]);

/** The answers of a run are fed to the next one as they are. */
async function descend(runner: GraphRunner, steps: number) {
  const losses: number[] = [];
  let w: Float32Array = new Float32Array(3);
  for (let taken = 0; taken < steps; taken += 1) {
    const answers = await runner.run(feeds(w));
    w = answers.get('w2') ?? w;
    losses.push(answers.get('loss')?.[0] ?? Number.NaN);
  }
  return { w: [...w], losses };
}

describe('createOnnxRunner', () => {
  it('learns, though it is fed what it answered, and says what runs', async () => {
    const runner = await createOnnxRunner()(step);
    const { w, losses } = await descend(runner, 200);
    await runner.release();

    expect(runner.runtime).toMatch(/^onnxruntime 1\.\d+\.\d+ cpu$/);
    expect(w).toEqual([2, -1, 0.5].map((wanted) => expect.closeTo(wanted, 4)));
    expect(losses.at(-1)).toBeLessThan(1e-8);
    expect(losses.every((loss, at) => at === 0 || loss <= (losses[at - 1] ?? 0))).toBe(true);
  });

  it('gives the same bits again, and within 32 bits what the interpreter gives', async () => {
    const [first, second] = [await createOnnxRunner()(step), await createOnnxRunner()(step)];
    const once = await descend(first, 20);
    const again = await descend(second, 20);
    await Promise.all([first.release(), second.release()]);
    const interpreter = interpret(step, { precision: 'double' });
    let w: Float32Array | Float64Array = new Float64Array(3);
    for (let taken = 0; taken < 20; taken += 1) {
      const answers = interpreter.run(new Map([...feeds(new Float32Array(3)), ['w', w]]));
      w = answers.get('w2')?.slice() ?? w;
    }

    expect(again).toEqual(once);
    expect(once.w).toEqual(Array.from(w, (wanted) => expect.closeTo(wanted, 5)));
  });

  it('refuses an input of another length, or one that is not given', async () => {
    const runner = await createOnnxRunner()(step);
    const short = new Map([...feeds(new Float32Array(3)), ['y', new Float32Array(2)]]);
    const none = feeds(new Float32Array(3));
    none.delete('rate');

    await expect(runner.run(short)).rejects.toThrow(/input y has 2 numbers, not 16/);
    await expect(runner.run(none)).rejects.toThrow(/input rate is not given, not 1/);
    await runner.release();
  });

  it('takes only graphs whose sizes are known and whose parameters are inputs', async () => {
    const open = new GraphBuilder('open');
    open.output('y', open.neg(open.input('x', [BATCH, 2])));
    const owned = new GraphBuilder('owned');
    owned.output('y', owned.parameter('p', [2], { kind: 'constant', value: 1 }));

    await expect(createOnnxRunner()(open.build())).rejects.toThrow(/known batch/);
    await expect(createOnnxRunner()(owned.build())).rejects.toThrow(/inputs alone/);
  });

  it('refuses with a code where the library is not there', async () => {
    await expect(createOnnxRunner({ module: 'not-there' })(step)).rejects.toMatchObject({
      code: 'ONNX_UNAVAILABLE',
    });
  });
});
