import type { EffectAnswer, Provider } from '../../ports/service.ts';
import type { Requested } from '../../ports/effect.ts';
import type { MarketStream } from './market-stream.ts';

/**
 * The stream as a part of the supervision tree: it answers `subscribe`. It works as soon as it
 * tries: whether the venue is there is its health, and no reason to make it anew.
 */
export function marketProvider(stream: MarketStream): Provider {
  return {
    start() {
      stream.start();
      return Promise.resolve();
    },
    async perform({ effect }: Requested): Promise<EffectAnswer> {
      if (effect.kind !== 'subscribe') {
        return { outcome: 'refused', code: 'NOT_MARKET_DATA', message: effect.kind };
      }
      const result = await stream.subscribe(effect.symbols);
      if (result.outcome === 'done') return { outcome: 'done' };
      return { outcome: 'failed', code: result.code, message: result.message };
    },
    stop: () => stream.stop(),
  };
}
