/** Lets lines end where a person would end them: long runs of characters may break, dates and options may not. */

/** Characters without a blank from which a run needs help (an address: more), and most of them that stay together. */
const [long, longAddress, piece] = [28, 36, 28] as const;
const run = new RegExp(`(?:&#?\\w+;|[^\\s<&]){${long},}`, 'g');
const part = new RegExp(`(?:&#?\\w+;|[^\\s<&,/@_=?;:.]){1,${piece}}[,/@_=?;:.]*|[,/@_=?;:.]+`, 'g');

/** A hyphen in them is none of a word's. */
const whole = /\d{4}-\d\d-\d\d|--[a-z-]+/g;

/**
 * Puts a possible line break behind punctuation in long runs of a body's texts (paths, addresses, JSON), and within what
 * has none. Ordinary words, dates and options stay whole; copied text is as it was.
 * @example softBreaks('<body>hourBank.rollover.percent') // '<body>hourBank.<wbr>rollover.<wbr>percent'
 */
export function softBreaks(html: string): string {
  const body = html.indexOf('<body');
  const inParts = (all: string): string =>
    all.includes('@') && all.length < longAddress ? all : (all.match(part) ?? [all]).join('<wbr>');
  const broken = html
    .slice(body)
    .replace(/(?<=>)[^<]+/g, (text) =>
      text.replace(run, inParts).replace(whole, '<span style="white-space:nowrap">$&</span>'),
    );
  return html.slice(0, body) + broken;
}
