/** Draws a preview's parts as text for a terminal, as markdown for a pull request, as HTML to send to somebody. */
import { printable } from '../../rules/engine/basics/one-line';
import type { PreviewBlock, PreviewGroup, PreviewLine, Sign } from './document';
import { previewWords } from './wording';

export interface Drawing {
  header(title: string, lines: string[]): string;
  block(block: PreviewBlock): string;
  footer(lines: string[]): string;
}

/** Gap between what changes and what is said of it; HTML and markdown would make one blank of it. */
const gap = '   ';

const colours: Record<Sign, number> = { '+': 32, '-': 31, '~': 33, '!': 31, '=': 2 };

/** @param coloured whether the terminal shows colours */
export function textDrawing(coloured: boolean): Drawing {
  const paint = (text: string, ...codes: number[]): string =>
    coloured ? `\u001b[${codes.join(';')}m${text}\u001b[0m` : text;
  const drawGroup = ({ title, lines, note }: PreviewGroup): string => {
    const width = Math.min(48, Math.max(0, ...lines.map(({ what }) => what.length)));
    const line = ({ sign, what, change, where }: PreviewLine): string =>
      `      ${paint(sign, colours[sign])} ${printable(what).padEnd(width)}  ${printable(change)}`.trimEnd() +
      (where === undefined ? '' : `\n          ${paint(printable(where), 2)}`);
    return [
      ...(title === '' ? [] : [`    ${paint(title, 1)}`]),
      ...lines.map(line),
      ...(note === undefined ? [] : [`      ${note}`]),
    ].join('\n');
  };
  return {
    header: (title, lines) => `${[paint(title, 1), ...lines.map(printable)].join('\n')}\n`,
    block: ({ sign, title, subtitle, groups }) =>
      `\n${paint(sign, colours[sign])} ${paint(printable(title), 1)}  ${printable(subtitle)}`.trimEnd() +
      `\n${groups.map(drawGroup).join('\n')}\n`,
    footer: (lines) => `\n${lines.join('\n')}\n`,
  };
}

export const markdownDrawing: Drawing = {
  header: (title, lines) => `# ${title}\n\n${lines.map(plain).join('\n')}\n`,
  block: ({ title, subtitle, groups, sign }) =>
    `\n## ${sign === '!' ? '⚠ ' : ''}${plain(title)}\n` +
    (subtitle === '' ? '' : `\n${plain(subtitle)}\n`) +
    groups.map(markdownGroup).join(''),
  footer: (lines) => `\n---\n\n${lines.map((line) => `- ${plain(line)}`).join('\n')}\n`,
};

function markdownGroup({ title, lines, note }: PreviewGroup): string {
  const row = ({ sign, what, change, where = '' }: PreviewLine): string =>
    `| \`${sign}\` | ${cell(what)} | ${cell(change.replaceAll(gap, ' · '))} | ${cell(where)} |`;
  return [
    '',
    `|   | ${title === '' ? ' ' : title} |   |   |`,
    '| - | - | - | - |',
    ...lines.map(row),
    ...(note === undefined ? [] : ['', plain(note)]),
    '',
  ].join('\n');
}

