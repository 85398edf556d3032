import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { java } from './java.ts';
import type { Place } from './running-server.ts';
import type { Launch } from './server-process.ts';

/** For servers of which a test wants answers, not speed: up in two thirds of the time. */
export const QUICK_START: readonly string[] = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/** Starts a server of Java in its own folder: nothing of it lies elsewhere when it is killed. */
export async function jvm(
  { folder }: Place,
  heapMb: number,
): Promise<Pick<Launch, 'file' | 'args' | 'env' | 'stopSignal' | 'beforeStart'>> {
  const temporary = join(folder, 'tmp');
  return {
    file: await java(),
    args: [`-Xmx${heapMb}m`, `-Djava.io.tmpdir=${temporary}`, '-XX:-UsePerfData'],
    // Nothing else of ours: QDB_ and JAVA_TOOL_OPTIONS would change what is tested.
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' },
    stopSignal: 'SIGTERM',
    // Each life unpacks its native libraries there, and one that is killed leaves them.
    beforeStart: () => {
      rmSync(temporary, { recursive: true, force: true });
      mkdirSync(temporary);
    },
  };
}
