import { notServed } from './answer.ts';

/** What the real venue has and this one has not, by the beginning of its path. */
const ABSENT: readonly (readonly [path: string, what: string])[] = [
  ['/v1beta3/crypto', 'crypto data'],
  ['/v1beta1/crypto-perps', 'crypto data'],
  ['/v1beta1/options', 'options data'],
  ['/v1beta1/forex', 'foreign exchange data'],
  ['/v1beta1/fixed_income', 'fixed income data'],
  ['/v1beta1/indices', 'index data'],
  ['/v1beta1/logos', 'logos'],
  ['/v2/options', 'options trading'],
  ['/v2/watchlists', 'watchlists'],
  ['/v2/wallets', 'crypto transfers'],
  ['/v2/tokenization', 'tokenization'],
  ['/v2/locates', 'locates'],
  ['/v2/events', 'events over server-sent streams'],
  ['/v2beta1/events', 'events over server-sent streams'],
];

/** A 404 that names it, so that a user of such a path knows it was no typing error. */
export function absentAnswer(path: string) {
  const found = ABSENT.find(([begin]) => path === begin || path.startsWith(`${begin}/`));
  const isNamed = path.startsWith('/v2/watchlists:');
  if (found === undefined) return isNamed ? notServed('watchlists') : undefined;
  return notServed(found[1]);
}
