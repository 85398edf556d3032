import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync, strToU8, zipSync } from 'fflate';
import { EventBatch } from '../../../../src/domain/market/event-batch.ts';
import type { MarketSource } from '../../../../src/ports/market-source.ts';

/** A folder of made-up recordings, gone after the test. */
export class Recording {
  readonly folder = mkdtempSync(join(tmpdir(), 'strata-recorded-'));

  write(path: string, text: string): string {
    const full = join(this.folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, packed(path, text));
    return full;
  }

  writeBytes(path: string, bytes: Uint8Array): string {
    const full = join(this.folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, bytes);
    return full;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

export function packed(path: string, text: string): Uint8Array {
  const bytes = strToU8(text);
  if (path.endsWith('.zip')) return zipSync({ 'rows.csv': bytes });
  return path.endsWith('.gz') ? gzipSync(bytes) : bytes;
}

export interface SeenEvent {
  readonly frame: number;
  readonly receivedUs: number;
  readonly kind: number;
  readonly symbol: number;
  readonly venueUs: number;
  readonly flags: number;
  readonly exchange: number;
  readonly values: readonly number[];
}

/** Everything a source gives, frame by frame. */
export function drain(source: MarketSource, batch = new EventBatch()): readonly SeenEvent[] {
  const seen: SeenEvent[] = [];
  let frame = 0;
  while (source.next(batch)) {
    for (let at = 0; at < batch.frames; at += 1, frame += 1) {
      for (let slot = batch.frameBegin(at); slot < (batch.frameEnd[at] ?? 0); slot += 1) {
        seen.push({
          frame,
          receivedUs: batch.frameUs[at] ?? 0,
          kind: batch.kind[slot] ?? 0,
          symbol: batch.symbol[slot] ?? 0,
          venueUs: batch.venueUs[slot] ?? 0,
          flags: batch.flags[slot] ?? 0,
          exchange: batch.exchange[slot] ?? 0,
          values: [batch.a, batch.b, batch.c, batch.d, batch.e, batch.f].map(
            (column) => column[slot] ?? 0,
          ),
        });
      }
    }
  }
  return seen;
}
