import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../../src/core/assert.ts';
import { symbolId, SYMBOLS_MAX } from '../../../../src/core/ids.ts';
import {
  decodeSymbol,
  encodeSymbol,
  isSymbolName,
  SymbolTable,
} from '../../../../src/domain/market/symbols.ts';

const apple = {
  name: 'AAPL',
  assetClass: 'equity',
  sector: 'Technology',
  isTradable: true,
} as const;
const bitcoin = { name: 'BTC/USD', assetClass: 'crypto', sector: '', isTradable: false } as const;

describe('SymbolTable', () => {
  it('numbers names in the order in which they are first seen', () => {
    const table = new SymbolTable();

    expect([table.add(apple), table.add(bitcoin), table.add(apple)]).toEqual([0, 1, 0]);
    expect(table.names()).toEqual(['AAPL', 'BTC/USD']);
    expect([table.size, table.find('BTC/USD'), table.find('btc/usd')]).toEqual([2, 1, undefined]);
    expect(table.listing(symbolId(1))).toEqual({ symbol: 1, ...bitcoin });
  });

  it('takes the newest listing of a known name', () => {
    const table = new SymbolTable();
    const symbol = table.add(apple);
    table.add({ ...apple, isTradable: false });

    expect(table.listing(symbol).isTradable).toBe(false);
    expect(table.size).toBe(1);
  });

  it('stops at a number that is not its own and at a name that is none', () => {
    const table = new SymbolTable();

    expect(() => table.listing(symbolId(0))).toThrow(InvariantError);
    expect(() => table.add({ ...apple, name: 'A B' })).toThrow(InvariantError);
  });

  it('says when it is full, and stops beyond', () => {
    const table = new SymbolTable();
    for (let count = 0; count < SYMBOLS_MAX; count += 1) {
      expect(table.isFull).toBe(false);
      table.add({ ...apple, name: `S${count}` });
    }

    expect(table.isFull).toBe(true);
    expect(table.add({ ...apple, name: 'S5' })).toBe(5);
    expect(() => table.add(bitcoin)).toThrow(InvariantError);
  });
});

describe('isSymbolName', () => {
  it('allows 1 to 32 printable characters without spaces', () => {
    const names = ['A', 'BRK.B', 'BTC/USD', 'O:SPY251219C00650000', 'I:SPX', 'x'.repeat(32), '~!'];
    const others = ['', ' ', 'A B', 'A\n', 'É', 'x'.repeat(33), 'A\u0000', 'A\u007f'];

    expect(names.filter(isSymbolName)).toEqual(names);
    expect(others.filter(isSymbolName)).toEqual([]);
  });
});

describe('encodeSymbol', () => {
  it.each([
    ['AAPL', 'aapl'],
    ['BRK.B', 'brk.b'],
    ['BRK-B', 'brk-b'],
    ['BTC/USD', 'btc_2fusd'],
    ['O:SPY251219C00650000', 'o_3aspy251219c00650000'],
    ['X:BTCUSD', 'x_3abtcusd'],
    ['I:SPX', 'i_3aspx'],
    ['BAC.PRa', 'bac.pr_61'],
    ['.', '_2e'],
    ['..', '_2e_2e'],
    ['A.', 'a_2e'],
    ['-A', '_2da'],
    ['CON', '_43on'],
    ['AUX.WS', '_41ux.ws'],
    ['COM1', '_43om1'],
    ['COMM', 'comm'],
  ])('writes %s as %s and reads it back', (name, text) => {
    expect(encodeSymbol(name)).toBe(text);
    expect(decodeSymbol(text)).toBe(name);
  });

  it('stops at what is no printable ASCII', () => {
    for (const name of ['', 'É', 'A\n']) expect(() => encodeSymbol(name)).toThrow(InvariantError);
  });
});

describe('decodeSymbol', () => {
  it('answers undefined for text that it never made', () => {
    const texts = [
      '',
      'AAPL',
      'a_',
      'a_2',
      'a_2F',
      'a_41',
      'a.',
      '.a',
      'a/b',
      'con',
      'a_7f',
      'a_1f',
    ];

    expect(texts.filter((text) => decodeSymbol(text) !== undefined)).toEqual([]);
  });
});
