/** What a person sees of a page in a browser: the text without its tags, entities as the characters they stand for. */
import { Parser } from 'htmlparser2';

/** Elements whose content is never shown as text. */
const unseen = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'object']);

/** Elements that stand within a line: what is on their two sides may be one word. */
const inline = new Set(
  (
    'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span strike strong ' +
    'sub sup time tt u var wbr'
  ).split(' '),
);

/**
 * Letters and their marks in one, any blanks as a single one, soft hyphens and marks without width left out: two texts
 * that look alike are alike.
 */
export const asSeen = (text: string): string =>
  text
    .normalize('NFC')
    .replaceAll(/[\u00ad\u200b\u2060\ufeff]/g, '')
    .replaceAll(/\s+/g, ' ');

/**
 * The text of a document as a browser shows it; nothing if it is neither HTML nor XML, and is shown as it stands.
 *
 * @param contentType as the server says; without one a browser takes what begins with `<` for HTML
 * @example seenText('<p>Allt &auml;r <b>v&#228;l</b></p>', 'text/html') // ' Allt är väl '
 */
export function seenText(text: string, contentType: string): string | undefined {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const isHtml = /\bx?html\b/.test(type) || (type === '' && /^\s*</.test(text));
  if (!isHtml && !/[/+]xml$/.test(type)) return undefined;
  const parts: string[] = [];
  let hidden = 0;
  const parser = new Parser(
    {
      onopentagname: (name) => {
        if (unseen.has(name)) hidden += 1;
        if (!inline.has(name)) parts.push(' ');
      },
      onclosetag: (name) => {
        if (unseen.has(name)) hidden = Math.max(0, hidden - 1);
        if (!inline.has(name)) parts.push(' ');
      },
      ontext: (data) => {
        if (hidden === 0) parts.push(data);
      },
    },
    { xmlMode: !isHtml, decodeEntities: true },
  );
  parser.end(text);
  return asSeen(parts.join(''));
}
