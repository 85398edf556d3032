import { configure } from '../domain/indicators/declaration.ts';
import { describeIndicatorFault, parseIndicator } from '../domain/indicators/parse-indicator.ts';
import { INDICATORS } from '../domain/indicators/registry.ts';
import { EXIT_CODES, type ExitCode } from './exit-codes.ts';
import { type IndicatorCard, indicatorCard } from './indicator-cards.ts';
import { indicatorsMarkdown } from './indicators-markdown.ts';
import { renderIndicator, renderIndicators } from './indicators-text.ts';
import { TALIB_PARITY } from './talib-parity.ts';
import { plainText } from './terminal-text.ts';
import type { Terminal } from './terminal.ts';
import type { IndicatorsOptions } from './verbs.ts';

/** Lists the library, or tells all of one indicator, by its name or as config writes it. */
export function indicatorsVerb(options: IndicatorsOptions, terminal: Terminal): ExitCode {
  const { name, family, isJson, isMarkdown } = options;
  if (name === undefined) {
    const cards = allCards().filter((card) => family === undefined || card.family === family);
    if (isJson) writeArray(terminal, cards);
    else if (isMarkdown) terminal.write(indicatorsMarkdown(cards, TALIB_PARITY));
    else terminal.write(renderIndicators(cards, terminal));
    return EXIT_CODES.ok;
  }
  const parsed = parseIndicator(name);
  if (!parsed.isOk) {
    if (isJson) writeArray(terminal, []);
    terminal.writeError(`strata: ${plainText(describeIndicatorFault(parsed.fault))}\n`);
    terminal.writeError('`strata indicators` lists all.\n');
    const isUnknown = parsed.fault.field === 'indicator' || parsed.fault.field === 'text';
    return isUnknown ? EXIT_CODES.notFound : EXIT_CODES.error;
  }
  const card = indicatorCard(parsed.indicator, TALIB_PARITY);
  if (family !== undefined && card.family !== family) {
    if (isJson) writeArray(terminal, []);
    terminal.writeError(`strata: ${card.name} is of family ${card.family}, not ${family}\n`);
    return EXIT_CODES.notFound;
  }
  if (isJson) writeArray(terminal, [card]);
  else if (isMarkdown) terminal.write(indicatorsMarkdown([card], TALIB_PARITY));
  else terminal.write(renderIndicator(card, terminal));
  return EXIT_CODES.ok;
}

/** Each with its usual parameters. */
export function allCards(parities = TALIB_PARITY): readonly IndicatorCard[] {
  return INDICATORS.map((declaration) => indicatorCard(configure(declaration), parities));
}

function writeArray(terminal: Terminal, cards: readonly IndicatorCard[]): void {
  terminal.write(`${JSON.stringify(cards)}\n`);
}
