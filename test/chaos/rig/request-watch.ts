/** One request of the engine to its broker's REST, as it left this process. */
export interface WatchedRequest {
  readonly method: string;
  readonly path: string;
  readonly sentMs: number;
  readonly clientOrderId: string | undefined;
  /** Undefined while there is no answer; 0 where there was none. */
  status: number | undefined;
  endedMs: number;
}

/**
 * Stands in front of this process's `fetch`, which the official client calls: what is asked of one
 * host, when, and what came of it. `onOrder` is called before an order leaves. Dispose to end it.
 */
export class RequestWatch implements Disposable {
  readonly requests: WatchedRequest[] = [];
  readonly #fetch = globalThis.fetch;

  constructor(baseUrl: string, onOrder: (clientOrderId: string) => void) {
    const real = this.#fetch;
    globalThis.fetch = async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (url.origin !== new URL(baseUrl).origin) return real(input, init);
      const method = init?.method ?? 'GET';
      const isOrder = method === 'POST' && url.pathname === '/v2/orders';
      const request: WatchedRequest = {
        method,
        path: url.pathname,
        sentMs: performance.now(),
        clientOrderId: isOrder ? idIn(init?.body) : (url.searchParams.get('client_order_id') ?? ''),
        status: undefined,
        endedMs: Number.POSITIVE_INFINITY,
      };
      if (isOrder && request.clientOrderId !== undefined) onOrder(request.clientOrderId);
      this.requests.push(request);
      try {
        const response = await real(input, init);
        request.status = response.status;
        return response;
      } catch (error) {
        request.status = 0;
        throw error;
      } finally {
        request.endedMs = performance.now();
      }
    };
  }

  get orders(): readonly WatchedRequest[] {
    return this.requests.filter(({ method, path }) => method === 'POST' && path === '/v2/orders');
  }

  [Symbol.dispose](): void {
    globalThis.fetch = this.#fetch;
  }
}

function idIn(body: unknown): string | undefined {
  const order: unknown = typeof body === 'string' ? JSON.parse(body) : undefined;
  if (typeof order !== 'object' || order === null || !('client_order_id' in order))
    return undefined;
  return typeof order.client_order_id === 'string' ? order.client_order_id : undefined;
}
