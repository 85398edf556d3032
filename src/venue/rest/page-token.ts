/** The place after which the next page begins. */
export interface PageMark {
  readonly symbol: string;
  readonly us: number;
  /** Tells points of one moment apart. */
  readonly number: number;
}

export function encodeToken(mark: PageMark): string {
  return Buffer.from(`${mark.symbol}|${mark.us}|${mark.number}`).toString('base64');
}

/** Undefined for text that `encodeToken` did not make. */
export function decodeToken(token: string): PageMark | undefined {
  const match = /^([^|]*)\|(-?\d+)\|(-?\d+)$/.exec(Buffer.from(token, 'base64').toString('utf8'));
  if (match === null) return undefined;
  return { symbol: match[1] ?? '', us: Number(match[2]), number: Number(match[3]) };
}

/** Before everything: what a page with a token and no rows gives to who asked for the first. */
export const FIRST_PAGE = encodeToken({ symbol: '', us: -1, number: -1 });
