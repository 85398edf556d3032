import type { IncomingMessage } from 'node:http';

export type BodyRead =
  | { readonly kind: 'body'; readonly value: unknown }
  | { readonly kind: 'none' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'oversized' }
  | { readonly kind: 'aborted' };

/** The request's body as JSON; past the limit the rest is read and thrown away. */
export async function readBody(message: IncomingMessage, bytesMax: number): Promise<BodyRead> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of message) {
      if (!(chunk instanceof Uint8Array)) continue;
      bytes += chunk.length;
      if (bytes <= bytesMax) chunks.push(chunk);
    }
  } catch {
    return { kind: 'aborted' }; // The client went away before its request was whole.
  }
  if (bytes > bytesMax) return { kind: 'oversized' };
  if (bytes === 0) return { kind: 'none' };
  return parse(Buffer.concat(chunks).toString('utf8'));
}

function parse(text: string): BodyRead {
  try {
    const value: unknown = JSON.parse(text);
    return { kind: 'body', value };
  } catch {
    return { kind: 'bad' };
  }
}
