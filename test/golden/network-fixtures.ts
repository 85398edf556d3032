import { readFileSync } from 'node:fs';
import { present } from '../../src/core/assert.ts';
import { BATCH, type Graph } from '../../src/models/graph/graph.ts';
import { temporalAttention } from '../../src/models/nets/attentive-lstm.ts';
import { Layers } from '../../src/models/nets/layers.ts';
import { bidirectionalLstm } from '../../src/models/nets/lstm.ts';
import type { Mode } from '../../src/models/nets/network.ts';
import { nhits } from '../../src/models/nets/nhits.ts';
import { patchTst } from '../../src/models/nets/patchtst.ts';
import { encoderLayer } from '../../src/models/nets/transformer.ts';
import { noise, PortableNoise } from '../reference/portable-noise.ts';

/** What another library computed: its parameters by name, and what came of them. */
interface Golden {
  readonly params: readonly (readonly [name: string, shape: readonly number[]])[];
  readonly seed?: number;
  readonly x_seed?: number;
  readonly x_shape: readonly number[];
  readonly y?: readonly (readonly number[])[];
  readonly a?: readonly number[];
  readonly ctx?: readonly number[];
  readonly h?: readonly number[];
  readonly loss?: number;
  readonly loss_sum_y3?: number;
  readonly l1_to_zero?: number;
  readonly mse_to_zero_train?: number;
  readonly y_train_mode?: readonly (readonly number[])[];
  readonly 'y_eval_running_stats_init(mean0,var1)'?: readonly (readonly number[])[];
  /** Of each parameter: the sum of its gradient, and of its squares. */
  readonly grad?: Readonly<Record<string, readonly [number, number]>>;
  readonly grad_sum_sq_loss?: Readonly<Record<string, readonly [number, number]>>;
}

const goldens: Readonly<Record<string, Golden>> = JSON.parse(
  readFileSync(new URL('networks.json', import.meta.url), 'utf8'),
);

export function golden(name: string): Golden {
  return present(goldens[name], `the fixture ${name}`);
}

/** Where a number of one of our parameters lies in those of the other library. */
export type Place = (name: string, at: number) => readonly [torch: string, at: number];

export interface Fixture {
  readonly name: string;
  readonly rows: number;
  readonly golden: Golden;
  /** The input is `x`; outputs are `y` and `loss`. */
  build(mode: Mode): Graph;
  readonly x: Float64Array;
  readonly torch: ReadonlyMap<string, Float64Array>;
  readonly place: Place;
}

/** The other library's parameters: uniform within 0.3, in the order of their list. */
function torchOf({ params }: Golden, seed: number): ReadonlyMap<string, Float64Array> {
  const drawn = new PortableNoise(seed);
  return new Map(
    params.map(([name, shape]) => {
      const length = shape.reduce((product, size) => product * size, 1);
      return [name, Float64Array.from({ length }, () => (drawn.unit() - 0.5) * 2 * 0.3)];
    }),
  );
}

/** Our dense weights are `[in, out]`, theirs `[out, in]`. */
function turned(at: number, inputs: number, outputs: number): number {
  return (at % outputs) * inputs + Math.floor(at / outputs);
}

