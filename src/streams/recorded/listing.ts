import type { ListedSymbol } from '../../ports/market-source.ts';

/** Recordings say nothing about their symbols; what must not be mistaken stands here. */
const INDEXES: ReadonlySet<string> = new Set(['DJI', 'NDX', 'RUT', 'SPX', 'VIX']);
const FUNDS: ReadonlySet<string> = new Set(
  (
    'AGG ARKK BIL BNO DIA EEM EFA EWJ EWZ FXI GDX GDXJ GLD HYG IBB IEF IEFA IEMG IVV IVW ' +
    'IWD IWF IWM IWN IYR JNK KRE KWEB LQD MDY OIH PPLT QQQ RSP SCHD SHY SLV SMH SOXL SOXS ' +
    'SOXX SPLG SPXL SPXS SPXU SPY SQQQ SVXY TBT TIP TLT TNA TQQQ TZA UGA UNG UPRO USO UUP ' +
    'UVXY VEA VGK VIXY VNQ VOO VTI VTV VUG VWO VXX VXXB VYM XBI XHB XLB XLC XLE XLF XLI ' +
    'XLK XLP XLRE XLU XLV XLY XME XOP XRT'
  ).split(' '),
);

/** An index cannot be bought, whatever its prices look like. */
export function listingOf(name: string): ListedSymbol {
  const isIndex = INDEXES.has(name);
  const assetClass = isIndex ? 'index' : FUNDS.has(name) ? 'fund' : 'equity';
  return { name, assetClass, sector: 'unknown', isTradable: !isIndex };
}
