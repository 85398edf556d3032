/** Names between commas, of which those in parentheses belong to a name: `rsi14,sma(20, close)`. */
export function splitNames(text: string): readonly string[] {
  const names: string[] = [];
  let from = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (text[at] !== ',' || depth > 0) continue;
    names.push(text.slice(from, at).trim());
    from = at + 1;
  }
  return [...names, text.slice(from).trim()];
}
