/** The Temporal Web UI as a person uses it: opens an agreement's page, reads it, sends signals and updates. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

/** Path of the browser, set by `npm test`; empty if there is none. */
const program = process.env.SERVICEAVTAL_TEST_CHROMIUM ?? '';
const screenshots = process.env.SERVICEAVTAL_TEST_SCREENSHOTS;

/** `describe` for tests that need a browser; without one they count as skipped. */
export const describeInBrowser = program === '' ? describe.skip : describe;

const size = { width: 1400, height: 1000 };
const PATIENCE_MS = 20_000;
const POLL_MS = 250;
/** A refresh draws the whole page anew: it is asked for less often than a note is looked for. */
const REFRESH_MS = 1_000;

/** Opens a browser without a window. The caller closes it. */
export function openBrowser(): Promise<Browser> {
  // Chromium refuses to run in its sandbox as root; it opens only our own pages.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: program, args });
}

/** The Web UI's answer to a signal or an update. */
export interface Answer {
  /** The note if it was accepted: `Workflow signaled.` */
  taken?: string;
  /** The reason in the dialog if it was refused; the dialog then stays open. */
  refused?: string;
}

export interface WorkflowPage {
  page: Page;
  /** Text of the current details after a refresh, line by line. */
  details(): Promise<string>;
  /** Waits until the current details contain a text. @returns them */
  detailsWith(text: string | RegExp): Promise<string>;
  /** The example below a message's name in the current details, as the clipboard gets it. */
  example(message: string): Promise<string>;
  /** The address that a link in the current details leads to when it is clicked. */
  linkOf(text: string): Promise<string>;
  /** The picker's description of each signal or update, by name. */
  picker(kind: 'signal' | 'update'): Promise<Record<string, string>>;
  /** Opens _Send a Signal_, picks it, pastes the input (none: leaves it empty) and submits. */
  signal(name: string, input?: string, shot?: string): Promise<Answer>;
  /** The same with _Send an Update_. */
  update(name: string, input?: string, shot?: string): Promise<Answer>;
  /** A picture of the window, or of the current details from beginning to end. */
  shot(name: string, whole?: boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a workflow's page by its link.
 * @param link address without a run id, as in mails: it leads to the newest run
 */
export async function openWorkflow(browser: Browser, link: string): Promise<WorkflowPage> {
  const page = await browser.newPage({ viewport: size });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(link);
  const tab = page.getByTestId('user-metadata-tab');
  await tab.click();
  const content = page.frameLocator('#user-metadata-current-details').locator('body');
  const dialog = page.locator('dialog[open]');

  const details = async (): Promise<string> => {
    // The page does not refresh its details by itself; this is its own key for it.
    await page.keyboard.press('r');
    const text = await content.innerText();
    return text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join('\n');
  };
  const detailsWith = async (wanted: string | RegExp): Promise<string> => {
    let found = '';
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
      found = await details();
      if (typeof wanted === 'string' ? found.includes(wanted) : wanted.test(found)) return found;
      await page.waitForTimeout(REFRESH_MS);
    }
    throw new Error(`expected on the page: ${String(wanted)}; found:\n${found}`);
  };
  const open = async (kind: 'signal' | 'update'): Promise<Locator> => {
    // Wait until the note of the last message is gone: while it stands the Web UI sends the next message, but its
    // dialog never closes (two notes with one key).
    await expectEmpty(page.getByTestId('toast-live-region-polite'));
    // The header has the same menu twice, for wide and for narrow windows.
    await page.locator('button:has-text("More Actions"):visible').click();
    await page.locator(`[data-testid=${kind}-button]:visible`).click();
    await dialog.getByTestId(`${kind}-select-button`).click();
    return dialog.locator('li[role=option]');
  };
  const send = async (
    kind: 'signal' | 'update',
    name: string,
    input: string | undefined,
    shot: string | undefined,
  ): Promise<Answer> => {
    const options = await open(kind);
    await options.filter({ has: page.getByText(name, { exact: true }) }).click();
    if (input !== undefined) await paste(dialog, input);
    if (shot !== undefined) await take(page, shot, false);
    await dialog.getByTestId('confirm-modal-button').click();
    return answer(page, dialog, shot);
  };

  return {
    page,
    details,
    detailsWith,
    example: async (message) => {
      const heading = content.locator('p').filter({ has: page.locator(`strong:text-is("${message}")`) });
      return (await heading.locator('xpath=following::pre[1]').innerText()).trim();
    },
    linkOf: async (text) => {
      const opened = page.context().waitForEvent('page');
      await content.getByRole('link', { name: text }).click();
      const there = await opened;
      const address = there.url();
      await there.close();
      return address;
    },
    picker: async (kind) => {
      const list = await open(kind);
      // The workflow's own messages appear a moment after those that the Web UI offers by itself.
      await list.nth(1).waitFor();
      const options = await list.allInnerTexts();
      await dialog.getByTestId('cancel-modal-button').click();
      const described = options.map((text) => text.split('\n').map((line) => line.trim()));
      return Object.fromEntries(described.map(([name = '', ...words]) => [name, words.join(' ').trim()]));
    },
    signal: (name, input, shot) => send('signal', name, input, shot),
    update: (name, input, shot) => send('update', name, input, shot),
    shot: (name, whole = false) => take(page, name, whole),
    close: () => page.close(),
  };
}

/** Workflow ids on a page that lists workflows. */
export async function listedWorkflows(browser: Browser, link: string): Promise<string[]> {
  const page = await browser.newPage({ viewport: size });
  page.setDefaultTimeout(PATIENCE_MS);
  try {
    const answered = page.waitForResponse((response) => /\/api\/.*\/workflows\?/.test(response.url()));
    await page.goto(link);
    const answer = (await (await answered).json()) as { message?: string };
    if (answer.message !== undefined) throw new Error(`${link}: ${answer.message}`);
    await page.getByText('Per Page').or(page.getByText('No Workflows')).first().waitFor();
    const rows = page.locator('table a[href*="/workflows/"]');
    return [...new Set(await rows.allInnerTexts())].map((text) => text.trim());
  } finally {
    await page.close();
  }
}

async function expectEmpty(notes: Locator): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
    if ((await notes.innerText()).trim() === '') return;
    await notes.page().waitForTimeout(POLL_MS);
  }
  throw new Error(`expected no note, found: ${await notes.innerText()}`);
}