export function bilstm(): Fixture {
  const known = golden('bilstm');
  const [rows = 0, steps = 0, width = 0] = known.x_shape;
  const hidden = 4;
  const seed = 5;
  const torch = new Map(torchOf(known, seed));
  for (const side of ['', '_reverse']) {
    // Two biases that are only ever added up: ours is one.
    const one = present(torch.get(`bias_ih_l0${side}`), 'a bias');
    const other = present(torch.get(`bias_hh_l0${side}`), 'a bias');
    torch.set(
      `bias_ih_l0${side}`,
      one.map((value, at) => value + (other[at] ?? 0)),
    );
  }
  return {
    name: 'bilstm',
    rows,
    golden: known,
    torch,
    x: noise(present(known.x_seed, 'a seed'), rows * steps * width),
    build(mode) {
      const layers = new Layers('bilstm', mode);
      const { builder } = layers;
      const x = builder.input('x', [BATCH, steps, width]);
      const said = bidirectionalLstm(layers, 'lstm', x, hidden);
      builder.output('y', said);
      builder.output('loss', builder.reduceSum(builder.mul(said, said), [0, 1, 2]));
      return layers.build().graph;
    },
    place(name, at) {
      const part = name.split('.')[1] ?? '';
      const height = { input: width, recurrent: hidden, bias: 1 }[part] ?? 0;
      const columns = 4 * hidden;
      const side = at < height * columns ? '' : '_reverse';
      const row = Math.floor(at / columns) % height;
      // Theirs: input, forget, cell, output.
      const gate = present([0, 3, 1, 2][Math.floor((at % columns) / hidden)], 'a gate');
      const unit = gate * hidden + (at % hidden);
      if (part === 'bias') return [`bias_ih_l0${side}`, unit];
      const torch = part === 'input' ? 'weight_ih_l0' : 'weight_hh_l0';
      return [`${torch}${side}`, unit * height + row];
    },
  };
}

export function attention(): Fixture {
  const known = golden('temporal_attention');
  const said = present(golden('bilstm').y, 'what the LSTM says').flat();
  const width = 8;
  const names: Readonly<Record<string, string>> = {
    'attention.weight': '0.weight',
    'attention.bias': '0.bias',
    'attention.vector': '1.weight',
  };
  return {
    name: 'temporal attention',
    rows: 1,
    golden: known,
    torch: torchOf(known, present(known.seed, 'a seed')),
    x: Float64Array.from(said),
    build(mode) {
      const layers = new Layers('attention', mode);
      const { builder } = layers;
      const x = builder.input('x', [said.length / width, BATCH, width]);
      const { shares, context } = temporalAttention(layers, 'attention', x);
      builder.output('a', shares);
      builder.output('y', context);
      builder.output('loss', builder.reduceSum(builder.mul(context, context), [0, 1]));
      return layers.build().graph;
    },
    place: (name, at) => [
      present(names[name], name),
      name === 'attention.weight' ? turned(at, width, width) : at,
    ],
  };
}

export function encoder(): Fixture {
  const known = golden('encoder_layer');
  const [rows = 0, steps = 0, width = 0] = known.x_shape;
  const inner = 16;
  return {
    name: 'encoder layer',
    rows,
    golden: known,
    torch: torchOf(known, present(known.seed, 'a seed')),
    x: noise(present(known.x_seed, 'a seed'), rows * steps * width),
    build(mode) {
      const layers = new Layers('encoder', mode);
      const { builder } = layers;
      const x = builder.input('x', [BATCH, steps, width]);
      const y = encoderLayer(layers, 'layer', x, { heads: 2, inner });
      builder.output('y', y);
      builder.output('loss', builder.reduceSum(builder.mul(builder.mul(y, y), y), [0, 1, 2]));
      return layers.build().graph;
    },
    place(name, at) {
      const [, part = '', kind = '', leaf = ''] = name.split('.');
      if (part.startsWith('norm')) return [`${part}.${kind}`, at];
      if (part.startsWith('dense')) {
        const torch = part.replace('dense', 'linear');
        const [inputs, outputs] = part === 'dense1' ? [width, inner] : [inner, width];
        return [`${torch}.${kind}`, kind === 'weight' ? turned(at, inputs, outputs) : at];
      }
      const place = leaf === 'weight' ? turned(at, width, width) : at;
      if (kind === 'joined') return [`self_attn.out_proj.${leaf}`, place];
      const third = ['query', 'key', 'value'].indexOf(kind);
      const size = leaf === 'weight' ? width * width : width;
      return [`self_attn.in_proj_${leaf}`, third * size + place];
    },
  };
}

