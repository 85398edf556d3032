/** One connection, as a supervisor needs it: `ws` behind it in life, a script in tests. */
export interface Connection {
  send(text: string): void;
  ping(): void;
  /** Stops reading: the peer's bytes wait in the system's buffers, then with the peer. */
  pause(): void;
  resume(): void;
  /** Says goodbye; `closed` follows once the peer has answered. */
  close(): void;
  /** Is gone at once; `closed` may still follow. */
  terminate(): void;
}

/** What happens to a connection. `closed` comes last, and once. */
export interface ConnectionListener {
  opened(): void;
  /** One whole message. The bytes are the listener's until it returns. */
  received(bytes: Uint8Array): void;
  ponged(): void;
  /** The venue answered the upgrade with another status than 101. */
  refused(status: number): void;
  /** `reason` is the peer's word, or the error that ended it. */
  closed(code: number, reason: string): void;
}

/** Begins to connect and returns at once. What goes wrong later is `closed`. */
export type Connect = (listener: ConnectionListener) => Connection;
