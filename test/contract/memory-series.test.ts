import { MemorySeries, type MemorySeriesContent } from '../memory-series.ts';
import { describeAppending } from './time-series-append.ts';
import { describeArranging } from './time-series-arrange.ts';
import { describeReading } from './time-series-read.ts';
import type { StoreRig } from './time-series-rig.ts';

const content: MemorySeriesContent = new Map();

/** What the lifecycle's tests lean on: rows in and out. It has no SQL to be asked in. */
const rig: StoreRig = {
  name: 'memory',
  open: () => Promise.resolve(new MemorySeries(content)),
  settled: () => Promise.resolve(),
  alter: () => Promise.reject(new Error('nobody alters it by hand')),
  alterations: [],
  runs: 25,
};

describeAppending(rig);
describeReading(rig);
describeArranging(rig);
