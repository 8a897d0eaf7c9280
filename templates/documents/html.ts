/** Draws a document as one HTML file: no scripts, nothing fetched, printable. */
import type { Chart, Point, Shape } from './hour-chart';
import type { PrintedDocument, Block, Cell, Column, Section } from './document';
import { darkTones, tones } from './tones';

/** What people wrote is text, wherever it stands. Control characters, which XML and HTML forbid, become spaces. */
function escape(text: string): string {
  return text
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The tones as custom properties. */
const properties = (all: Record<keyof typeof tones, string>): string =>
  Object.entries(all)
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(' ');

const style = `
  @page { size: A4; margin: 16mm 15mm 18mm; }
  :root { color-scheme: light dark; --page: #fff; ${properties(tones)} }
  @media screen and (prefers-color-scheme: dark) { :root { --page: #12171b; ${properties(darkTones)} } }
  * { box-sizing: border-box; }
  body { font: 15px/1.5 -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif;
    color: var(--ink); background: var(--page); max-width: 54rem; margin: 0 auto; padding: 2rem 1.5rem 3rem;
    overflow-wrap: break-word; -webkit-text-size-adjust: 100%; }
  .brand { display: flex; justify-content: space-between; color: var(--muted); border-bottom: 3px solid var(--gold);
    padding-bottom: .5rem; margin: 0 0 1.6rem; }
  .brand b { color: var(--ink); letter-spacing: .02em; }
  h1 { font-size: 1.9rem; line-height: 1.2; margin: 0; }
  .customer { font-size: 1.15rem; color: var(--accent); margin: .2rem 0 1.2rem; }
  dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1.4rem; background: var(--wash);
    border-left: 4px solid var(--accent); padding: .9rem 1.1rem; margin: 0 0 1.8rem; }
  dt { color: var(--muted); }
  dd { margin: 0; }
  h2 { font-size: 1.2rem; color: var(--accent); margin: 2rem 0 .6rem; padding-bottom: .2rem;
    border-bottom: 1px solid var(--grid); break-after: avoid; }
  h3 { font-size: 1rem; margin: 1.2rem 0 .4rem; break-after: avoid; }
  p { margin: 0 0 .7rem; }
  .empty, .note, .muted { color: var(--muted); }
  .empty { font-style: italic; }
  .note { display: block; font-size: .87em; }
  .good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .strong { font-weight: 700; }
  table { width: 100%; border-collapse: collapse; margin: 0 0 1rem; table-layout: fixed; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--grid);
    white-space: pre-line; }
  thead th { font-size: .85em; color: var(--muted); font-weight: 600; }
  tbody th, tfoot th { font-weight: 400; } th.strong { font-weight: 700; }
  th.right, td.right { text-align: right; }
  th:last-child, td:last-child { padding-right: 0; }
  caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .figures { display: flex; flex-wrap: wrap; gap: .6rem; list-style: none; padding: 0; margin: 0 0 1rem; }
  .figures li { flex: 1 1 7rem; background: var(--wash); padding: .6rem .8rem; }
  .figures b { display: block; font-size: 1.35rem; line-height: 1.2; white-space: nowrap; }
  .figures span { color: var(--muted); font-size: .87em; }
  ol, ul.plain { margin: 0 0 1rem; padding-left: 1.5rem; }
  li { margin: 0 0 .25rem; }
  a { color: var(--accent); }
  figure { margin: 0 0 1rem; break-inside: avoid; } figure > div { overflow-x: auto; }
  figcaption { display: none; color: var(--muted); font-size: .87em; }
  svg { width: 100%; height: auto; display: block; }
  footer { margin-top: 2.5rem; border-top: 1px solid var(--grid); padding-top: .6rem; font-size: .85em;
    color: var(--muted); }
  @media screen and (max-width: 44rem) {
    body { padding: 1.2rem 1rem 2rem; }
    dl { display: block; } dd { margin: 0 0 .5rem; }
    table, tbody, tfoot { display: block; } thead { display: none; }
    tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--grid); }
    th, td, th.right, td.right { display: block; padding: 0; border: 0; text-align: left; }
    td:empty { display: none; }
    tbody th { font-weight: 600; } th .note { font-weight: 400; }
    td::before { content: attr(data-head) ': '; color: var(--muted); font-weight: 400; }
    svg { width: 42rem; }
    figcaption { display: block; }
    figure > div { background: linear-gradient(to right, var(--page) 30%, transparent) left / 3rem 100% no-repeat local,
      linear-gradient(to left, var(--page) 30%, transparent) right / 3rem 100% no-repeat local,
      linear-gradient(to right, var(--muted), transparent) left / .8rem 100% no-repeat scroll,
      linear-gradient(to left, var(--muted), transparent) right / .8rem 100% no-repeat scroll; }
  }
  @media print { body { padding: 0; max-width: none; font-size: 10.5pt; } }
`;

/** The document as a whole HTML file. */
export function documentHtml(document: PrintedDocument): string {
  const { language, title, product, heading, customer, facts, sections, footer } = document;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<p class="brand"><b>Pector</b><span>${escape(product)}</span></p>
<h1>${escape(heading)}</h1>
<p class="customer">${escape(customer)}</p>
<dl>
${facts.map(({ label, value, note }) => `<dt>${escape(label)}</dt><dd>${escape(value)}${noteOf(note)}</dd>`).join('\n')}
</dl>
</header>
<main>
${sections.map(section).join('\n')}
</main>
<footer>${escape(footer)}</footer>
</body>
</html>
`;
}

function noteOf(note: string | undefined): string {
  return note === undefined ? '' : `<span class="note">${escape(note)}</span>`;
}

function section({ id, title, blocks }: Section): string {
  return `<section id="${id}">\n<h2>${escape(title)}</h2>\n${blocks.map(block).join('\n')}\n</section>`;
}

function block(part: Block): string {
  switch (part.kind) {
    case 'heading':
      return `<h3>${escape(part.text)}</h3>`;
    case 'text':
      return `<p>${escape(part.text)}</p>`;
    case 'empty':
      return `<p class="empty">${escape(part.text)}</p>`;
    case 'figures':
      return `<ul class="figures">${part.items
        .map(
          ({ label, value, tone }) =>
            `<li><b${tone ? ` class="${tone}"` : ''}>${escape(value)}</b><span>${escape(label)}</span></li>`,
        )
        .join('')}</ul>`;
    case 'chart':
      return `<figure><figcaption>${escape(part.hint)}</figcaption><div tabindex="0">${svg(part.chart)}</div></figure>`;
    case 'list': {
      const items = part.items.map(({ text, note, section: to }) => {
        const link =
          note === undefined ? '' : to ? ` (<a href="#${to}">${escape(note)}</a>)` : ` (${escape(note)})`;
        return `<li>${escape(text)}${link}</li>`;
      });
      return part.numbered ? `<ol>${items.join('')}</ol>` : `<ul class="plain">${items.join('')}</ul>`;
    }
    case 'table':
      return table(part);
  }
}

function table({ caption, columns, rows, total }: Extract<Block, { kind: 'table' }>): string {
  const sum = columns.reduce((all, { share }) => all + share, 0);
  const widths = columns.map(({ share }) => `<col style="width:${Math.round((share / sum) * 1000) / 10}%">`);
  const heads = columns.map(
    ({ title, align }) =>
      `<th role="columnheader" scope="col"${align ? ` class="${align}"` : ''}>${escape(title)}</th>`,
  );
  // A table that is drawn as blocks on a phone stays one for screen readers by its roles.
  const row = (cells: Cell[]): string =>
    `<tr role="row">${columns.map((column, index) => cell(cells[index] ?? { text: '' }, column, index)).join('')}</tr>`;
  return [
    `<table role="table"><caption>${escape(caption)}</caption><colgroup>${widths.join('')}</colgroup>`,
    `<thead role="rowgroup"><tr role="row">${heads.join('')}</tr></thead>`,
    `<tbody role="rowgroup">\n${rows.map(row).join('\n')}\n</tbody>`,
    ...(total ? [`<tfoot role="rowgroup">${row(total)}</tfoot>`] : []),
    '</table>',
  ].join('\n');
}

/** A cell; the first of a row is its header. On a phone each other one begins with its column's. */
function cell({ text, note, tone, strong }: Cell, { title, align }: Column, index: number): string {
  const classes = [align, tone, strong ? 'strong' : undefined].filter((name) => name !== undefined);
  const named = classes.length > 0 ? ` class="${classes.join(' ')}"` : '';
  const content = `${escape(text)}${noteOf(note)}`;
  if (index === 0) return `<th role="rowheader" scope="row"${named}>${content}</th>`;
  return `<td role="cell" data-head="${escape(title)}"${named}>${content}</td>`;
}

const round = (value: number): string => String(Math.round(value * 100) / 100);
const points = (all: readonly Point[]): string => all.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');

function svg({ width, height, description, shapes }: Chart): string {
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(description)}" font-family="Helvetica, Arial, sans-serif">
${shapes.map(svgShape).join('\n')}
</svg>`;
}

function svgShape(shape: Shape): string {
  const colour = `var(--${shape.tone})`;
  switch (shape.kind) {
    case 'line':
      return `<polyline points="${points(shape.points)}" fill="none" stroke="${colour}" stroke-width="${shape.width}"${shape.dashed ? ' stroke-dasharray="3 2"' : ''} stroke-linejoin="round"/>`;
    case 'area':
      return `<polygon points="${points(shape.points)}" fill="${colour}"/>`;
    case 'dot':
      return `<circle cx="${round(shape.at[0])}" cy="${round(shape.at[1])}" r="${shape.radius}" fill="${colour}"/>`;
    case 'text': {
      const anchor = { left: 'start', center: 'middle', right: 'end' }[shape.align];
      return `<text x="${round(shape.at[0])}" y="${round(shape.at[1])}" font-size="${shape.size}" text-anchor="${anchor}" fill="${colour}">${escape(shape.text)}</text>`;
    }
  }
}
