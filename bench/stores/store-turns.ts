import type { Figures } from '../harness/suite.ts';
import type { Stopwatch } from '../harness/stopwatch.ts';

/** Rows a second, of CPU and of wall time. */
export interface Turn {
  readonly cpu: number;
  readonly wall: number;
}

export function turnOf(watch: Stopwatch, rows: number): Turn {
  const { cpuMs, wallMs } = watch.read();
  return { cpu: (rows / cpuMs) * 1_000, wall: (rows / wallMs) * 1_000 };
}

/** The best turn of each, and their ratios: what the machine does besides only ever takes. */
export function bestOf(ours: readonly Turn[], theirs: readonly Turn[]): Figures {
  const most = (turns: readonly Turn[], key: keyof Turn) =>
    Math.max(...turns.map((turn) => turn[key]));
  const own = { cpu: most(ours, 'cpu'), wall: most(ours, 'wall') };
  const peer = { cpu: most(theirs, 'cpu'), wall: most(theirs, 'wall') };
  return {
    ownRowsPerSecond: own.wall,
    peerRowsPerSecond: peer.wall,
    wallRatio: own.wall / peer.wall,
    ownRowsPerCpuSecond: own.cpu,
    peerRowsPerCpuSecond: peer.cpu,
    cpuRatio: own.cpu / peer.cpu,
  };
}
