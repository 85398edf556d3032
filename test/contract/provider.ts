import { describe, expect, it } from 'vitest';
import type { Requested } from '../../src/ports/effect.ts';
import type { Provider } from '../../src/ports/service.ts';

/** What every service's provider owes to the tree that owns it, whatever it provides. */
export function describeProvider(
  name: string,
  make: () => { readonly provider: Provider; request(): Requested },
): void {
  describe(`${name} as a provider`, () => {
    it('starts, answers each request once, and stops', async () => {
      const { provider, request } = make();
      await provider.start();
      const answers = await Promise.all([
        provider.perform(request()),
        provider.perform(request()),
        provider.perform(request()),
      ]);
      await provider.stop();

      expect(answers.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
    });

    it('settles what is under way when it is stopped', async () => {
      const { provider, request } = make();
      await provider.start();
      const settled = Promise.allSettled([
        provider.perform(request()),
        provider.perform(request()),
      ]);
      await provider.stop();

      expect(await settled).toHaveLength(2);
    });

    it('may be stopped before it starts, while it starts, and twice', async () => {
      const never = make().provider;
      await never.stop();
      const { provider } = make();
      const started = provider.start().then(
        () => 'started',
        () => 'rejected',
      );
      await provider.stop();
      await provider.stop();

      expect(['started', 'rejected']).toContain(await started);
    });

    it('does nothing for who asks after its end, and says so', async () => {
      const { provider, request } = make();
      await provider.start();
      await provider.stop();
      const [late] = await Promise.allSettled([provider.perform(request())]);

      expect(late.status === 'fulfilled' && late.value.outcome === 'done').toBe(false);
    });
  });
}
