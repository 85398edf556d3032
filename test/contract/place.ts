import { describe, expect, it } from 'vitest';
import type { Place } from '../../src/store/lake/place.ts';

export interface PlaceRig {
  readonly name: string;
  /** An empty one. */
  make(): Promise<Place>;
}

const ONE = Uint8Array.of(1, 2, 3);

/** What every place of files does (J5). */
export function describePlace(rig: PlaceRig): void {
  describe(`${rig.name} as a place of files (J5)`, () => {
    it('gives back what was put, byte for byte, also nothing and a megabyte', async () => {
      const place = await rig.make();
      const large = Uint8Array.from({ length: 1_048_577 }, (_, at) => at % 251);
      await place.put('a/one', ONE);
      await place.put('a/b/none', new Uint8Array());
      await place.put('large', large);

      expect([...(await place.get('a/one'))]).toEqual([1, 2, 3]);
      expect(await place.get('a/b/none')).toHaveLength(0);
      expect(Buffer.compare(await place.get('large'), large)).toBe(0);
    });

    it('tells how long a file is, and that there is none', async () => {
      const place = await rig.make();
      await place.put('a/one', ONE);

      expect(await place.size('a/one')).toBe(3);
      expect(await place.size('a')).toBeUndefined();
      expect(await place.size('a/two')).toBeUndefined();
    });

    it('lists the files of a folder at any depth, by path, and of no other', async () => {
      const place = await rig.make();
      const paths = ['a/c', 'a/b/d', 'ab/e', 'date=2025-01-02/bucket=00-of-04/x.parquet', 'z'];
      for (const path of paths.toReversed()) await place.put(path, ONE);

      expect(await place.list('')).toEqual(paths.toSorted().map((path) => ({ path, bytes: 3 })));
      expect((await place.list('a/')).map(({ path }) => path)).toEqual(['a/b/d', 'a/c']);
      expect(await place.list('nothing/')).toEqual([]);
    });

    it('replaces a file, and removes one as often as it is asked', async () => {
      const place = await rig.make();
      await place.put('one', ONE);
      await place.put('one', Uint8Array.of(9));

      expect([...(await place.get('one'))]).toEqual([9]);
      await place.remove('one');
      await place.remove('one');
      expect(await place.size('one')).toBeUndefined();
      expect(await place.list('')).toEqual([]);
    });

    it('names what it has not, and where', async () => {
      const place = await rig.make();

      await expect(place.get('a/gone')).rejects.toMatchObject({ code: 'LAKE_MISSING' });
      await expect(place.get('a/gone')).rejects.toThrow('a/gone');
    });

    it('keeps one of two that are put at once, whole', async () => {
      const place = await rig.make();
      const versions = [3, 5, 7].map((value) => new Uint8Array(70_000).fill(value));
      await Promise.all(versions.map((bytes) => place.put('same', bytes)));
      const kept = await place.get('same');

      expect(versions.some((bytes) => Buffer.compare(bytes, kept) === 0)).toBe(true);
    });

    it('counts what is free, or says that nobody counts', async () => {
      const place = await rig.make();

      expect(await place.freeBytes()).toBeGreaterThan(0);
    });
  });
}
