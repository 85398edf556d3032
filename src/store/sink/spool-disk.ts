import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Disk } from '../../ports/disk.ts';
import { nodeDisk } from '../journal/node-disk.ts';

/**
 * A disk for the spool: what is removed may come back after a loss of power, for it is sent again
 * then and is the same row. So a removal waits for no device, on a thread that may be deciding.
 */
export function spoolDisk(root: string): Disk {
  return { ...nodeDisk(root), remove: (path) => unlinkSync(join(root, path)) };
}
