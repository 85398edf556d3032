import { ConfigError } from '../../cli/config-error.ts';
import { type ResolvedConfig, settingFault } from '../../cli/load-config.ts';

/** A quote is as old as its receipt to us, so nothing else would find it out. */
export const DELAYED_TEXT =
  'delayed_sip tells of the market fifteen minutes late, and orders go out now';

/** What only a session in real time cannot run on. Throws a `ConfigError`. */
export function demandLiveSettings(resolved: ResolvedConfig): void {
  if (resolved.config.market.slots > 0) return;
  // A stream is asked for the trades and quotes of symbols that have a slot, and for no others.
  const what =
    'must be 1 or more in a session in real time, not 0: ' +
    'without a slot no trades and quotes come, and entries would be priced by bars';
  throw new ConfigError('CONFIG_INVALID', [settingFault(resolved, 'market.slots', what)]);
}
