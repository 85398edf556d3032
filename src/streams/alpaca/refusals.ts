import { RETRY, STOP, type Verdict } from '../socket/feed-socket.ts';

/** What a refusal of the venue means for the connection, or for what was asked. */
export type Judgement =
  | { readonly kind: 'end'; readonly verdict: Verdict }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'malformed'; readonly what: 'symbol' | 'channel' }
  /** Nothing to do: it is counted. */
  | { readonly kind: 'harmless' };

export interface RefusalLimits {
  /** Wall time to leave a venue alone that says we are too many, or too fast. */
  readonly slowMsMin: number;
}

const FATAL: Judgement = { kind: 'end', verdict: STOP };
const AGAIN: Judgement = { kind: 'end', verdict: RETRY };

/** By code of `venues.md` 2.6. */
export function judgeCode(code: number, limits: RefusalLimits): Judgement {
  switch (code) {
    case 400:
      return { kind: 'malformed', what: 'symbol' };
    case 402: // Auth failed: the same key will not be right the next time.
    case 408: // Not enabled.
    case 409: // Not in the plan.
    case 411: // Not in the token.
    case 412: // Not in this codec.
      return FATAL;
    case 401: // Not authenticated, though we were: something is out of step.
    case 404: // Auth timeout.
    case 407: // Slow client: whatever was queued is lost.
    case 500:
      return AGAIN;
    case 405:
      return { kind: 'tooMany' };
    case 406: {
      // The slot of a connection that died is freed only when the venue notices.
      const verdict: Verdict = { then: 'retry', waitMsMin: limits.slowMsMin };
      return { kind: 'end', verdict };
    }
    case 410:
    case 413:
      return { kind: 'malformed', what: 'channel' };
    default: // 403, and what we do not know.
      return { kind: 'harmless' };
  }
}
