import { WireEvent } from './wire-event.ts';

/** venues.md 2.6, all rows. Those that no rule of ours earns can be sent by the admin port. */
export const DATA_ERRORS = {
  400: 'invalid syntax',
  401: 'not authenticated',
  402: 'auth failed',
  403: 'already authenticated',
  404: 'auth timeout',
  405: 'symbol limit exceeded',
  406: 'connection limit exceeded',
  407: 'slow client',
  408: 'v2 not enabled',
  409: 'insufficient subscription',
  410: 'invalid subscribe action for this feed',
  411: 'insufficient scope',
  412: 'option messages are only available in MsgPack format',
  413: '* is not allowed for option quotes',
  500: 'internal error',
} as const;

export type DataErrorCode = keyof typeof DATA_ERRORS;

export function dataErrorCode(code: number): DataErrorCode | undefined {
  return CODES.find((known) => known === code);
}

const CODES: readonly DataErrorCode[] = [
  400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 500,
];

export function errorEvent(code: DataErrorCode): WireEvent {
  return new WireEvent({ T: 'error', code, msg: DATA_ERRORS[code] });
}

export function successEvent(msg: 'connected' | 'authenticated'): WireEvent {
  return new WireEvent({ T: 'success', msg });
}
