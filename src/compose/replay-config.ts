import { loadConfig, loadConfigOver, type ResolvedConfig } from '../cli/load-config.ts';
import type { RecordedSession } from './recorded-session.ts';

/** A session is heard again under its own settings, so that only what the user changes changes. */
export function replayConfig(
  session: RecordedSession | undefined,
  own: string | undefined,
): ResolvedConfig {
  if (session?.file === undefined) return loadConfig('backtest', own);
  const text = JSON.stringify(session.file.config); // JSON is YAML.
  return loadConfigOver({ file: session.description, text }, own);
}
