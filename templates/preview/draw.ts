/** Draws a preview's parts as text for a terminal, as markdown for a pull request, as HTML to send to somebody. */
import type { PreviewBlock, PreviewGroup, PreviewLine, Sign } from './document';

/** What people wrote, on one line and without control characters, which could move the cursor or ring the bell. */
export function onOneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ').replace(/\p{Cc}/gu, '\ufffd');
}

export interface Drawing {
  header(title: string, lines: string[]): string;
  block(block: PreviewBlock): string;
  footer(lines: string[]): string;
}

/** Gap between what changes and what is said of it; HTML and markdown would make one blank of it. */
const gap = '   ';

const colours: Record<Sign, number> = { '+': 32, '-': 31, '~': 33, '!': 31 };

/** @param coloured whether the terminal shows colours */
export function textDrawing(coloured: boolean): Drawing {
  const paint = (text: string, ...codes: number[]): string =>
    coloured ? `\u001b[${codes.join(';')}m${text}\u001b[0m` : text;
  const drawGroup = ({ title, lines, note }: PreviewGroup): string => {
    const width = Math.min(48, Math.max(0, ...lines.map(({ what }) => what.length)));
    const line = ({ sign, what, change, where }: PreviewLine): string =>
      `      ${paint(sign, colours[sign])} ${onOneLine(what).padEnd(width)}  ${onOneLine(change)}`.trimEnd() +
      (where === undefined ? '' : `\n          ${paint(onOneLine(where), 2)}`);
    return [
      ...(title === '' ? [] : [`    ${paint(title, 1)}`]),
      ...lines.map(line),
      ...(note === undefined ? [] : [`      ${note}`]),
    ].join('\n');
  };
  return {
    header: (title, lines) => `${[paint(title, 1), ...lines.map(onOneLine)].join('\n')}\n`,
    block: ({ sign, title, subtitle, groups }) =>
      `\n${paint(sign, colours[sign])} ${paint(onOneLine(title), 1)}  ${onOneLine(subtitle)}`.trimEnd() +
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
  return onOneLine(text)
    .trim()
    .replace(/[\\`*_[\]<>#~&]/g, '\\$&')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

function cell(text: string): string {
  return plain(text).replace(/\|/g, '\\|');
}

const style = `
  body { font: 15px/1.5 system-ui, sans-serif; color: #1c2430; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2rem 0 0; }
  .sub { color: #5a6675; margin: 0 0 .25rem; }
  table { border-collapse: collapse; table-layout: fixed; width: 100%; margin: .75rem 0 1rem; }
  caption { text-align: left; font-weight: 600; padding: .25rem 0; }
  td { padding: .25rem .75rem .25rem 0; vertical-align: top; border-top: 1px solid #e4e8ee; overflow-wrap: break-word; }
  .sign { width: 1.5rem; } .what { width: 17rem; } .where { width: 17.5rem; }
  td:first-child { padding-left: .25rem; font-family: monospace; font-weight: 700; }
  td.where, .note { color: #5a6675; font-size: .87em; } .note { display: inline-block; margin-left: .75rem; }
  .above .note { display: block; margin-left: 0; }
  .added td:first-child { color: #1a7f37; } .removed td:first-child { color: #b42318; } .changed td:first-child { color: #9a6700; }
  .forbidden { color: #b42318; background: #fff1f0; }
  footer { border-top: 2px solid #1c2430; margin-top: 2rem; padding: .75rem 0 1rem; } footer p { margin: 0 0 .25rem; }
`;
const classes: Record<Sign, string> = { '+': 'added', '-': 'removed', '~': 'changed', '!': 'forbidden' };

/** One page, complete in itself. */
export function htmlDrawing(language: 'sv' | 'en'): Drawing {
  const row = ({ sign, what, change, where }: PreviewLine): string =>
    `<tr class="${classes[sign]}"><td>${sign}</td><td>${escape(what)}</td>` +
    (where === undefined
      ? `<td colspan="2">${changeCell(change)}</td></tr>\n`
      : `<td class="above">${changeCell(change)}</td><td class="where">${escape(where)}</td></tr>\n`);
  const group = ({ title, lines, note }: PreviewGroup): string =>
    `<table>${title === '' ? '' : `<caption>${escape(title)}</caption>`}` +
    `<colgroup><col class="sign"><col class="what"><col><col class="where"></colgroup>\n` +
    `${lines.map(row).join('')}</table>\n${note === undefined ? '' : `<p>${escape(note)}</p>\n`}`;
  return {
    header: (title, lines) =>
      `<!doctype html>\n<html lang="${language}">\n<head><meta charset="utf-8"><title>${escape(title)}</title>` +
      `<meta name="viewport" content="width=device-width"><style>${style}</style></head>\n<body>\n<h1>${escape(title)}</h1>\n` +
      lines.map((line) => `<p class="sub">${escape(line)}</p>\n`).join(''),
    block: ({ title, subtitle, groups }) =>
      `<section>\n<h2>${escape(title)}</h2>\n<p class="sub">${escape(subtitle)}</p>\n${groups.map(group).join('')}</section>\n`,
    footer: (lines) =>
      `<footer>\n${lines.map((line) => `<p>${escape(line)}</p>\n`).join('')}</footer>\n</body>\n</html>\n`,
  };
}

/** A cell of a table: what follows a gap stands on a line of its own. */
function changeCell(change: string): string {
  const [said = '', ...notes] = change.split(gap);
  return escape(said) + notes.map((note) => `<span class="note">${escape(note)}</span>`).join('');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
