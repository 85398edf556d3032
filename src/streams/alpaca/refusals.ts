import { RETRY, STOP, type Verdict } from '../socket/feed-socket.ts';

/** What a refusal of the venue means for the connection, or for what was asked. */
export type Judgement =
  | { readonly kind: 'end'; readonly verdict: Verdict; readonly isAlarm: boolean }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'malformed'; readonly what: 'symbol' | 'channel' }
  /** Nothing to do: it is counted. */
  | { readonly kind: 'harmless' };

export interface RefusalLimits {
  /** Wall time to leave a venue alone that says we are too many, or too fast. */
  readonly slowMsMin: number;
}

/** Which slots are taken, and which requests too many, is known only after this many tries. */
export const ALARM_AFTER = 3;

const FATAL: Judgement = { kind: 'end', verdict: STOP, isAlarm: true };
const AGAIN: Judgement = { kind: 'end', verdict: RETRY, isAlarm: false };

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
      return { kind: 'end', verdict, isAlarm: false };
    }
    case 410:
    case 413:
      return { kind: 'malformed', what: 'channel' };
    default: // 403, and what we do not know.
      return { kind: 'harmless' };
  }
}

/** By status of the upgrade. */
export function judgeUpgrade(status: number, limits: RefusalLimits): Verdict {
  if (status === 429) return { then: 'retry', waitMsMin: limits.slowMsMin };
  return status === 401 || status === 403 ? STOP : RETRY;
}

/** The venue will not serve us, and says so for good. */
export class FeedError extends Error {
  override readonly name = 'FeedError';
  readonly code = 'FEED_REFUSED';
  /** The same answer would come again. */
  readonly isFinal = true;
}