export function nhitsTiny(): Fixture {
  const known = golden('nhits_tiny');
  const [rows = 0, length = 0] = known.x_shape;
  const [horizon, hidden] = [8, 6];
  const pools = [4, 2, 1];
  return {
    name: 'N-HiTS',
    rows,
    golden: known,
    torch: torchOf(known, present(known.seed, 'a seed')),
    x: noise(present(known.x_seed, 'a seed'), rows * length),
    build(mode) {
      const layers = new Layers('nhits', mode);
      const { builder } = layers;
      const x = builder.input('x', [BATCH, 1, length]);
      const net = nhits({ pools, frequencies: [4, 2, 1], hidden: [hidden, hidden] });
      const y = net.forecast(layers, x, horizon);
      builder.output('y', y);
      builder.output('loss', builder.reduceMean(builder.abs(y), [0, 1, 2]));
      return layers.build().graph;
    },
    place(name, at) {
      const [stack = '', part = '', leaf = ''] = name.split('.');
      const block = Number(stack.slice('stack'.length));
      const isWeight = leaf === 'weight';
      if (part === 'hidden0') {
        // The original reads the window backwards.
        const inputs = length / (pools[block] ?? 1);
        const [row, unit] = [Math.floor(at / hidden), at % hidden];
        return [`b.${block}.0.${leaf}`, isWeight ? unit * inputs + (inputs - 1 - row) : at];
      }
      if (part === 'hidden1')
        return [`b.${block}.2.${leaf}`, isWeight ? turned(at, hidden, hidden) : at];
      const outputs = part === 'explained' ? length : 8 / ([4, 2, 1][block] ?? 1);
      const column = at % outputs;
      const row = part === 'explained' ? length - 1 - column : length + column;
      return [`b.${block}.4.${leaf}`, isWeight ? row * hidden + Math.floor(at / outputs) : row];
    },
  };
}

export function patchTstTiny(): Fixture {
  const known = golden('patchtst_tiny');
  const [rows = 0, length = 0] = known.x_shape;
  const [horizon, width, inner, patches] = [8, 8, 16, 8];
  const parts: Readonly<Record<string, string>> = {
    query: 'q',
    key: 'k',
    value: 'v',
    joined: 'o',
    dense1: 'f1',
    dense2: 'f2',
    norm1: 'n1',
    norm2: 'n2',
  };
  return {
    name: 'PatchTST',
    rows,
    golden: known,
    torch: torchOf(known, present(known.seed, 'a seed')),
    x: noise(present(known.x_seed, 'a seed'), rows * length),
    build(mode) {
      const layers = new Layers('patchtst', mode);
      const { builder } = layers;
      const x = builder.input('x', [BATCH, 1, length]);
      const net = patchTst({ patch: 8, stride: 4, width, heads: 2, layers: 2, inner });
      const y = net.forecast(layers, x, horizon);
      builder.output('y', y);
      builder.output('loss', builder.reduceMean(builder.mul(y, y), [0, 1, 2]));
      return layers.build().graph;
    },
    place(name, at) {
      if (name === 'places') return ['pos', at];
      const words = name.split('.');
      const leaf = words.at(-1) ?? '';
      const isWeight = leaf === 'weight';
      if (words[0] === 'embedding') return [`wp.${leaf}`, isWeight ? turned(at, 8, width) : at];
      if (words[0] === 'head') {
        return [`head.${leaf}`, isWeight ? turned(at, width * patches, horizon) : at];
      }
      const part = words.at(-2) ?? '';
      const [inputs, outputs] =
        part === 'dense1' ? [width, inner] : part === 'dense2' ? [inner, width] : [width, width];
      const isDense = isWeight && !part.startsWith('norm');
      const torch = `ls.${words[0]?.slice('layer'.length)}.${present(parts[part], name)}.${leaf}`;
      return [torch, isDense ? turned(at, inputs, outputs) : at];
    },
  };
}
