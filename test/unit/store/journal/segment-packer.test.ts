import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createSegmentPacker } from '../../../../src/store/journal/segment-packer.ts';

const threads = { none: false };
vi.mock('node:worker_threads', async (original) => {
  const real = await original<typeof import('node:worker_threads')>();
  return {
    ...real,
    /** As where the system gives a process no thread more. */
    Worker: function begun(...given: ConstructorParameters<typeof real.Worker>) {
      if (threads.none) throw new Error('ERR_WORKER_INIT_FAILED: EAGAIN');
      return new real.Worker(...given);
    },
  };
});

const roots: string[] = [];
afterEach(() => {
  threads.none = false;
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

function packerOf() {
  const root = mkdtempSync(join(tmpdir(), 'strata-packer-'));
  roots.push(root);
  for (const segment of ['000001.seg', '000002.seg']) {
    writeFileSync(join(root, segment), new Uint8Array(10_000));
  }
  const told: string[] = [];
  const packer = createSegmentPacker({
    folder: root,
    packed: (segment) => told.push(`${segment} packed`),
    failed: (segment, error) => told.push(`${segment} ${String(error)}`),
  });
  return { root, told, packer };
}

describe('the packer of a session', () => {
  it('never fails whoever wrote a segment: where it has no thread the segment stays', async () => {
    const { told, packer } = packerOf();
    threads.none = true;
    packer.closed('000001.seg');
    expect(told).toEqual([expect.stringMatching(/^000001\.seg .*EAGAIN/)]);

    threads.none = false;
    packer.closed('000002.seg');
    await vi.waitFor(() => expect(told[1]).toBe('000002.seg packed'), 10_000);
    await packer.stop();
  });

  it('says why a segment stays where not even its draft can be taken away', async () => {
    const { root, told, packer } = packerOf();
    // Nothing can be written there, and it is no file that could be removed.
    mkdirSync(join(root, '000001.seg.gz.tmp'));
    packer.closed('000001.seg');
    packer.closed('000002.seg');
    await vi.waitFor(() => expect(told).toHaveLength(2), 10_000);

    expect(told).toEqual([expect.stringContaining('EISDIR'), '000002.seg packed']);
    await packer.stop();
  });
});
