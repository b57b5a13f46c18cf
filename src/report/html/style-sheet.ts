/** How a report looks: light and dark by what the reader prefers or chooses, narrow screens, and paper. */
const LIGHT_VALUES =
  '--ink:#1f2328;--muted:#57606a;--paper:#ffffff;--soft:#f6f8fa;--line:#d0d7de;--link:#0969da;color-scheme:light';
const DARK_VALUES =
  '--ink:#e6edf3;--muted:#9da7b3;--paper:#0d1117;--soft:#161b22;--line:#30363d;--link:#58a6ff;color-scheme:dark';

export const STYLE = `
:root{${LIGHT_VALUES}}
@media (prefers-color-scheme:dark){:root{${DARK_VALUES}}}
:root[data-theme=light]{${LIGHT_VALUES}}
:root[data-theme=dark]{${DARK_VALUES}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1200px;padding:0 16px 48px;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,Helvetica,Arial,sans-serif}
h1{font-size:1.6rem;margin:.6em 0 .2em}
h2{font-size:1.2rem;margin:2em 0 .2em;padding-top:.4em;border-top:1px solid var(--line)}
h3{font-size:.85rem;margin:0;color:var(--muted);font-weight:600;text-transform:none}
p{margin:.3em 0 .8em}
header p,section>p,small,.ratio{color:var(--muted)}
a{color:var(--link)}
nav{display:flex;flex-wrap:wrap;gap:4px 16px}
.bar{display:flex;align-items:center;justify-content:space-between;gap:12px}
.skip{position:absolute;left:-9999px}
.skip:focus{position:static}
button,select{font:inherit;font-size:.85rem;color:var(--ink);background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:4px 10px;cursor:pointer}
button[aria-pressed=true]{background:var(--ink);color:var(--paper)}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.controls{display:flex;flex-wrap:wrap;gap:6px 14px;align-items:center;margin-bottom:8px}
.controls>span{display:inline-flex;flex-wrap:wrap;gap:4px;align-items:center}
.controls label{color:var(--muted);font-size:.85rem}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(200px,1fr));gap:12px;margin:12px 0}
.card{background:var(--soft);border:1px solid var(--line);border-radius:8px;padding:12px}
.big{font-size:1.5rem;margin:.1em 0;font-variant-numeric:tabular-nums}
.ratio{display:block;font-size:.85rem}
aside{border:1px solid #bf8700;border-radius:8px;padding:2px 12px;margin:12px 0}
table{border-collapse:collapse;font-size:.85rem}
th,td{padding:3px 10px 3px 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
th[scope=row]{font-weight:500}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.scroll{overflow:auto;max-height:480px}
.scroll thead th{position:sticky;top:0;background:var(--paper)}
th.n{white-space:normal}
th button{border:0;background:none;padding:0;font-weight:600}
.chart{position:relative}
.chart svg{display:block;max-width:100%;height:auto}
.place{overflow-x:auto}
[data-chart=parallel] svg{max-width:none}
.chart canvas{display:block;width:100%;touch-action:pan-y;cursor:grab}
[data-key]{cursor:pointer}
[data-key]:hover rect:nth-of-type(2){opacity:.8}
.tip{position:absolute;pointer-events:none;background:var(--ink);color:var(--paper);font-size:.8rem;padding:3px 8px;border-radius:4px;max-width:280px;z-index:2}
.brush{position:absolute;border:1px solid var(--link);background:color-mix(in srgb,var(--link) 15%,transparent);pointer-events:none}
.tools{display:flex;flex-wrap:wrap;gap:6px;margin:8px 0}
details{margin:6px 0}
summary{cursor:pointer;color:var(--link);font-size:.85rem}
details .scroll{max-height:320px}
ul{padding-left:1.2em;font-size:.85rem}
tr.off{opacity:.25}
@media (max-width:600px){body{padding:0 10px 32px}h1{font-size:1.25rem}.cards{grid-template-columns:1fr 1fr}.big{font-size:1.15rem}.card{padding:8px}}
@media print{:root,:root[data-theme]{${LIGHT_VALUES}}body{max-width:none;font-size:10pt}nav,.controls,.tools,#theme,.skip,summary{display:none}.scroll{overflow:visible;max-height:none}section{break-inside:avoid-page}#steps,#result,#points{break-inside:auto}h2{break-after:avoid}}
`;
