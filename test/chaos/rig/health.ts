import type { ChaosSession } from './chaos-session.ts';

/** How long after a moment the kernel heard that a service is not well. */
export async function foundMs(
  session: ChaosSession,
  service: 'market' | 'broker',
  beganMs: number,
): Promise<number> {
  const news = () =>
    session.witness.services.find(
      ({ atMs, input }) => atMs > beganMs && input.service === service && input.state !== 'up',
    );
  await session.until(`${service} to be found broken`, () => news() !== undefined);
  return (news()?.atMs ?? Number.POSITIVE_INFINITY) - beganMs;
}

export function isUp(session: ChaosSession, service: 'market' | 'broker'): boolean {
  return session.view.health.services.get(service)?.state === 'up';
}

export function healed(session: ChaosSession, msMax = 15_000): Promise<number> {
  const isWell = () =>
    isUp(session, 'market') && isUp(session, 'broker') && session.view.broker.isReconciled;
  return session.until('all up again', isWell, msMax);
}
