/** The one style sheet of a report: readable in light and dark, on paper and on a telephone. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --card: #f6f7f9; --ink: #1a1f27; --soft: #5b6472; --line: #dfe3e8;
  --blue: #2563c9; --teal: #0e8a80; --green: #14833b; --red: #c42b2b; --amber: #a76700;
  --violet: #7a3fc4; --grey: #a2a9b4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12151a; --card: #1a1f26; --ink: #e4e8ee; --soft: #97a1b0; --line: #2b323c;
    --blue: #6aa3ff; --teal: #3fc7ba; --green: #4cc674; --red: #ff7b72; --amber: #e2a63d;
    --violet: #b78bff; --grey: #5d6673;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif;
}
main { max-width: 1080px; margin: 0 auto; padding: 28px 20px 60px; }
header h1 { margin: 0; font-size: 26px; letter-spacing: -0.01em; }
header p { margin: 4px 0 0; color: var(--soft); overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 40px 0 12px; }
h3 { font-size: 14px; margin: 20px 0 6px; color: var(--soft); font-weight: 600; }
code, pre { font: 12.5px/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
pre {
  background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: 12px 14px; overflow: auto; max-height: 420px; margin: 0;
}
.halted {
  margin: 18px 0 0; padding: 10px 14px; border-radius: 8px; border: 1px solid var(--red);
  color: var(--red); font-weight: 600;
}
.tiles {
  display: grid; gap: 10px; margin-top: 22px;
  grid-template-columns: repeat(auto-fit, minmax(220px, 1fr));
}
.tile {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 12px 14px;
}
.tile .label { color: var(--soft); font-size: 13px; }
.tile .figure { font-size: 22px; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile .more { color: var(--soft); font-size: 13px; font-variant-numeric: tabular-nums; }
.gain { color: var(--green); } .loss { color: var(--red); } .doubt { color: var(--amber); }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
svg .y { text-anchor: end; dominant-baseline: middle; } svg .x { text-anchor: middle; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .base { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4; }
svg .line { fill: none; stroke: var(--tone); stroke-width: 1.8; stroke-linejoin: round; }
svg .area { fill: var(--tone); opacity: 0.12; stroke: none; }
.equity { --tone: var(--blue); } .drawdown { --tone: var(--red); }
.layer0 { --tone: var(--violet); } .layer1 { --tone: var(--teal); }
.layer2 { --tone: var(--green); }
.two { display: grid; gap: 8px 36px; grid-template-columns: repeat(auto-fit, minmax(400px, 1fr)); }
.bars {
  display: grid; grid-template-columns: max-content 1fr max-content; gap: 6px 12px;
  align-items: center;
}
.bars .name { font-size: 13px; } .bars .text { font-size: 13px; color: var(--soft); }
.bars .name, .bars .text { font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { display: flex; height: 14px; border-radius: 3px; overflow: hidden; }
.bar i { display: block; min-width: 1px; background: var(--blue); }
.bar i.filled { background: var(--green); } .bar i.open { background: var(--blue); }
.bar i.ended { background: var(--grey); } .bar i.rejected { background: var(--red); }
.bar i.refused { background: var(--amber); }
.key { color: var(--soft); font-size: 13px; margin: 8px 0 0; }
.key b {
  display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin: 0 5px 0 12px;
}
.key b:first-child { margin-left: 0; }
.key .filled { background: var(--green); } .key .open { background: var(--blue); }
.key .ended { background: var(--grey); } .key .rejected { background: var(--red); }
.scroll { overflow: auto; max-height: 460px; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; }
th, td { padding: 5px 10px; text-align: left; white-space: nowrap; }
th { position: sticky; top: 0; background: var(--card); color: var(--soft); font-weight: 600; }
tbody tr + tr td { border-top: 1px solid var(--line); }
td { font-variant-numeric: tabular-nums; } td.wide { white-space: normal; min-width: 220px; }
.n { text-align: right; }
.note, .nothing { color: var(--soft); font-size: 13px; margin: 6px 0 0; }
details { margin-top: 14px; } summary { cursor: pointer; font-weight: 600; padding: 4px 0; }
details[open] > summary { margin-bottom: 8px; }
@media (max-width: 520px) { .two { grid-template-columns: 1fr; } main { padding: 18px 12px 40px; } }
@media print {
  .scroll, pre { max-height: none; overflow: visible; }
  details > * { display: block; }
}
`;
