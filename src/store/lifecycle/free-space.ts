import { LakeError } from '../lake/lake-error.ts';
import type { Place } from '../lake/place.ts';

/** Rejects with `LAKE_FULL` where so many bytes more would leave less free than has to stay. */
export type ReserveSpace = (bytes: number) => Promise<void>;

const MB = 1_048_576;

/** Asks before each file, so that a run stops while the disk still has room for the engine. */
export function freeSpaceGuard(place: Place, freeMbMin: number): ReserveSpace {
  return async (bytes) => {
    const free = await place.freeBytes();
    if (free - bytes >= freeMbMin * MB) return;
    const [has, takes] = [Math.floor(free / MB), Math.ceil(bytes / MB)];
    const message = `${place.name} has ${has} MB free; ${takes} MB more would leave less than`;
    throw new LakeError('LAKE_FULL', `${message} the ${freeMbMin} MB that stay free`);
  };
}
