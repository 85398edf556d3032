import type {
  GetObjectCommandOutput,
  ListObjectsV2CommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import { bucketError, isPassing, type Secrets } from './bucket-error.ts';
import { LakeError } from './lake-error.ts';
import type { Place, PlacedFile } from './place.ts';

type Library = typeof import('@aws-sdk/client-s3');

export interface BucketOptions {
  readonly bucket: string;
  /** Folder inside the bucket that is ours; empty for all of it. */
  readonly prefix: string;
  /** `https://minio.example:9000`; undefined for AWS itself. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** `host/bucket` and not `bucket.host`: what most servers other than AWS want. */
  readonly isPathStyle: boolean;
  readonly keys: Secrets;
  readonly attemptsMax: number;
  readonly requestMsMax: number;
}

/** One request takes five times this, and it lies in memory; a journal segment is a fourth. */
const FILE_BYTES_MAX = 1024 * 1024 * 1024;
const BACKOFF_MS = 100;
const BACKOFF_MS_MAX = 3_000;

/**
 * A bucket of a server that speaks S3's protocol. A request that fails without an answer, or with a
 * 5xx, is made again; half a download is no file. The keys are in no message, and no error of the
 * client is passed on, as those carry them.
 */
export async function bucketPlace(options: BucketOptions): Promise<Place & { close(): void }> {
  // It warns of Node 20, which this version of it still runs on.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const library = await import('@aws-sdk/client-s3');
  const { endpoint, region, keys, requestMsMax } = options;
  const client = new library.S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    region,
    forcePathStyle: options.isPathStyle,
    credentials: { accessKeyId: keys.accessKey, secretAccessKey: keys.secretKey },
    // Ours, so that every try is counted the same and half a body counts as one.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: requestMsMax, requestTimeout: requestMsMax },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return new BucketPlace(library, client, options);
}

class BucketPlace {
  readonly name: string;
  readonly #library: Library;
  readonly #client: S3Client;
  readonly #options: BucketOptions;
  readonly #prefix: string;

  constructor(library: Library, client: S3Client, options: BucketOptions) {
    const { bucket, prefix, endpoint, region } = options;
    this.#library = library;
    this.#client = client;
    this.#options = options;
    this.#prefix = prefix === '' ? '' : `${prefix.replace(/\/+$/, '')}/`;
    const host = endpoint === undefined ? region : hostOf(endpoint);
    this.name = `s3://${bucket}/${this.#prefix} at ${host}`;
  }

  async list(folder: string): Promise<readonly PlacedFile[]> {
    const found: PlacedFile[] = [];
    const Prefix = `${this.#prefix}${folder}`;
    let token: string | undefined;
    do {
      const page: ListObjectsV2CommandOutput = await this.#page(folder, Prefix, token);
      for (const { Key = '', Size = 0 } of page.Contents ?? []) {
        found.push({ path: Key.slice(this.#prefix.length), bytes: Size });
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return found.toSorted((left, right) => (left.path < right.path ? -1 : 1));
  }

  async size(path: string): Promise<number | undefined> {
    const { HeadObjectCommand: Head } = this.#library;
    try {
      const head = await this.#again(path, () => this.#client.send(new Head(this.#at(path))));
      return head.ContentLength;
    } catch (error) {
      if (error instanceof LakeError && error.code === 'LAKE_MISSING') return undefined;
      throw error;
    }
  }

  get(path: string): Promise<Uint8Array> {
    return this.#again(path, async () => {
      const { GetObjectCommand: Get } = this.#library;
      return await this.#whole(path, await this.#client.send(new Get(this.#at(path))));
    });
  }

  /** The server checks the bytes by their SHA-256, and is asked for their number afterwards. */
  async put(path: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > FILE_BYTES_MAX) {
      const message = `${path} has ${bytes.length} bytes, a file at most ${FILE_BYTES_MAX}`;
      throw new LakeError('LAKE_REFUSED', message);
    }
    const { PutObjectCommand: Put } = this.#library;
    const body = { Body: bytes, ContentLength: bytes.length, ChecksumAlgorithm: 'SHA256' } as const;
    await this.#again(path, () => this.#client.send(new Put({ ...this.#at(path), ...body })));
    const size = await this.size(path);
    if (size === bytes.length) return;
    const there = `has ${size ?? 0} bytes of ${bytes.length}`;
    throw new LakeError('LAKE_DAMAGED', `${path} in ${this.name} ${there} after it was written`);
  }

  async remove(path: string): Promise<void> {
    const { DeleteObjectCommand: Delete } = this.#library;
    await this.#again(path, () => this.#client.send(new Delete(this.#at(path))));
  }

  freeBytes(): Promise<number> {
    return Promise.resolve(Number.POSITIVE_INFINITY);
  }

  localPath(): string | undefined {
    return undefined;
  }

  close(): void {
    this.#client.destroy();
  }

  #page(folder: string, Prefix: string, token: string | undefined) {
    const { ListObjectsV2Command: List } = this.#library;
    const more = token === undefined ? {} : { ContinuationToken: token };
    const command = new List({ Bucket: this.#options.bucket, Prefix, ...more });
    return this.#again(folder, () => this.#client.send(command));
  }

  /** A connection that ends early ends the body like a whole one, on some servers. */
  async #whole(path: string, { Body, ContentLength }: GetObjectCommandOutput) {
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    if (ContentLength === undefined || bytes.length === ContentLength) return bytes;
    const came = `came with ${bytes.length} of ${ContentLength} bytes`;
    throw new LakeError('LAKE_DAMAGED', `${path} in ${this.name} ${came}`);
  }

  /** Every call may be made twice: what it leaves is the same. */
  async #again<T>(path: string, call: () => Promise<T>): Promise<T> {
    const { attemptsMax, keys } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await call();
      } catch (error) {
        if (attempt >= attemptsMax || !isPassing(error)) {
          throw bucketError(error, `${path} in ${this.name}`, attempt, keys);
        }
        await pause(attempt);
      }
    }
  }

  #at(path: string): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#options.bucket, Key: `${this.#prefix}${path}` };
  }
}

/** With jitter, so that many do not come back together. */
function pause(attempt: number): Promise<void> {
  const ms = Math.min(BACKOFF_MS_MAX, BACKOFF_MS * 2 ** attempt) * (0.5 + Math.random() / 2);
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Without user and password, which a URL may carry. */
function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : 'an endpoint that is no URL';
}
