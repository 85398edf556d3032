import {
  addCustomFeatures,
  type CustomExpression,
  isRegistry,
} from '../domain/features/custom-features.ts';
import { describeExpressionFault } from '../domain/features/expression.ts';
import type { FeatureRegistry } from '../domain/features/registry.ts';
import { isPlanFault, planFeatures } from '../domain/features/resolve.ts';
import { ConfigError, type ConfigFault } from './config-error.ts';
import { settingFault, type ResolvedConfig } from './load-config.ts';

/**
 * The registry with the features and rules of a configuration. Throws a `ConfigError` that names
 * file, line, key and column of every expression that cannot be run, and of every name of the
 * layout that is none. The parser is loaded where there is an expression to read: it takes most of
 * a second.
 */
export async function registryOf(
  resolved: ResolvedConfig,
  standard: FeatureRegistry,
): Promise<FeatureRegistry> {
  const written = writtenIn(resolved);
  const whole = written.length === 0 ? standard : await extended(resolved, standard, written);
  const { layout } = resolved.config.features;
  const faults = layout.flatMap((name, at) => {
    const isTwice = layout.indexOf(name) < at;
    const plan = planFeatures(whole, [name]);
    const reason = isTwice ? 'stands in it twice' : isPlanFault(plan) ? plan.reason : undefined;
    return reason === undefined ? [] : [settingFault(resolved, LAYOUT, `has ${name}: ${reason}`)];
  });
  if (faults.length > 0) throw new ConfigError('CONFIG_INVALID', faults);
  return whole;
}

const LAYOUT = 'features.layout';

interface Written {
  readonly key: string;
  readonly name: string;
  readonly isRule: boolean;
  readonly text: string;
}

function writtenIn({ config }: ResolvedConfig): readonly Written[] {
  const { derived, scanners } = config.features;
  const of = (group: string, isRule: boolean, all: Readonly<Record<string, string>>) =>
    Object.entries(all).map(([name, text]) => ({
      key: `features.${group}.${name}`,
      name,
      isRule,
      text,
    }));
  return [...of('derived', false, derived), ...of('scanners', true, scanners)];
}

async function extended(
  resolved: ResolvedConfig,
  standard: FeatureRegistry,
  written: readonly Written[],
): Promise<FeatureRegistry> {
  const { parseExpression } = await import('./expression-text.ts');
  const faults: ConfigFault[] = [];
  const read: CustomExpression[] = [];
  const keys = new Map<string, Written>();
  for (const one of written) {
    const { key, name, isRule, text } = one;
    const other = keys.get(name);
    if (other !== undefined) faults.push(settingFault(resolved, key, `is ${other.key} already`));
    else {
      keys.set(name, one);
      const parsed = parseExpression(text);
      if (parsed.isOk) read.push({ name, isRule, text, root: parsed.root });
      else
        faults.push(settingFault(resolved, key, said(text, describeExpressionFault(parsed.fault))));
    }
  }
  // Who reads what could not be read would be told of a name that is there.
  if (faults.length > 0) throw new ConfigError('CONFIG_INVALID', faults);
  const answer = addCustomFeatures(standard, read);
  if (isRegistry(answer)) return answer;
  const unsound = answer.map(({ name, fault }) => {
    const { key = '', text = '' } = keys.get(name) ?? {};
    return settingFault(resolved, key, said(text, describeExpressionFault(fault)));
  });
  throw new ConfigError('CONFIG_INVALID', unsound);
}

/** The text as far as a line of a terminal holds it. */
function said(text: string, fault: string): string {
  const line = text.replaceAll(/\s/g, ' ');
  const shown = line.length > SHOWN_MAX ? `${line.slice(0, SHOWN_MAX)}...` : line;
  return `is ${JSON.stringify(shown)}, ${fault}`;
}

const SHOWN_MAX = 120;
