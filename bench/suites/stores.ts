import type { Scale, Suite } from '../harness/suite.ts';
import { besideRowAppender } from '../stores/duckdb-beside.ts';
import { besideBareClient } from '../stores/questdb-beside.ts';
import { readNinetyDays } from '../stores/ninety-days.ts';
import { spoolRows } from '../stores/spool-rows.ts';

export const stores: Suite = {
  name: 'stores',
  measures:
    'rows of ten columns into the embedded store and into a real QuestDB, ours and the bare ' +
    'client or appender in turns, three each, CPU of all threads of this process beside wall ' +
    'time; then one symbol of a hundred, 90 days of minute bars, read by `readBars`: as ' +
    'ninety sessions of a day leave them, and as the rows came, all symbols minute by minute.',
  leavesOut:
    "the server's own CPU, and making the rows. Ours keeps one row of a time and keys, keeps " +
    'each batch until it is acknowledged and can spool it; the bare ones do none of that',
  target:
    'QuestDB >= 0.8 of the bare client and nothing lost; DuckDB >= 1.8 of its row appender; ' +
    '90 days <= 20 ms; what the queue and the spool hold is bounded',
  variants: [
    {
      name: 'DuckDB, columns beside rows',
      run: (scale) => besideRowAppender(scale === 'quick' ? 4 : 40),
    },
    { name: 'QuestDB, sink beside bare client', run: (scale) => besideBareClient(scale) },
    {
      name: 'DuckDB, 90 days as sessions leave them',
      run: (scale) => readNinetyDays(true, daysOf(scale)),
    },
    {
      name: 'DuckDB, 90 days never arranged',
      run: (scale) => readNinetyDays(false, daysOf(scale)),
    },
    { name: 'sink, the store away', run: spoolRows },
  ],
};

function daysOf(scale: Scale): number {
  return scale === 'quick' ? 3 : 90;
}
