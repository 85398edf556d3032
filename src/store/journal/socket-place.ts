import { closeSync, mkdirSync, openSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashText } from '../../core/hash.ts';

/** `sun_path` takes 108 bytes on Linux and 104 elsewhere, one of them the closing zero. */
const SOCKET_PATH_BYTES_MAX = 103;
const SOCKET_NAME = 'engine.sock';

/** Where the socket of a data directory is reached from this process. */
export interface SocketPlace {
  readonly path: string;
  /** Once nothing uses the path any more. */
  release(): void;
}

/**
 * `engine.sock` inside the directory, whatever the directory's length. On Linux a long path is
 * shortened through a descriptor of the directory, so that the socket still lies inside it: a
 * socket in a temporary folder is not found by a process with another TMPDIR or a private /tmp,
 * which would then believe that no engine runs. Elsewhere there is only the temporary folder.
 */
export function socketPlace(realDirectory: string): SocketPlace {
  const direct = join(realDirectory, SOCKET_NAME);
  if (Buffer.byteLength(direct) <= SOCKET_PATH_BYTES_MAX) {
    return { path: direct, release: () => undefined };
  }
  if (platform() === 'linux') {
    const folder = openSync(realDirectory, 'r');
    return {
      path: `/proc/self/fd/${folder}/${SOCKET_NAME}`,
      release: () => closeSync(folder),
    };
  }
  const folder = join(tmpdir(), `strata-${hashText(realDirectory)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { path: join(folder, SOCKET_NAME), release: () => undefined };
}
