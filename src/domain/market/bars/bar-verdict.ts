/** What became of an event that bars might be made of. */
export type BarVerdict =
  | typeof TAKEN
  | typeof LATE
  | typeof OUTSIDE
  | typeof REFUSED
  | typeof NOT_READ;
export const TAKEN = 0;
/** The bar of some streams is closed (`late` says of which): their histories may have it. */
export const LATE = 1;
/** Of no session, or of another than this. */
export const OUTSIDE = 2;
/** It cannot be true, or the feed doubts it, or it corrects what was never there. */
export const REFUSED = 3;
/** Not what bars are made of here: quotes, trades beside bars, a bar that is told anew. */
export const NOT_READ = 4;
