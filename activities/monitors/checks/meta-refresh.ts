/** Where a page leads a browser at once, without a redirect. */
import { Parser } from 'htmlparser2';
import { isHtml, isNeverShown } from './seen-text';

/** What `content` of a refresh names, if it comes after less than a second. */
function namedAtOnce(content: string): string | undefined {
  const [, named = ''] =
    /^\s*(?:0+(?:\.[\d.]*)?|\.[\d.]*)(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?(.*)$/is.exec(content) ?? [];
  const [, , quoted] = /^(["'])(.*?)(?:\1|$)/s.exec(named) ?? [];
  return (quoted ?? named).trim() || undefined;
}

/**
 * Where a page leads a browser after less than a second: by the header `Refresh`, else by its first `<meta http-equiv="refresh">`
 * that names an address, from the page's `<base>`.
 *
 * @param page its text, its content type as the server says, its address, and the header
 * @returns nothing if it leads nowhere else over http or https
 * @example leadsTo({ text: '<meta http-equiv="refresh" content="0; url=/b">', type: 'text/html', url: new URL('http://a.test') }) // http://a.test/b
 */
export function leadsTo({
  text,
  type,
  url,
  refresh = '',
}: {
  text: string;
  type: string;
  url: URL;
  refresh?: string | undefined;
}): URL | undefined {
  let base: string | undefined;
  let named = namedAtOnce(refresh);
  if (named === undefined && /http-equiv/i.test(text) && isHtml(text, type)) {
    let hidden = 0;
    const parser = new Parser({
      onopentag: (name, { href, content = '', 'http-equiv': about = '' }) => {
        if (isNeverShown(name)) hidden += 1;
        if (hidden > 0) return;
        if (name === 'base') base ??= href;
        if (name === 'meta' && about.trim().toLowerCase() === 'refresh') named ??= namedAtOnce(content);
      },
      onclosetag: (name) => {
        if (isNeverShown(name)) hidden = Math.max(0, hidden - 1);
      },
    });
    parser.end(text);
  }
  if (named === undefined) return undefined;
  const from = base !== undefined && URL.canParse(base, url.href) ? new URL(base, url.href) : url;
  const to = URL.canParse(named, from.href) ? new URL(named, from.href) : undefined;
  // A place within the page is no other page.
  const isWithin = to?.hash !== '' && to?.href.replace(/#.*/s, '') === url.href.replace(/#.*/s, '');
  return to && ['http:', 'https:'].includes(to.protocol) && !isWithin ? to : undefined;
}
