import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { describeFailure } from '../../../../src/cli/failures.ts';
import { closeServer, listen } from '../../../../src/venue/process/listen.ts';
import { runVenue } from '../../../../src/venue/process/run-venue.ts';

const servers: Server[] = [];
const SMALL = { symbols: 4, isPaused: true } as const;

async function taken(): Promise<number> {
  const server = createServer();
  servers.push(server);
  return listen(server, 0);
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0);
  await closeServer(server);
  return port;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await closeServer(server);
});

describe('the ports of a venue', () => {
  it('that are taken are named, with what to do', async () => {
    const port = await taken();
    for (const options of [{ port }, { adminPort: port }]) {
      const error: unknown = await runVenue({ ...SMALL, ...options }).catch((why: unknown) => why);

      expect(error).toMatchObject({ code: 'VENUE_PORT_UNUSABLE' });
      const { what, action, exitCode } = describeFailure(error);
      expect(what).toContain(`port ${port} is taken`);
      expect(action).toContain('Choose another with --port or --admin-port');
      expect(exitCode).toBe(1);
    }
  });

  it('are given back where the second one is taken', async () => {
    const adminPort = await taken();
    const port = await freePort();
    await expect(runVenue({ ...SMALL, port, adminPort })).rejects.toThrow('is taken');

    const venue = await runVenue({ ...SMALL, port });
    expect(venue.tradingUrl).toBe(`http://127.0.0.1:${port}`);
    await venue.close();
  });

  it('may not be the same', async () => {
    const port = await freePort();

    await expect(runVenue({ ...SMALL, port, adminPort: port })).rejects.toMatchObject({
      code: 'VENUE_OPTION_INVALID',
      message: `--port and --admin-port must differ: both are ${port}`,
    });
  });
});

describe('the speed of a venue', () => {
  it.each([0, 0.05, 1_000.5, 5_000, Number.NaN])('is refused as %d', async (speed) => {
    await expect(runVenue({ ...SMALL, speed })).rejects.toMatchObject({
      code: 'VENUE_OPTION_INVALID',
      message: `--speed of a venue must be 0.1 to 1000: ${speed}`,
    });
  });
});
