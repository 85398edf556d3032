import { WireEvent } from '../../sockets/wire-event.ts';

/** The words of venues.md 6.1, with the part of their texts that is stable. */
export const POLYGON_STATUSES = {
  connected: 'Connected Successfully',
  auth_success: 'authenticated',
  auth_failed: 'authentication failed',
  auth_timeout: 'No authentication request received.',
  max_connections:
    'Maximum number of websocket connections exceeded. ' +
    'You have reached the connection limit for your account.',
} as const;

export type PolygonStatus = keyof typeof POLYGON_STATUSES;

/** Statuses that end a connection. */
export const FINAL_STATUSES = ['auth_failed', 'auth_timeout', 'max_connections'] as const;

export type FinalStatus = (typeof FINAL_STATUSES)[number];

/** A topic outside of the plan; the other topics of the request still work. */
export const NOT_AUTHORIZED = 'not authorized';

export function statusEvent(status: string, message: string): WireEvent {
  return new WireEvent({ ev: 'status', status, message });
}

export function knownStatus(status: PolygonStatus): WireEvent {
  return statusEvent(status, POLYGON_STATUSES[status]);
}
