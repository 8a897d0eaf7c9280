/** What a check reads in a page: its source, and what a person sees of it in a browser. */
import { Parser } from 'htmlparser2';

/** Elements whose content is never shown as text. */
const unseen = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'object']);

/** Whether a browser shows nothing of what stands in an element, and obeys nothing in it. @param name in small letters */
export const isNeverShown = (name: string): boolean => unseen.has(name);

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

const typeOf = (contentType: string): string => contentType.split(';')[0]?.trim().toLowerCase() ?? '';

/** Whether a browser takes a document for HTML. @param contentType as the server says; without one, what begins with `<` */
export function isHtml(text: string, contentType: string): boolean {
  const type = typeOf(contentType);
  return /\bx?html\b/.test(type) || (type === '' && /^\s*</.test(text));
}

/**
 * The texts of a document that a check looks in: its source without comments, which nobody sees, and the text that a browser
 * shows, without tags and with entities as the characters they stand for. What is neither HTML nor XML is shown as it stands.
 *
 * @param contentType as the server says
 * @example textsOf('<p>Allt &auml;r <!-- ej --><b>v&#228;l</b></p>', 'text/html') // ['<p>Allt &auml;r <b>v&#228;l</b></p>', ' Allt är väl ']
 */
export function textsOf(text: string, contentType: string): string[] {
  const html = isHtml(text, contentType);
  if (!html && !/[/+]xml$/.test(typeOf(contentType))) return [asSeen(text)];
  const source: string[] = [];
  const shown: string[] = [];
  let read = 0;
  let hidden = 0;
  const parser = new Parser(
    {
      onopentagname: (name) => {
        if (isNeverShown(name)) hidden += 1;
        if (!inline.has(name)) shown.push(' ');
      },
      onclosetag: (name) => {
        if (isNeverShown(name)) hidden = Math.max(0, hidden - 1);
        if (!inline.has(name)) shown.push(' ');
      },
      ontext: (data) => {
        if (hidden === 0) shown.push(data);
      },
      oncomment: () => {
        source.push(text.slice(read, parser.startIndex));
        read = parser.endIndex + 1;
      },
    },
    { xmlMode: !html, decodeEntities: true },
  );
  parser.end(text);
  source.push(text.slice(read));
  return [asSeen(source.join('')), asSeen(shown.join(''))];
}
