/** What the venue says goes to the log, the journal and the screen, where no key is to stand. */
export function withoutKey(text: string, key: string): string {
  return key === '' ? text : text.replaceAll(key, '(key)');
}
