/**
 * Mail clients drop style sheets, so every tag carries its own style. Templates are written as plain
 * HTML; this puts the styles in when a template is read. Class names stay, for dark mode in the layout.
 */
const ink = '#1f2a33';
const muted = '#5c6975';
const line = '#e1e6ea';
const sans = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
const mono = "ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace";

/** A word breaks where a whole line is too short for it, and makes nothing wider than a phone. */
const breaking = 'overflow-wrap:anywhere;word-break:break-word';

const styles: Record<string, string> = {
  p: `margin:0 0 16px;font-family:${sans};font-size:16px;line-height:1.5;color:${ink};${breaking}`,
  'p.lead': 'font-size:18px',
  'p.small': `font-size:13px;color:${muted};margin:0 0 6px`,
  // Beneath a button, with text after it.
  'p.note': 'margin:0 0 16px',
  'p.brand': 'margin:0;font-weight:700;letter-spacing:0.02em',
  h2: `margin:28px 0 10px;font-family:${sans};font-size:18px;line-height:1.3;font-weight:700;color:${ink}`,
  ul: 'margin:0 0 16px;padding:0 0 0 22px',
  ol: 'margin:0 0 16px;padding:0 0 0 24px',
  li: `margin:0 0 6px;font-family:${sans};font-size:16px;line-height:1.45;color:${ink};${breaking}`,
  'table.rows': `width:100%;border-collapse:collapse;margin:0 0 18px;border-top:1px solid ${line}`,
  'table.key':
    'width:100%;border-collapse:separate;margin:0 0 20px;background:#f2f6f7;border-left:4px solid #0e5f6d',
  // For screen readers: what the table is about stands above it, for who sees it.
  caption:
    'font-size:1px;line-height:1px;max-height:1px;overflow:hidden;color:transparent;text-align:left;mso-hide:all',
  'table.alarm': 'border-left-color:#b3261e;background:#fcf1f0',
  th: `padding:8px 12px 8px 0;border-bottom:1px solid ${line};font-family:${sans};font-size:13px;line-height:1.4;font-weight:600;color:${muted};text-align:left;vertical-align:top`,
  td: `padding:8px 12px 8px 0;border-bottom:1px solid ${line};font-family:${sans};font-size:15px;line-height:1.4;color:${ink};text-align:left;vertical-align:top;font-weight:400;overflow-wrap:break-word`,
  'td.date': 'white-space:nowrap;width:1%',
  'td.number': 'text-align:right;white-space:nowrap;padding-left:10px;padding-right:0;width:1%',
  'th.number': 'text-align:right;padding-left:10px;padding-right:0',
  'td.sum': 'font-weight:700',
  // For the one cell of a row that takes what is left of the width: of two, either could lose its own to the other.
  'td.free': breaking,
  'td.lines': 'white-space:pre-line',
  'td.plain': 'border-bottom:0;padding:14px 16px',
  'td.month': 'white-space:nowrap;width:1%',
  'td.bars': 'vertical-align:middle',
  'td.good': 'color:#1c6b3c',
  'td.bad': 'color:#b3261e;font-weight:600',
  'span.muted': `color:${muted};font-size:13px`,
  a: 'color:#0e5f6d;text-decoration:underline',
  'a.button':
    'display:inline-block;padding:11px 20px;background:#0e5f6d;color:#ffffff;font-weight:600;text-decoration:none;border-radius:6px',
  'a.small': 'padding:8px 12px;margin:8px 4px 0 0;font-size:14px',
  code: `font-family:${mono};font-size:14px`,
  'pre.code': 'font-size:26px;letter-spacing:4px',
  pre: `margin:0 0 16px;padding:12px 14px;background:#f2f4f6;border:1px solid ${line};border-radius:6px;font-family:${mono};font-size:13px;line-height:1.45;color:${ink};white-space:pre-wrap;overflow-wrap:anywhere`,
};

/**
 * Puts the styles of tag and classes into each opening tag that has none of its own. A row's header looks like its cells.
 * Tables but those of rows only lay out: screen readers are told so.
 * @param source HTML of a template, with Handlebars expressions still in it.
 */
export function inlineStyles(source: string): string {
  return source.replace(/<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>/g, (tag, name: string, attributes: string) => {
    const classes = /\sclass="([^"]*)"/.exec(attributes)?.[1]?.split(/\s+/) ?? [];
    const like = /\sscope="row"/.test(attributes) ? 'td' : name;
    const style = [like, ...classes.map((each) => `${like}.${each}`)]
      .flatMap((key) => styles[key] ?? [])
      .join(';');
    if (style === '' || /\sstyle=/.test(attributes)) return tag;
    const role = classes.includes('rows') ? '' : ' role="presentation"';
    const table = name === 'table' ? `${role} cellpadding="0" cellspacing="0"` : '';
    return `<${name}${attributes}${table} style="${style}">`;
  });
}