/** Enters an input. The editor reformats JSON while it is typed, and draws only the beginning of a long text. */
async function paste(dialog: Locator, input: string): Promise<void> {
  const editor = dialog.locator('.cm-content');
  await editor.fill(input);
  const begins = (text: string): string => text.replace(/\s/g, '').slice(0, 500);
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
    if (begins(await editor.innerText()) === begins(input)) return leave(editor, dialog);
    await dialog.page().waitForTimeout(POLL_MS);
  }
  throw new Error(`the editor holds ${begins(await editor.innerText())} instead of ${begins(input)}`);
}

/** Leaves the editor, and waits until its layout is stable: a click before that misses its button, which moves. */
async function leave(editor: Locator, dialog: Locator): Promise<void> {
  await editor.blur();
  let before = '';
  for (let still = 0; still < 3;) {
    await dialog.page().waitForTimeout(POLL_MS);
    const now = JSON.stringify(await dialog.boundingBox());
    still = now === before ? still + 1 : 0;
    before = now;
  }
}

/** Reads the answer: the dialog closes with a note of success, or stays open with the reason of a refusal. */
async function answer(page: Page, dialog: Locator, shot: string | undefined): Promise<Answer> {
  const note = page.getByTestId('toast-live-region-polite');
  // The refusal of an update stands in a box above its stack trace, that of a signal in a line of its own.
  const alerts = dialog.locator('div[role=alert] p:visible, p[role=alert]:visible');
  const alert = alerts.filter({ hasText: /\S/ }).first();
  await Promise.any([dialog.waitFor({ state: 'hidden' }), alert.waitFor()]);
  if ((await dialog.count()) === 0) return { taken: (await note.innerText()).trim() };
  const refused = (await alert.innerText()).trim();
  if (shot !== undefined) await take(page, `${shot}-refused`, false);
  await dialog.getByTestId('cancel-modal-button').click();
  return { refused };
}

/** A picture of a page of ours from its beginning, for the documents. @param height in pixels of the page */
export async function shootPage(page: Page, name: string, height: number): Promise<void> {
  if (screenshots === undefined) return;
  mkdirSync(screenshots, { recursive: true });
  const { width = size.width } = page.viewportSize() ?? {};
  const clip = { x: 0, y: 0, width, height };
  await page.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true, clip });
}

async function take(page: Page, name: string, whole: boolean): Promise<void> {
  if (screenshots === undefined) return;
  mkdirSync(screenshots, { recursive: true });
  const file = path.join(screenshots, `${name}.png`);
  if (!whole) return void (await page.screenshot({ path: file }));
  // The Web UI scrolls inside the window: a whole picture needs a window as high as the content.
  const box = await page.locator('#user-metadata-current-details').boundingBox();
  await page.setViewportSize({ ...size, height: Math.ceil((box?.y ?? 0) + (box?.height ?? 0)) + 20 });
  await page.screenshot({ path: file });
  await page.setViewportSize(size);
}
