import type { EffectKind, Requested } from '../../ports/effect.ts';
import type { EffectAnswer, ServiceDefinition, ServicePolicy } from '../../ports/service.ts';
import type { Alert } from '../small-services.ts';

/** Where no store of time series is configured: says `done` and keeps nothing. */
export function droppingRows(policy: ServicePolicy): ServiceDefinition {
  const keptNowhere = answering('rows', 'writeRows', policy, () => undefined);
  return { ...keptNowhere, service: 'none' };
}

/** Hands alerts to whoever shows or logs them. */
export function alerting(policy: ServicePolicy, show: (alert: Alert) => void): ServiceDefinition {
  return answering('alerts', 'alert', policy, ({ effect, requestedUs }) => {
    if (effect.kind !== 'alert') return;
    const { severity, code, text } = effect;
    show({ atUs: requestedUs, severity, code, text });
  });
}

function answering(
  name: string,
  kind: EffectKind,
  policy: ServicePolicy,
  take: (requested: Requested) => void,
): ServiceDefinition {
  const answer = (requested: Requested): EffectAnswer => {
    take(requested);
    return { outcome: 'done' };
  };
  return {
    name,
    service: 'store',
    policy,
    handles: (asked) => asked === kind,
    make: () => ({
      start: async () => undefined,
      perform: async (requested) => answer(requested),
      answer,
      stop: async () => undefined,
    }),
  };
}
