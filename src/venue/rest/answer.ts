/** What a route says; an absent body is an empty one (204). */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** `{"code":40310000,"message":".."}`, with the keys that some refusals add (venues.md 4.6). */
export function refusal(
  status: number,
  code: number,
  message: string,
  extras: Readonly<Record<string, unknown>> = {},
): Answer {
  return { status, body: { code, message, ...extras } };
}

/** The data host names no code where a parameter is wrong. */
export function badParameter(message: string): Answer {
  return { status: 400, body: { message } };
}

export function notFound(message: string): Answer {
  return refusal(404, 40410000, message);
}

export function notServed(what: string): Answer {
  return notFound(`${what} is not served by this venue`);
}

/** For 403 of the data host: clients look for these words (venues.md 4.6). */
export const RECENT_SIP = refusal(
  403,
  42210000,
  'subscription does not permit querying recent SIP data',
);