/** Escapes what people wrote, so that nothing in it acts as markdown or HTML, within a line or at its beginning. */
function plain(text: string): string {
  return printable(text)
    .trim()
    .replace(/[\\`*_[\]<>#~&]/g, '\\$&')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

function cell(text: string): string {
  return plain(text).replace(/\|/g, '\\|');
}

const style = `
  :root { color-scheme: light dark; --ink: #1c2430; --muted: #5a6675; --line: #e4e8ee; --page: #fff; --added: #1a7f37;
    --removed: #b42318; --changed: #8a5c00; --wash: #fff1f0; }
  @media screen and (prefers-color-scheme: dark) { :root { --ink: #e4e9ed; --muted: #a3afb9; --line: #35414b; --page: #12171b;
    --added: #7fd3a0; --removed: #ff9b92; --changed: #e3b341; --wash: #3a2422; } }
  body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 62rem; margin: 2rem auto;
    padding: 0 1rem; overflow-wrap: break-word; -webkit-text-size-adjust: 100%; }
  h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 0; break-after: avoid; }
  .sub { color: var(--muted); margin: 0 0 .25rem; }
  table { border-collapse: collapse; table-layout: fixed; width: 100%; margin: .75rem 0 1rem; }
  caption { text-align: left; font-weight: 600; padding: .25rem 0; break-after: avoid; }
  tr { break-inside: avoid; }
  th, td { padding: .25rem .75rem .25rem 0; vertical-align: top; text-align: left; font-weight: 400;
    border-top: 1px solid var(--line); }
  col.sign { width: 1.5rem; } col.what { width: 32%; } col.where { width: 30%; } .day { white-space: nowrap; }
  td:first-child { padding-left: .25rem; font-family: monospace; font-weight: 700; }
  td.where, .note { color: var(--muted); font-size: .87em; } .note { display: inline-block; margin-left: .75rem; }
  .above .note { display: block; margin-left: 0; }
  .added td:first-child { color: var(--added); } .removed td:first-child { color: var(--removed); }
  .changed td:first-child { color: var(--changed); }
  .forbidden { background: var(--wash); } .forbidden th, .forbidden td, .forbidden .note { color: var(--removed); }
  footer { border-top: 2px solid var(--ink); margin-top: 2rem; padding: .75rem 0 1rem; } footer p { margin: 0 0 .25rem; }
  @media screen and (max-width: 40rem) {
    body { margin: 1rem auto; }
    table, tbody, caption { display: block; } col { display: none; }
    tr { display: grid; grid-template-columns: 1.5rem minmax(0, 1fr); border-top: 1px solid var(--line); padding: .4rem 0; }
    th, td { border: 0; padding: 0 .25rem 0 0; } th { font-weight: 600; } th ~ td { grid-column: 2; }
    .note { display: block; margin-left: 0; }
  }
  @media print { body { margin: 0; max-width: none; font-size: 10.5pt; } }
`;
const classes: Record<Sign, string> = {
  '+': 'added',
  '-': 'removed',
  '~': 'changed',
  '!': 'forbidden',
  '=': 'same',
};

/** One page, complete in itself. */
export function htmlDrawing(language: 'sv' | 'en'): Drawing {
  const { signs } = previewWords[language];
  // A table that is drawn as blocks on a phone stays one for screen readers by its roles.
  const row = ({ sign, what, change, where }: PreviewLine): string =>
    `<tr role="row" class="${classes[sign]}"><td role="cell" aria-label="${signs[sign]}">${sign}</td>` +
    `<th role="rowheader" scope="row">${breakable(what)}</th>` +
    (where === undefined
      ? `<td role="cell" colspan="2">${changeCell(change)}</td></tr>\n`
      : `<td role="cell" class="above">${changeCell(change)}</td><td role="cell" class="where">${breakable(where)}</td></tr>\n`);
  const group = ({ title, lines, note }: PreviewGroup, of: string): string =>
    `<table role="table"${title === '' ? ` aria-label="${escape(of)}">` : `><caption>${escape(title)}</caption>`}` +
    `<colgroup><col class="sign"><col class="what"><col><col class="where"></colgroup>\n` +
    `${lines.map(row).join('')}</table>\n${note === undefined ? '' : `<p>${breakable(note)}</p>\n`}`;
  return {
    header: (title, lines) =>
      `<!doctype html>\n<html lang="${language}">\n<head><meta charset="utf-8"><title>${escape(title)}</title>` +
      `<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head>\n<body>\n<h1>${escape(title)}</h1>\n` +
      lines.map((line) => `<p class="sub">${breakable(line)}</p>\n`).join(''),
    block: ({ title, subtitle, groups }) =>
      `<section>\n<h2>${escape(title)}</h2>\n${subtitle === '' ? '' : `<p class="sub">${breakable(subtitle)}</p>\n`}` +
      `${groups.map((one) => group(one, title)).join('')}</section>\n`,
    footer: (lines) =>
      `<footer>\n${lines.map((line) => `<p>${breakable(line)}</p>\n`).join('')}</footer>\n</body>\n</html>\n`,
  };
}

/** A cell of a table: what follows a gap stands on a line of its own. */
function changeCell(change: string): string {
  const [said = '', ...notes] = change.split(gap);
  return breakable(said) + notes.map((note) => `<span class="note">${breakable(note)}</span>`).join('');
}

/** Text in which the long path of a term may end a line behind its dots, and a date never does behind its hyphens. */
function breakable(text: string): string {
  return escape(text)
    .replace(/[^\s/]{31,}/g, (path) => path.replace(/\.(?=\p{L})/gu, '.<wbr>'))
    .replace(/\d{4}-\d\d-\d\d/g, '<span class="day">$&</span>');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
