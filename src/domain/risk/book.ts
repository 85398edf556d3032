import type { SymbolId } from '../../core/ids.ts';
import type { SymbolListing } from '../market/symbols.ts';
import { Exposure } from './exposure.ts';
import { Pace } from './pace.ts';
import { Restrictions } from './restrictions.ts';

/** All that risk knows when it decides. */
export interface RiskBook {
  readonly exposure: Exposure;
  readonly restrictions: Restrictions;
  readonly pace: Pace;
  readonly listings: Map<SymbolId, SymbolListing>;
  /** The account was opened, in this life or an earlier one. */
  isOpened: boolean;
}

export function emptyBook(): RiskBook {
  const listings = new Map<SymbolId, SymbolListing>();
  return {
    exposure: new Exposure(listings),
    restrictions: new Restrictions(),
    pace: new Pace(),
    listings,
    isOpened: false,
  };
}
