/** A word, a number or a mark of a text, in small ASCII letters. */
export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number; readonly isYear: boolean }
  /** `.` ends a sentence, `,` a part of one. */
  | { readonly kind: 'mark'; readonly text: string };

/** A headline has a hundred letters; what is longer is an article, of which this much is read. */
const CHARS_MAX = 4_000;
const YEAR_FIRST = 1_900;
const YEAR_LAST = 2_099;

/** Cuts a text into tokens, the same on every machine: no dictionary of a language is asked. */
export function tokensOf(text: string): readonly Token[] {
  const plain = folded(text.slice(0, CHARS_MAX))
    // Wire services put blanks around marks: `EUR1 .37`, `mn , down`.
    .replace(/(\d) ([.,]\d)/g, '$1$2')
    // The full stop of `U.S.` ends no sentence.
    .replace(/\b[a-z]\.(?:[a-z]\.)+/g, ' ');
  const tokens: Token[] = [];
  for (const [found] of plain.matchAll(TOKEN)) tokens.push(tokenOf(found));
  return tokens;
}

const TOKEN = /\d+(?:,\d{3})*(?:\.\d+)?|[a-z]+(?:'[a-z]+)?|[.;,:!?]/g;

function tokenOf(found: string): Token {
  if (/^\d/.test(found)) {
    const value = Number(found.replaceAll(',', ''));
    const isYear = /^\d{4}$/.test(found) && value >= YEAR_FIRST && value <= YEAR_LAST;
    return { kind: 'number', value, isYear };
  }
  if (/^[a-z]/.test(found)) return { kind: 'word', text: found.replace(/'s$/, '') };
  return { kind: 'mark', text: found === ',' || found === ':' ? ',' : '.' };
}

/** ASCII small letters: accents are taken off by the table, everything else becomes a blank. */
export function folded(text: string): string {
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0x41 && code <= 0x5a) out += String.fromCodePoint(code + 0x20);
    else if (code >= 0x20 && code < 0x7f) out += char;
    else out += FOLDS.get(char) ?? ' ';
  }
  return out;
}

const FOLDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: 'àáâãäåāăąÀÁÂÃÄÅĀĂĄ',
    c: 'çćĉċčÇĆĈĊČ',
    d: 'ďđðĎĐÐ',
    e: 'èéêëēĕėęěÈÉÊËĒĔĖĘĚ',
    g: 'ĝğġģĜĞĠĢ',
    i: 'ìíîïĩīĭįıÌÍÎÏĨĪĬĮİ',
    l: 'ĺļľłĹĻĽŁ',
    n: 'ñńņňÑŃŅŇ',
    o: 'òóôõöøōŏőÒÓÔÕÖØŌŎŐ',
    r: 'ŕŗřŔŖŘ',
    s: 'śŝşšŚŜŞŠ',
    t: 'ţťŢŤ',
    u: 'ùúûüũūŭůűųÙÚÛÜŨŪŬŮŰŲ',
    y: 'ýÿÝŸ',
    z: 'źżžŹŻŽ',
    ae: 'æÆ',
    oe: 'œŒ',
    ss: 'ß',
    "'": '\u2018\u2019\u02bc',
    '-': '\u2010\u2011\u2012\u2013\u2014\u2212',
  }).flatMap(([plain, chars]) => [...chars].map((char) => [char, plain] as const)),
);
