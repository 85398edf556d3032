import { formatTime } from '../../../src/core/time.ts';

export function bar(name: string, startUs: number, price = 100): object {
  const t = formatTime(startUs);
  return { T: 'b', S: name, o: price, h: price, l: price, c: price, v: 10, n: 1, vw: price, t };
}

export function trade(name: string, us: number, id: number, price = 100): object {
  const t = formatTime(us);
  return { T: 't', S: name, i: id, x: 'V', p: price, s: 1, c: ['@'], z: 'C', t };
}

export function quote(name: string, us: number): object {
  const t = formatTime(us);
  const of = { bx: 'V', bp: 99.9, bs: 100, ax: 'V', ap: 100.1, as: 100, c: ['R'], z: 'C' };
  return { T: 'q', S: name, ...of, t };
}
