import { oneOf, type ValueOf } from '../../core/record.ts';

/** What a trade is for: an entry makes exposure, the others only take it away. */
export const purpose = oneOf('entry', 'exit', 'flatten');
export type Purpose = ValueOf<typeof purpose>;
