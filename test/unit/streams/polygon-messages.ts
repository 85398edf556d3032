import { MINUTE, MS } from '../../../src/core/time.ts';

/** Examples of venues.md 12.7, with times of milliseconds as the venue has them. */
export function bar(name: string, startUs: number, price = 100): object {
  const prices = { o: price, c: price, h: price, l: price, vw: price, a: price, op: price };
  const span = { s: startUs / MS, e: (startUs + MINUTE) / MS };
  return { ev: 'AM', sym: name, v: 10, av: 1_000, ...prices, z: 5, ...span };
}

export function trade(name: string, us: number, id: number, price = 100): object {
  const of = { x: 11, i: String(id), z: 3, p: price, s: 1, c: [] };
  return { ev: 'T', sym: name, ...of, t: Math.floor(us / MS), q: id };
}

export function quote(name: string, us: number): object {
  const of = { bx: 11, bp: 99.9, bs: 100, ax: 12, ap: 100.1, as: 100, c: 1, i: [604], z: 3 };
  return { ev: 'Q', sym: name, ...of, t: Math.floor(us / MS), q: 1 };
}

export function band(name: string, us: number): object {
  return { ev: 'LULD', T: name, h: 110, l: 90, i: [22], z: 3, t: Math.floor(us / MS), q: 1 };
}
