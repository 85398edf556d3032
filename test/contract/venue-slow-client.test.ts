import { describe, expect, it } from 'vitest';
import { VenueRig } from '../venue-rig.ts';
import { subscribed, until } from '../venue-socket.ts';

const OUTBOUND_MAX = 200_000;

describe('a client that stops reading', () => {
  const rig = new VenueRig({
    plan: 'plus',
    symbols: 200,
    knobs: { outboundBytesMax: OUTBOUND_MAX },
  });

  it('D10 is cut, its memory is let go, and the market goes on for others', async () => {
    const slow = await subscribed(rig.venue.dataStreamUrl, { trades: ['*'], quotes: ['*'] });
    slow.socket.pause();
    let mostBytes = 0;
    await until(
      async () => {
        await rig.pass(60);
        const { connections, counters } = await rig.admin.state();
        const [connection] = connections.data;
        mostBytes = Math.max(mostBytes, connection?.bufferedBytes ?? 0);
        return counters['slowCuts'] === 1;
      },
      'a cut',
      15_000,
    );
    await until(async () => (await rig.admin.state()).connections.data.length === 0, 'no client');
    const other = await subscribed(rig.venue.dataStreamUrl, { quotes: ['*'] });
    await rig.pass(10);
    await until(() => other.of('q').length > 0, 'quotes');
    slow.socket.resume();
    other.end();
    slow.end();

    // One frame more may have gone in before anyone looked.
    expect(mostBytes).toBeLessThan(OUTBOUND_MAX + 256 * 1_024);
  });
});
