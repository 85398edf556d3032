import { createTradingKernel } from '../actors/kernel/kernel.ts';
import type { Probe } from '../actors/runtime/handling.ts';
import type { Kernel } from '../actors/runtime/kernel.ts';
import type { Config } from '../cli/config-schema.ts';
import { kernelOptions } from './kernel-options.ts';
import type { SessionFile } from './session-files.ts';

/** A kernel as the session began with: for a life of it, and for `verify`. */
export function makeKernel(file: SessionFile, config: Config, probe?: Probe): Kernel {
  const { orderSession, isHistoryGiven: hasHistory, symbolsMax } = file;
  const { market } = file;
  const isAlone = market.kind !== 'live' && !(market.kind === 'journal' && market.isLive === true);
  return createTradingKernel(
    kernelOptions({ config, orderSession, hasHistory, symbolsMax, isAlone, probe }),
  );
}
