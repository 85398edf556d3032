/** Tells of each order when the last byte of its request has gone to the system. */
export class SentOrders {
  readonly #told: (clientOrderId: string) => void;
  /** Of requests that were called for, in order, until the client makes them. */
  readonly #called: string[] = [];
  readonly #ids = new WeakMap<object, string>();

  constructor(told: (clientOrderId: string) => void) {
    this.#told = told;
    const call = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      const id = idOf(init?.body);
      if (id !== undefined) this.#called.push(id);
      return call(input, init);
    };
  }

  /** Of the channel `undici:request:create`. */
  readonly created = (message: unknown): void => {
    const request: unknown = Reflect.get(Object(message), 'request');
    const isOrder =
      Reflect.get(Object(request), 'method') === 'POST' &&
      Reflect.get(Object(request), 'path') === '/v2/orders';
    if (!isOrder) return;
    const id = this.#called.shift();
    if (id !== undefined) this.#ids.set(Object(request), id);
  };

  /** Of the channel `undici:request:bodySent`. */
  readonly bodySent = (message: unknown): void => {
    const request: unknown = Reflect.get(Object(message), 'request');
    const id = this.#ids.get(Object(request));
    if (id !== undefined) this.#told(id);
  };
}

function idOf(body: unknown): string | undefined {
  if (typeof body !== 'string') return undefined;
  return /"client_order_id":"([^"]+)"/.exec(body)?.[1];
}
