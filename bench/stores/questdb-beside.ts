import { openQuestDb } from '../../src/store/questdb/questdb.ts';
import { Sender } from '@questdb/nodejs-client';
import type { RowBatch } from '../../src/ports/time-series.ts';
import type { Outcome, Scale } from '../harness/suite.ts';
import { startedQuestDb } from './questdb-server.ts';
import { inScratchFolder } from '../harness/scratch-folder.ts';
import { settled, sinkOf } from './sink-of.ts';
import { Stopwatch } from '../harness/stopwatch.ts';
import { bestOf, type Turn, turnOf } from './store-turns.ts';
import { TEN_COLUMNS, tenColumnRows } from './ten-column-rows.ts';

const TURNS = 3;
const BATCH_ROWS = 8_192;
const BATCHES = 25;
const PEER_TABLE = 'bench_rows_bare';

export async function besideBareClient(scale: Scale): Promise<Outcome> {
  // A server takes longer to start than a quick run has.
  if (scale === 'quick') return { figures: {}, note: 'needs a server: not in a quick run' };
  return await inScratchFolder(async (folder): Promise<Outcome> => {
    const server = await startedQuestDb();
    if (server === undefined) {
      return { figures: {}, note: 'no QuestDB could be started here: not measured' };
    }
    try {
      return { figures: await measure(server.port, folder) };
    } finally {
      await server.stop();
    }
  });
}

async function measure(port: number, folder: string) {
  const store = openQuestDb({ url: `http://127.0.0.1:${port}` });
  await store.migrate([TEN_COLUMNS, { ...TEN_COLUMNS, name: PEER_TABLE }]);
  const sink = sinkOf(store, folder);
  const sender = await Sender.fromConfig(`http::addr=127.0.0.1:${port};protocol_version=2;`);
  const ours: Turn[] = [];
  const theirs: Turn[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) {
    const mine = batches(turn);
    const watch = new Stopwatch();
    for (const batch of mine) sink.offer(batch);
    await settled(sink);
    ours.push(turnOf(watch, BATCHES * BATCH_ROWS));
    const others = batches(turn);
    const peerWatch = new Stopwatch();
    for (const batch of others) await sendBare(sender, batch);
    await sender.flush();
    theirs.push(turnOf(peerWatch, BATCHES * BATCH_ROWS));
  }
  const { queuedBytes, spooled, lost, refused } = await sink.close(30_000);
  await sender.close();
  const { tables } = await store.status();
  const rows = tables.find(({ name }) => name === TEN_COLUMNS.name)?.rows ?? 0;
  await store.close();
  const sent = TURNS * BATCHES * BATCH_ROWS;
  if (rows !== sent) throw new Error(`the server has ${rows} rows of ${sent}`);
  return { ...bestOf(ours, theirs), rowsSent: sent, rows, queuedBytes, spooled, lost, refused };
}

function batches(turn: number): readonly RowBatch[] {
  const from = turn * BATCHES * BATCH_ROWS;
  return Array.from({ length: BATCHES }, (_, place) =>
    tenColumnRows(from + place * BATCH_ROWS, BATCH_ROWS),
  );
}

/** As the client's documentation has it: its own flushes, each row awaited. */
async function sendBare(sender: Sender, { rows, columns, table }: RowBatch): Promise<void> {
  const [atUs, symbols, places, ...doubles] = columns;
  const names = table.columns.slice(3).map(({ name }) => name);
  for (let row = 0; row < rows; row += 1) {
    sender.table(PEER_TABLE).symbol('symbol', String(symbols?.[row]));
    sender.intColumn('place', Number(places?.[row]));
    for (const [place, column] of doubles.entries()) {
      sender.floatColumn(names[place] ?? '', Number(column[row]));
    }
    await sender.at(Number(atUs?.[row]), 'us');
  }
}
