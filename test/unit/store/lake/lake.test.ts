import { readFileSync, rmSync, writeFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { TableDeclaration } from '../../../../src/ports/time-series.ts';
import { EVER } from '../../../../src/store/lake/lake.ts';
import { LakePass } from '../../../../src/store/lake/lake-pass.ts';
import { freeSpaceGuard } from '../../../../src/store/lifecycle/free-space.ts';
import { directoryPlace } from '../../../../src/store/lake/directory-place.ts';
import {
  batchOf,
  DAY_US,
  everyKind,
  row,
  type Row,
  rowsOf,
  START_US,
  withColumns,
} from '../../../contract/time-series-rig.ts';
import { type LifecycleRig, lifecycleRig } from '../../../lifecycle-rig.ts';
import { MemorySeries } from '../../../memory-series.ts';

const table: TableDeclaration = { ...everyKind(), name: 'kinds' };
const NAMES = ['A', 'B', 'C', 'D', 'E', 'F'];
/** Two days of every symbol, with every value that is hard to keep. */
const ROWS: readonly Row[] = [0, 1].flatMap((day) =>
  NAMES.map((symbol, number) =>
    row({
      atUs: START_US + day * DAY_US + number,
      symbol,
      number: (number - 3) * 2 ** 50,
      note: number % 2 === 0 ? '' : `it's "ü" ${day}`,
      price: [1.1, Number.NaN, -0, 1e-300, 5, -7][number] ?? 0,
      isOpen: number % 2 === 1,
      state: number === 0 ? [] : [1.5, Number.NaN, -0, Number.POSITIVE_INFINITY],
    }),
  ),
);

const rigs: LifecycleRig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

async function filled(rows = ROWS, declared = table): Promise<LifecycleRig> {
  const rig = lifecycleRig(new MemorySeries(), { buckets: 4 });
  rigs.push(rig);
  await add(rig, rows, declared);
  return rig;
}

async function add(rig: LifecycleRig, rows: readonly Row[], declared = table): Promise<LakePass> {
  const { tools } = rig;
  const pass = new LakePass(rig.lake, declared, { ...tools, beforeFile: tools.reserve });
  const batch = batchOf(declared, rows);
  const more = declared.columns.slice(table.columns.length);
  const columns = [...batch.columns, ...more.map(() => new Float64Array(rows.length).fill(4))];
  await pass.add({ ...batch, columns });
  await pass.finish();
  return pass;
}

async function read(rig: LifecycleRig, query = {}, declared = table): Promise<readonly Row[]> {
  const found: Row[] = [];
  const asked = { table: declared, ...EVER, ...query };
  for await (const batch of rig.lake.read(asked)) found.push(...rowsOf(batch));
  return found;
}

/** Path of the first file of the lake that ends so. */
function fileOf(rig: LifecycleRig, ending: string): string {
  const lake = join(rig.root, 'lake');
  const paths = readdirSync(lake, { recursive: true, encoding: 'utf8' }).toSorted();
  return join(lake, paths.find((path) => path.endsWith(ending)) ?? '');
}

describe('a lake', () => {
  it('gives back every kind of value bit for bit, in order of time and keys', async () => {
    const rig = await filled(ROWS);

    expect(await read(rig)).toEqual(ROWS);
  });

  it('keeps the signs of zeros where zeros are all there is, in doubles and in lists', async () => {
    const zeros = Array.from({ length: 2_000 }, (_, number) => {
      const price = number % 3 === 0 ? -0 : 0;
      return row({ number, price, state: [price, -price] });
    });
    const rig = await filled(zeros);

    expect(await read(rig)).toEqual(zeros);
  });

  it('reads a range, chosen symbols, and batches of any size', async () => {
    const rig = await filled();
    const sizes: number[] = [];
    for await (const { rows } of rig.lake.read({ table, ...EVER, batchRows: 4 })) sizes.push(rows);

    expect(await read(rig, { fromUs: START_US + 2, untilUs: START_US + DAY_US + 1 })).toEqual(
      ROWS.slice(2, 7),
    );
    expect(await read(rig, { only: { symbol: ['B', "X'"] } })).toEqual([ROWS[1], ROWS[7]]);
    expect(await read(rig, { only: { symbol: [] } })).toEqual([]);
    expect(sizes).toEqual([4, 2, 4, 2]);
  });

  it('lets a row that came later replace the one of the same keys', async () => {
    const rig = await filled();
    const corrected = ROWS.slice(0, 1).map((one) => ({ ...one, price: 99 }));
    await add(rig, corrected);

    expect(await read(rig)).toEqual([...corrected, ...ROWS.slice(1)]);
  });

  it('writes nothing where the same rows come again', async () => {
    const rig = await filled();
    const again = await add(rig, ROWS);

    expect(again.bytesWritten).toBe(0);
    expect(again.files.length).toBeGreaterThan(2);
  });

  it('(J4) reads files from before a column was added, and of a later build', async () => {
    const later = withColumns(table, [{ name: 'spread', kind: 'double', tells: 'new' }]);
    const old = await filled();
    const spreads: unknown[] = [];
    for await (const { columns } of old.lake.read({ table: later, ...EVER })) {
      spreads.push(...(columns.at(-1) ?? []));
    }
    const newer = await filled(ROWS, later);

    expect(spreads).toEqual(ROWS.map(() => Number.NaN));
    expect(await read(newer)).toEqual(ROWS);
  });

  it('counts no file without a manifest, and names it as a stray', async () => {
    const rig = await filled();
    rmSync(fileOf(rig, 'manifest.json'));

    expect((await read(rig)).length).toBeLessThan(ROWS.length);
  });
});

describe('a damaged lake', () => {
  it('names a file that was cut short, and does not read it', async () => {
    const rig = await filled();
    const path = fileOf(rig, '.parquet');
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, bytes.length - 10));

    await expect(read(rig)).rejects.toMatchObject({ code: 'LAKE_DAMAGED' });
    await expect(read(rig)).rejects.toThrow(/\.parquet in .*: it has \d+ bytes, its manifest says/);
  });

  it('names a file of which a bit was flipped', async () => {
    const rig = await filled();
    const path = fileOf(rig, '.parquet');
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
    writeFileSync(path, bytes);

    await expect(read(rig)).rejects.toThrow('do not match the SHA-256');
  });

  it('names a file that is gone, and a manifest that is half', async () => {
    const rig = await filled();
    rmSync(fileOf(rig, '.parquet'));
    await expect(read(rig)).rejects.toThrow('its manifest names it, and it is not there');

    const other = await filled();
    const path = fileOf(other, 'manifest.json');
    writeFileSync(path, readFileSync(path).subarray(0, 100));
    await expect(read(other)).rejects.toMatchObject({ code: 'LAKE_DAMAGED' });
  });

  it('refuses the manifest of a later build by its format', async () => {
    const rig = await filled();
    const path = fileOf(rig, 'manifest.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"format": 1', '"format": 2'));

    await expect(read(rig)).rejects.toMatchObject({ code: 'LAKE_NEWER' });
  });
});

describe('the guard of free space', () => {
  it('lets pass what leaves enough, and refuses with both numbers what does not', async () => {
    const place = directoryPlace('/tmp');
    const free = await place.freeBytes();
    const guard = freeSpaceGuard(place, Math.floor(free / 1_048_576) - 1_000);

    await expect(guard(1)).resolves.toBeUndefined();
    await expect(guard(1_100 * 1_048_576)).rejects.toMatchObject({ code: 'LAKE_FULL' });
    await expect(guard(1_100 * 1_048_576)).rejects.toThrow(/\d+ MB free; 1100 MB more/);
  });
});
