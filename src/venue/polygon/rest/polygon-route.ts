import { type Answer, ok } from '../../rest/answer.ts';
import type { RoutePlace } from '../../rest/route.ts';

export interface PolygonRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  /** The venue's time. */
  readonly nowUs: number;
  readonly requestId: string;
  /** Ours: pages lead to where they came from. */
  readonly origin: string;
}

export interface PolygonRoute extends RoutePlace {
  readonly method: 'GET';
  handle(request: PolygonRequest, parts: readonly string[]): Answer;
}

export function get(path: string, handle: PolygonRoute['handle']): PolygonRoute {
  return { method: 'GET', path, handle };
}

/** `{"status":"OK","request_id":"..", ...}`. */
export function okBody(request: PolygonRequest, body: object): Answer {
  return ok({ ...body, status: 'OK', request_id: request.requestId });
}

/** 400, 401, 429 and 5xx (venues.md 6.2). */
export function errorAnswer(status: number, requestId: string, error: string): Answer {
  return { status, body: { status: 'ERROR', request_id: requestId, error } };
}

export function notFoundAnswer(requestId: string, message: string): Answer {
  return { status: 404, body: { status: 'NOT_FOUND', request_id: requestId, message } };
}

export function notEntitled(requestId: string, what: string): Answer {
  const message = `You are not entitled to this data. ${what} is not part of this venue.`;
  return { status: 403, body: { status: 'NOT_AUTHORIZED', request_id: requestId, message } };
}
