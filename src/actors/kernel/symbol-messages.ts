/** What a symbol's row hears from its own sweep. */
export interface CloseBar {
  readonly kind: 'closeBar';
  /** Bars that began before this are complete. */
  readonly beforeUs: number;
}

export type SymbolRowMessage = CloseBar;
