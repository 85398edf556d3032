import { RETRY, STOP, type Verdict } from '../socket/feed-socket.ts';

/** What the status of an upgrade that was refused means. */
export function judgeUpgrade(status: number, limits: { readonly slowMsMin: number }): Verdict {
  if (status === 429) return { then: 'retry', waitMsMin: limits.slowMsMin };
  return status === 401 || status === 403 ? STOP : RETRY;
}
