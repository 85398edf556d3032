/** `/v3/reference/exchanges`: by the numbers that trades and quotes carry. */
export const EXCHANGE_ROWS: readonly object[] = [
  row(1, 'exchange', 'NYSE American, LLC', ['XASE', 'XNYS', 'A'], 'AMEX'),
  row(2, 'exchange', 'Nasdaq OMX BX, Inc.', ['XBOS', 'XNAS', 'B']),
  row(3, 'exchange', 'NYSE National, Inc.', ['XCIS', 'XNYS', 'C'], 'NSX'),
  row(4, 'TRF', 'FINRA Nasdaq TRF Carteret', ['FINN', 'FINR', 'D']),
  row(5, 'SIP', 'Unlisted Trading Privileges', ['', 'XNAS', 'E']),
  row(6, 'TRF', 'International Securities Exchange, LLC - Stocks', ['XISE', 'XNAS', 'I']),
  row(7, 'exchange', 'Cboe EDGA', ['EDGA', 'XCBO', 'J']),
  row(8, 'exchange', 'Cboe EDGX', ['EDGX', 'XCBO', 'K']),
  row(9, 'exchange', 'NYSE Chicago, Inc.', ['XCHI', 'XNYS', 'M']),
  row(10, 'exchange', 'New York Stock Exchange', ['XNYS', 'XNYS', 'N']),
  row(11, 'exchange', 'NYSE Arca, Inc.', ['ARCX', 'XNYS', 'P']),
  row(12, 'exchange', 'Nasdaq', ['XNAS', 'XNAS', 'T']),
  row(13, 'SIP', 'Consolidated Tape Association', ['', 'XNYS', 'S']),
  row(14, 'exchange', 'Long-Term Stock Exchange', ['LTSE', 'LTSE', 'L']),
  row(15, 'exchange', 'Investors Exchange', ['IEXG', 'IEXG', 'V']),
  row(16, 'TRF', 'Cboe Stock Exchange', ['CBSX', 'XCBO', 'W']),
  row(17, 'exchange', 'Nasdaq Philadelphia Exchange LLC', ['XPHL', 'XNAS', 'X']),
  row(18, 'exchange', 'Cboe BYX', ['BATY', 'XCBO', 'Y']),
  row(19, 'exchange', 'Cboe BZX', ['BATS', 'XCBO', 'Z']),
  row(20, 'exchange', 'MIAX Pearl', ['EPRL', 'MIHI', 'H']),
  row(21, 'exchange', 'Members Exchange', ['MEMX', 'MEMX', 'U']),
];

type Codes = readonly [mic: string, operatingMic: string, participant: string];

function row(
  id: number,
  type: 'exchange' | 'TRF' | 'SIP',
  name: string,
  [mic, operatingMic, participant]: Codes,
  acronym = '',
): object {
  return {
    id,
    type,
    asset_class: 'stocks',
    locale: 'us',
    name,
    ...(acronym === '' ? {} : { acronym }),
    ...(mic === '' ? {} : { mic }),
    operating_mic: operatingMic,
    participant_id: participant,
    url: 'https://example.invalid',
  };
}
