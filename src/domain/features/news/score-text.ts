import { LEXICON } from './finance-lexicon.ts';
import { type Token, tokensOf } from './words.ts';

export interface TextScore {
  /** -1 to 1: how good the news is for who holds the share. */
  readonly tone: number;
  /** 0 to 1: how much of it is not certain. */
  readonly doubt: number;
  /** Words that had a say. */
  readonly terms: number;
}

/** How many words a negation reaches forward: `has not been bad`. */
const NEGATION_REACH = 3;
/** What is not bad is not as good as what is good. */
const NEGATED = -0.6;
/** How far what moves may stand before and after the word that says so. */
const SUBJECT_BEFORE = 16;
const SUBJECT_AFTER = 5;
/** Of a move whose subject is not known, or that is told by two numbers. */
const MOVE_TONE = 2;
const LONE_MOVE_TONE = 0.4;
const COMPARED_TONE = 2;
/** The sum at which a tone is 0.7. */
const HALF_SUM = 2;

/**
 * Scores a headline or a sentence by the finance lexicon: words with a tone of their own; moves
 * (`fell`, `higher`) by what it is that moved; two numbers of one thing that are compared. Words
 * before may turn a tone round (`not bad`) or change its size (`sharply`).
 */
export function scoreText(text: string): TextScore {
  const terms = termsOf(tokensOf(text));
  let sum = 0;
  let count = 0;
  let doubt = 0;
  for (let at = 0; at < terms.length; at += 1) {
    const term = terms[at];
    if (term === undefined || term.kind !== 'word') continue;
    const tone = toneAt(terms, at);
    doubt += LEXICON.doubts.get(term.text) ?? 0;
    if (tone === 0) continue;
    sum += tone;
    count += 1;
  }
  const tone = sum / Math.sqrt(sum * sum + HALF_SUM * HALF_SUM);
  return { tone, doubt: doubt / (doubt + HALF_SUM), terms: count };
}

/** Phrases of the lexicon become one word, the longest first. */
function termsOf(tokens: readonly Token[]): readonly Token[] {
  const terms: Token[] = [];
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at];
    if (token === undefined) break;
    const phrase = token.kind === 'word' ? phraseAt(tokens, at) : undefined;
    terms.push(phrase === undefined ? token : { kind: 'word', text: phrase });
    at += phrase === undefined ? 1 : phrase.split('_').length;
  }
  return terms;
}

function phraseAt(tokens: readonly Token[], at: number): string | undefined {
  for (let length = LEXICON.phraseWordsMax; length > 1; length -= 1) {
    const parts = tokens.slice(at, at + length).map(textOf);
    const phrase = parts.join('_');
    if (parts.length === length && isKnown(phrase)) return phrase;
  }
  return undefined;
}

/** `chapter 11` has a number in it. */
function textOf(token: Token): string {
  return token.kind === 'number' ? String(token.value) : token.text;
}

function isKnown(phrase: string): boolean {
  const { tones, directions, subjects, doubts, degrees, negators, comparators } = LEXICON;
  const tables = [tones, directions, subjects, doubts, degrees, negators, comparators];
  return tables.some((table) => table.has(phrase));
}

function toneAt(terms: readonly Token[], at: number): number {
  const text = wordAt(terms, at);
  const own = LEXICON.tones.get(text) ?? 0;
  if (isCompared(terms, at)) return comparedTone(terms, at);
  const direction = LEXICON.directions.get(text) ?? 0;
  if (direction !== 0) {
    const subject = subjectOf(terms, at);
    if (isCrossing(terms, at, subject)) return COMPARED_TONE * subject;
    const size = subject === 0 ? LONE_MOVE_TONE : MOVE_TONE * subject;
    return direction * size * turned(terms, at);
  }
  // A loss that moves, or that is compared, is told by that.
  if (own < 0 && LEXICON.subjects.get(text) === -1 && isMoving(terms, at)) return 0;
  return own * turned(terms, at);
}

/** `a loss, down from a profit`: it went through nothing, whichever way the word points. */
function isCrossing(terms: readonly Token[], at: number, subject: number): boolean {
  const next = wordAt(terms, at + 1);
  return LEXICON.comparators.has(next) && subject * subjectWithin(terms, at + 1, 1, 4) < 0;
}

