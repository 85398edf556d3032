import type { ServiceDefinition, ServicePolicy } from '../../ports/service.ts';
import type { StreamHealth } from '../../ports/live-market.ts';
import type { LiveServiceOptions } from './live-services.ts';
export function marketServices(
  _o: LiveServiceOptions,
  _p: ServicePolicy,
): { definitions: readonly ServiceDefinition[]; health: () => readonly StreamHealth[] } {
  return { definitions: [], health: () => [] };
}
