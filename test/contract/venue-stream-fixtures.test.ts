import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VenueRig } from '../venue-rig.ts';
import { subscribed, until, type VenueMessage } from '../venue-socket.ts';

// Real payloads lie outside the repository.
const FILE = join(
  process.env['STRATA_DATA'] ?? '../shared/data',
  'fixtures',
  'alpaca_stream_docs.jsonl',
);
const CHANNELS = {
  trades: ['*'],
  quotes: ['*'],
  bars: ['*'],
  statuses: ['*'],
  lulds: ['*'],
};
/** Of the streams we serve; imbalances we have none. */
const KINDS = ['t', 'q', 'b', 'c', 'x', 'l', 's', 'subscription'];

describe.skipIf(!existsSync(FILE))('messages as the documentation prints them', () => {
  const rig = new VenueRig({ plan: 'plus' });

  it('have the keys and the types of ours, kind by kind', async () => {
    const client = await subscribed(rig.venue.dataStreamUrl, CHANNELS);
    await rig.pass(70);
    await rig.admin.chaos('correction', { symbol: 'SEMKT' });
    await rig.admin.chaos('cancelTrade', { symbol: 'SEMKT' });
    await rig.admin.chaos('halt', { symbol: 'SETEC' });
    // Bands are told when they move, or when trading begins again.
    await rig.pass(3_600);
    await until(() => KINDS.every((kind) => client.of(kind).length > 0), 'every kind', 15_000);
    client.end();
    const documented = new Map(fixtures().map((message) => [String(message['T']), message]));

    expect([...documented.keys()].toSorted()).toEqual([...KINDS, 'i'].toSorted());
    for (const kind of KINDS) {
      expect(shapeOf(client.of(kind)[0] ?? {}), kind).toMatchObject(
        shapeOf(documented.get(kind) ?? {}),
      );
    }
    for (const message of client.messages) expect(KINDS.concat('success')).toContain(message['T']);
  });
});

function fixtures(): readonly VenueMessage[] {
  return readFileSync(FILE, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => JSON.parse(line).payload)
    .filter((payload) => 'T' in payload);
}

/** Keys, and what stands under them: numbers, texts, lists of texts. */
function shapeOf(message: VenueMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(message).map(([key, value]) => [
      key,
      Array.isArray(value) ? 'list' : typeof value,
    ]),
  );
}
