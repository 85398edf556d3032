import type { Place } from './place.ts';

/** A folder of a place, as a place of its own; the folder ends in `/`. */
export function subPlace(place: Place, folder: string): Place {
  return {
    name: `${folder} in ${place.name}`,
    async list(inside) {
      const files = await place.list(`${folder}${inside}`);
      return files.map(({ path, bytes }) => ({ path: path.slice(folder.length), bytes }));
    },
    size: (path) => place.size(`${folder}${path}`),
    get: (path) => place.get(`${folder}${path}`),
    put: (path, bytes) => place.put(`${folder}${path}`, bytes),
    remove: (path) => place.remove(`${folder}${path}`),
    freeBytes: () => place.freeBytes(),
    localPath: (path) => place.localPath(`${folder}${path}`),
  };
}