/** What the words before make of it. */
function turned(terms: readonly Token[], at: number): number {
  let factor =
    LEXICON.degrees.get(wordAt(terms, at - 1)) ?? LEXICON.degrees.get(wordAt(terms, at + 1)) ?? 1;
  for (let back = 1; back <= NEGATION_REACH; back += 1) {
    const text = wordAt(terms, at - back);
    if (text === '.' || text === ',') break;
    if (LEXICON.negators.has(text) || text.endsWith("n't")) return factor * NEGATED;
  }
  return factor;
}

/** 1 or -1 for what moved, 0 where it is not said. */
function subjectOf(terms: readonly Token[], at: number): number {
  const next = wordAt(terms, at + 1);
  const isOf = next === 'in' || next === 'of';
  const after = () => subjectWithin(terms, at, 1, SUBJECT_AFTER);
  const before = () => subjectWithin(terms, at, -1, SUBJECT_BEFORE);
  if (isOf || LEXICON.subjects.has(next)) return after() || before();
  return before() || after();
}

function subjectWithin(terms: readonly Token[], at: number, step: 1 | -1, reach: number): number {
  for (let distance = 1; distance <= reach; distance += 1) {
    const text = wordAt(terms, at + step * distance);
    if (text === '.') return 0;
    const subject = LEXICON.subjects.get(text) ?? 0;
    if (subject !== 0) return subject;
  }
  return 0;
}

function isMoving(terms: readonly Token[], at: number): boolean {
  for (let distance = 1; distance <= SUBJECT_BEFORE; distance += 1) {
    if (LEXICON.directions.has(wordAt(terms, at + distance))) return true;
    if (distance <= 2 && LEXICON.directions.has(wordAt(terms, at - distance))) return true;
  }
  return false;
}

/** `16.6 % compared to 15.8 %`: no word says which way, the numbers do. */
function isCompared(terms: readonly Token[], at: number): boolean {
  return LEXICON.comparators.has(wordAt(terms, at));
}

function comparedTone(terms: readonly Token[], at: number): number {
  for (let back = 1; back <= SUBJECT_BEFORE; back += 1) {
    if (LEXICON.directions.has(wordAt(terms, at - back))) return 0; // Told already.
  }
  const subject = subjectWithin(terms, at, -1, SUBJECT_BEFORE + 4);
  const other = subjectWithin(terms, at, 1, 4);
  // From a loss to a profit, or the other way round.
  if (subject * other < 0) return COMPARED_TONE * subject;
  if (wordAt(terms, at) === 'from' && !isAfterNumber(terms, at)) return 0;
  const now = amountNear(terms, at, -1);
  const before = amountNear(terms, at, 1);
  if (subject === 0 || now !== now || before !== before || now === before) return 0;
  return COMPARED_TONE * subject * (now > before ? 1 : -1);
}

const AMOUNT_REACH = 9;
const SCALES: ReadonlyMap<string, number> = new Map([
  ...['k', 'thousand'].map((word) => [word, 1e3] as const),
  ...['m', 'mn', 'mln', 'million', 'millions'].map((word) => [word, 1e6] as const),
  ...['b', 'bn', 'bln', 'billion', 'billions'].map((word) => [word, 1e9] as const),
]);

function isAfterNumber(terms: readonly Token[], at: number): boolean {
  return terms[at - 1]?.kind === 'number' || SCALES.has(wordAt(terms, at - 1));
}

/** The number nearest to a comparator on one side; years are none. NaN where there is no such. */
function amountNear(terms: readonly Token[], at: number, step: 1 | -1): number {
  for (let distance = 1; distance <= AMOUNT_REACH; distance += 1) {
    const place = at + step * distance;
    const term = terms[place];
    if (term === undefined || (term.kind === 'mark' && term.text === '.')) return NaN;
    if (term.kind !== 'number' || term.isYear) continue;
    return term.value * (SCALES.get(wordAt(terms, place + 1)) ?? 1);
  }
  return NaN;
}

/** The text of a word or a mark; empty for a number and past the ends. */
function wordAt(terms: readonly Token[], at: number): string {
  const term = terms[at];
  return term === undefined || term.kind === 'number' ? '' : term.text;
}
