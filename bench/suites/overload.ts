import { measureBurst } from '../pipeline/burst.ts';
import { measureFlooding } from '../pipeline/flooding.ts';
import type { Goal, Suite, Variant } from '../harness/suite.ts';

const BURSTS = [10, 100];
const WAITS = 'flood, the venue waits';
const GOES_ON = 'flood, the venue does not wait';

export const overload: Suite = {
  name: 'overload',
  measures:
    'a live session of 1,200 symbols behind a real websocket (Alpaca msgpack, four quotes for a ' +
    'trade, ten indicators at each, journal os) whose venue, a process of its own, writes frames ' +
    'that it made before. `burst`: 10 s of 1,000,000 events a second, each dated as it was due; ' +
    'what the connection does not take goes later. `flood`: 60 s of 10,000,000 a second, while ' +
    'a person takes back an order every 50 ms: `cancel` is from the word in the queue of inputs ' +
    'to the request, `word` from the moment at which it was due. Where the venue does not wait ' +
    'the reader does not either, as one must that would be cut: the queue sheds.',
  leavesOut:
    'the service tree and the broker behind it: a desk does at once what is asked. What a venue ' +
    'does to a slow reader. `heldBack`: so long the connection was full.',
  target: 'no event lost in the burst, and 50 ms behind at its end; in the flood 50 MB and 10 ms',
  variants: [
    ...BURSTS.map((perFrame): Variant => ({
      name: burstOf(perFrame),
      run: (scale, meter) => measureBurst(perFrame, scale, meter),
    })),
    {
      name: WAITS,
      run: (scale, meter) => measureFlooding(false, scale, meter),
    },
    {
      name: GOES_ON,
      run: (scale, meter) => measureFlooding(true, scale, meter),
    },
  ],
  goals: [
    ...BURSTS.flatMap((perFrame, at) => burstGoals(perFrame, at)),
    ...[WAITS, GOES_ON].flatMap((variant, at) => floodGoals(variant, at)),
  ],
};

function burstOf(perFrame: number): string {
  return `burst, ${perFrame} a frame`;
}

function burstGoals(perFrame: number, at: number): readonly Goal[] {
  const variant = burstOf(perFrame);
  return [
    {
      id: `6.${at * 2 + 1}`,
      says: `${variant}, a million events a second for 10 s: events lost or conflated`,
      limit: 0,
      sense: 'atMost',
      figure: (of) => of(variant, 'missing') + of(variant, 'conflated') + of(variant, 'dropped'),
    },
    {
      id: `6.${at * 2 + 2}`,
      says: `${variant}: how late the last event was, ms`,
      limit: 50,
      sense: 'atMost',
      figure: (of) => of(variant, 'lastEventLateMs'),
      argued:
        'an event takes a microsecond of one core (decode, row, turn, journal), and the core is ' +
        'shared with the venue and its socket',
    },
  ];
}

function floodGoals(variant: string, at: number): readonly Goal[] {
  const first = BURSTS.length * 2 + at * 3;
  return [
    {
      id: `6.${first + 1}`,
      says: `${variant}, 60 s: RSS growth, MB`,
      limit: 50,
      sense: 'atMost',
      figure: (of) => of(variant, 'rssGrowthMb'),
    },
    {
      id: `6.${first + 2}`,
      says: `${variant}: events that were received and are in no count`,
      limit: 0,
      sense: 'atMost',
      figure: (of) => of(variant, 'uncounted'),
    },
    {
      id: `6.${first + 3}`,
      says: `${variant}: a cancel from its word to its leaving, p99, ms`,
      limit: 10,
      sense: 'atMost',
      figure: (of) => of(variant, 'cancelP99Us') / 1_000,
      argued:
        'a word that enters waits for what the event loop reads next: up to 2 MB of the socket ' +
        'are decoded before the next slice of turns',
    },
  ];
}
