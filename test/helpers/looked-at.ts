/** What a person would find fault with in a page: looked for in a real browser, in the text as it is drawn. */
import { source as axeSource } from 'axe-core';
import type { Page } from 'playwright-core';

/** How a page is looked at. Paper is as wide as A4 between the margins. */
export const looks = {
  phone: { width: 390, colorScheme: 'light', media: 'screen' },
  'phone in the dark': { width: 390, colorScheme: 'dark', media: 'screen' },
  tablet: { width: 740, colorScheme: 'light', media: 'screen' },
  desk: { width: 1200, colorScheme: 'light', media: 'screen' },
  'desk in the dark': { width: 1200, colorScheme: 'dark', media: 'screen' },
  paper: { width: 680, colorScheme: 'dark', media: 'print' },
} as const;
export type Look = keyof typeof looks;

/**
 * Runs in the page, where there are no types: words drawn on more than one line, texts whose contrast to what lies behind
 * them is below 4.5 (3 if they are large), texts smaller than 10 pixels, and a page wider than its window.
 */
const lookForFaults = `(() => {
  const faults = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) faults.push('wider than the window: ' + wide + ' of ' + innerWidth);
  const channel = (c) => ((c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] !== 0) return colour;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = texts.nextNode());) {
    const { parentElement: element, data } = node;
    if (data.trim() === '' || element.closest('caption, svg, style') || element.getClientRects().length === 0) continue;
    const style = getComputedStyle(element);
    for (const { 0: word, index } of data.matchAll(/[\\p{L}\\p{N}]{2,}/gu)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      if (lines.size > 1) faults.push('broken: ' + word);
    }
    const [a, b] = [light(parse(style.color)), light(behind(element))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (large ? 3 : 4.5)) faults.push('pale (' + contrast.toFixed(1) + '): ' + data.trim().slice(0, 40));
    if (size < 10) faults.push('small (' + size + '): ' + data.trim().slice(0, 40));
  }
  return [...new Set(faults)];
})()`;

/** The window of one look: an open page can be looked at in several, which is much quicker than to open it anew. */
async function lookAs(page: Page, look: Look): Promise<void> {
  const { width, colorScheme, media } = looks[look];
  await page.setViewportSize({ width, height: 844 });
  await page.emulateMedia({ media, colorScheme });
}

/**
 * Looks at a document.
 * @param page an open page, which shows the document from then on
 * @param html whole document
 * @returns what is wrong with it in each look, in words; nothing of those in which all is well
 */
export async function faultsOf(
  page: Page,
  html: string,
  of: readonly Look[],
): Promise<Partial<Record<Look, string[]>>> {
  const found: Partial<Record<Look, string[]>> = {};
  await page.setContent(html);
  for (const look of of) {
    await lookAs(page, look);
    const faults = await page.evaluate<string[]>(lookForFaults);
    if (faults.length > 0) found[look] = faults;
  }
  return found;
}

/** What a screen reader is told of a document: Chromium's tree of roles and names, as text. */
export async function heard(page: Page, html: string, look: Look): Promise<string> {
  await page.setContent(html);
  await lookAs(page, look);
  return page.locator('body').ariaSnapshot();
}

/** What an automated check of accessibility (axe) finds in an open page that is serious or worse, by its rule and place. */
export async function accessFaults(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const found = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  }>(`axe.run(document, { resultTypes: ['violations'] })`);
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
