import { FrameError } from '../../wire/frame-error.ts';
import { JsonBytes } from '../../wire/json-bytes.ts';
import { MsgpackBytes } from './msgpack-bytes.ts';

/** All messages of a frame as plain values, in either codec: for feeds that say little. */
export function parseFrame(bytes: Uint8Array): readonly unknown[] {
  const isJson = (bytes[0] ?? 0) < 0x80;
  const list = isJson ? parseJson(bytes) : parseMsgpack(bytes);
  if (!Array.isArray(list)) throw new FrameError('the frame is not a list', 0);
  return list;
}

function parseJson(bytes: Uint8Array): unknown {
  const json = new JsonBytes();
  json.load(bytes);
  return json.parse(0, bytes.length);
}

function parseMsgpack(bytes: Uint8Array): unknown {
  const wire = new MsgpackBytes();
  wire.load(bytes);
  const list = wire.parse(0);
  if (wire.at < bytes.length) throw new FrameError('something follows the list', wire.at);
  return list;
}
