import { exp, log, tanh } from '../../core/math.ts';
import { sigmoid } from '../../core/math-logistic.ts';
import { erf } from '../../core/math-erf.ts';
import type { BinaryOp, UnaryOp } from '../graph/graph.ts';
import type { Numbers } from './numbers.ts';
import type { Walks } from './walks.ts';

/**
 * One loop for each operation, so that each is compiled for itself. `out` may be the input: a place
 * is read before it is written.
 */
export const UNARY: Readonly<
  Record<Exclude<UnaryOp, 'detach'>, (x: Numbers, out: Numbers) => void>
> = {
  neg(x, out) {
    for (let at = 0; at < out.length; at += 1) out[at] = -(x[at] ?? 0);
  },
  abs(x, out) {
    for (let at = 0; at < out.length; at += 1) out[at] = Math.abs(x[at] ?? 0);
  },
  exp(x, out) {
    for (let at = 0; at < out.length; at += 1) out[at] = exp(x[at] ?? 0);
  },
  log(x, out) {
    for (let at = 0; at < out.length; at += 1) out[at] = log(x[at] ?? 0);
  },
  sqrt(x, out) {
    for (let at = 0; at < out.length; at += 1) out[at] = Math.sqrt(x[at] ?? 0);
  },
  tanh(x, out) {
    for (let at = 0; at < out.length; at += 1) out[at] = tanh(x[at] ?? 0);
  },
  sigmoid(x, out) {
    for (let at = 0; at < out.length; at += 1) out[at] = sigmoid(x[at] ?? 0);
  },
  relu(x, out) {
    for (let at = 0; at < out.length; at += 1) {
      const value = x[at] ?? 0;
      out[at] = value > 0 || value !== value ? value : 0;
    }
  },
  erf(x, out) {
    for (let at = 0; at < out.length; at += 1) out[at] = erf(x[at] ?? 0);
  },
};

type BinaryLoop = (a: Numbers, b: Numbers, out: Numbers, walks: Walks) => void;

/** The outer walk is a table; the inner one adds a stride, nought where it is broadcast. */
export const BINARY: Readonly<Record<BinaryOp, BinaryLoop>> = {
  add(a, b, out, { walks: [first, second], length }) {
    if (first === undefined || second === undefined) return;
    for (let walk = 0, at = 0; walk < first.starts.length; walk += 1) {
      let i = first.starts[walk] ?? 0;
      let j = second.starts[walk] ?? 0;
      for (const end = at + length; at < end; at += 1) {
        out[at] = (a[i] ?? 0) + (b[j] ?? 0);
        i += first.stride;
        j += second.stride;
      }
    }
  },
  sub(a, b, out, { walks: [first, second], length }) {
    if (first === undefined || second === undefined) return;
    for (let walk = 0, at = 0; walk < first.starts.length; walk += 1) {
      let i = first.starts[walk] ?? 0;
      let j = second.starts[walk] ?? 0;
      for (const end = at + length; at < end; at += 1) {
        out[at] = (a[i] ?? 0) - (b[j] ?? 0);
        i += first.stride;
        j += second.stride;
      }
    }
  },
  mul(a, b, out, { walks: [first, second], length }) {
    if (first === undefined || second === undefined) return;
    for (let walk = 0, at = 0; walk < first.starts.length; walk += 1) {
      let i = first.starts[walk] ?? 0;
      let j = second.starts[walk] ?? 0;
      for (const end = at + length; at < end; at += 1) {
        out[at] = (a[i] ?? 0) * (b[j] ?? 0);
        i += first.stride;
        j += second.stride;
      }
    }
  },
  div(a, b, out, { walks: [first, second], length }) {
    if (first === undefined || second === undefined) return;
    for (let walk = 0, at = 0; walk < first.starts.length; walk += 1) {
      let i = first.starts[walk] ?? 0;
      let j = second.starts[walk] ?? 0;
      for (const end = at + length; at < end; at += 1) {
        out[at] = (a[i] ?? 0) / (b[j] ?? 0);
        i += first.stride;
        j += second.stride;
      }
    }
  },
  greater(a, b, out, { walks: [first, second], length }) {
    if (first === undefined || second === undefined) return;
    for (let walk = 0, at = 0; walk < first.starts.length; walk += 1) {
      let i = first.starts[walk] ?? 0;
      let j = second.starts[walk] ?? 0;
      for (const end = at + length; at < end; at += 1) {
        out[at] = (a[i] ?? 0) > (b[j] ?? 0) ? 1 : 0;
        i += first.stride;
        j += second.stride;
      }
    }
  },
};

export function select(
  [condition, a, b]: readonly [Numbers, Numbers, Numbers],
  out: Numbers,
  { walks: [asked, first, second], length }: Walks,
): void {
  if (asked === undefined || first === undefined || second === undefined) return;
  for (let walk = 0, at = 0; walk < asked.starts.length; walk += 1) {
    let c = asked.starts[walk] ?? 0;
    let i = first.starts[walk] ?? 0;
    let j = second.starts[walk] ?? 0;
    for (const end = at + length; at < end; at += 1) {
      out[at] = (condition[c] ?? 0) === 0 ? (b[j] ?? 0) : (a[i] ?? 0);
      c += asked.stride;
      i += first.stride;
      j += second.stride;
    }
  }
}

export function clip(x: Numbers, out: Numbers, low: number, high: number): void {
  for (let at = 0; at < out.length; at += 1) {
    const value = x[at] ?? 0;
    out[at] = value < low ? low : value > high ? high : value;
  }
}
