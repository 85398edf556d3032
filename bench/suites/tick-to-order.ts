import type { Suite, Variant } from '../harness/suite.ts';
import { type Feed, measureOwn, measurePeer } from '../pipeline/throughput.ts';
import { type Journal, measureClosedLoop } from '../pipeline/closed-loop.ts';
import { measureOpenLoop } from '../pipeline/open-loop.ts';
import type { Wire } from '../pipeline/tick-frames.ts';

const WIRES: readonly Wire[] = ['polygon', 'alpaca json', 'alpaca msgpack'];
const PER_FRAME = [1, 100];

export const tickToOrder: Suite = {
  name: 'tick-to-order',
  hasPeers: true,
  measures: 'x',
  leavesOut: 'x',
  target: 'x',
  variants: [
    ...WIRES.flatMap((wire) =>
      PER_FRAME.map((perFrame) => own({ wire, perFrame, arrival: 'as read' })),
    ),
    own({ wire: 'polygon', perFrame: 1, arrival: 'one by one' }),
    ...PER_FRAME.flatMap((perFrame): readonly Variant[] => {
      const feed = { wire: 'polygon', perFrame, arrival: 'as read' } as const;
      return [
        {
          name: `JSON.parse and ours, ${perFrame} a frame`,
          run: (scale, meter) => measureOwn(feed, scale, meter, true),
        },
        {
          name: `JSON.parse and trading-signals, ${perFrame} a frame`,
          run: (scale, meter) => measurePeer(feed, scale, meter),
        },
      ];
    }),
    ...(['os', 'off', 'fsync'] as const satisfies readonly Journal[]).map((journal): Variant => ({
      name: `closed loop, journal ${journal}`,
      floors: journal === 'fsync' ? { durable: { samples: 'bareWrite' } } : {},
      run: (scale, meter) => measureClosedLoop(journal, scale, meter),
    })),
    ...[5, 20, 50, 200].map((thousands): Variant => ({
      name: `open loop, ${thousands},000 a second`,
      run: (scale, meter) => measureOpenLoop(thousands * 1_000, scale, meter),
    })),
  ],
};

function own(feed: Feed): Variant {
  const { wire, perFrame, arrival } = feed;
  const how = arrival === 'as read' ? '' : ', one by one';
  return {
    name: `${wire}, ${perFrame} a frame${how}`,
    run: (scale, meter) => measureOwn(feed, scale, meter),
  };
}
