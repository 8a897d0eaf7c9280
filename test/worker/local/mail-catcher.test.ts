/** The mail catcher as a program: mails go in over SMTP, and out of it in a browser. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import nodemailer from 'nodemailer';
import type { Browser } from 'playwright-core';
import { describeInBrowser, openBrowser } from '../../helpers/browser';

const program = path.join(__dirname, '../../../worker/local/mail-catcher.ts');
const hostile = '<script>document.title = "run"</script><img src="http://127.0.0.1:1/seen">';
const dates = 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n';
const welcome = {
  from: 'Serviceavtal <serviceavtal@localhost.localdomain>',
  to: 'Karin Ek <karin.ek@testbolaget.example.com>',
  subject: 'Välkommen till Serviceavtal Guld',
  text: 'Hej Karin!',
  html: `<html><head><meta charset="utf-8"></head><body><h1>Hej Karin!</h1><a href="/">Mer</a>${hostile}</body></html>`,
  attachments: [{ filename: 'avtalsår.ics', content: dates, contentType: 'text/calendar' }],
};

interface Listed {
  id: string;
  to: string;
  subject: string;
}

let outside: string;
let folder: string;
let ports: { smtp: number; inbox: number };
let catcher: ChildProcess;

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function start(mostKept = 1_000, language = 'en'): Promise<void> {
  const args = [folder, ports.smtp, ports.inbox, mostKept, language].map(String);
  catcher = spawn(process.execPath, ['--require', 'tsx/cjs', program, ...args], { stdio: 'inherit' });
  for (const port of Object.values(ports))
    for (let listens = false; !listens;) {
      const socket = net.connect(port, '127.0.0.1');
      listens = await new Promise((resolve) =>
        socket.on('connect', () => resolve(true)).on('error', () => resolve(false)),
      );
      socket.destroy();
      if (!listens) await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

async function stop(): Promise<void> {
  const ended = once(catcher, 'exit');
  catcher.kill('SIGKILL');
  await ended;
}

const send = (mail: object): Promise<unknown> =>
  nodemailer.createTransport({ host: '127.0.0.1', port: ports.smtp }).sendMail(mail);
const ask = (address: string): Promise<Response> => fetch(`http://127.0.0.1:${ports.inbox}${address}`);
const listed = async (): Promise<Listed[]> => (await (await ask('/api/email')).json()) as Listed[];

// One for all: each start takes seconds.
beforeAll(async () => {
  outside = mkdtempSync(path.join(tmpdir(), 'mail-catcher-'));
  folder = path.join(outside, 'mail');
  mkdirSync(folder, { mode: 0o755 });
  ports = { smtp: await freePort(), inbox: await freePort() };
  writeFileSync(path.join(folder, 'Xy1.eml'), 'From: a@b.example\r\nSubject: left behind\r\n\r\n');
  await start();
});

afterAll(async () => {
  await stop();
  rmSync(outside, { recursive: true });
});

it('shows a mail with what is attached, and its source', async () => {
  await send(welcome);
  const [mail] = await listed();
  expect(mail).toMatchObject({
    to: '"Karin Ek" <karin.ek@testbolaget.example.com>',
    subject: welcome.subject,
  });
  const list = await (await ask('/')).text();
  expect(list).toContain(`href="/mails/${mail!.id}"`);
  expect(list).toContain(welcome.subject);
  const page = await (await ask(`/mails/${mail!.id}`)).text();
  expect(page).toContain('<pre>Hej Karin!');
  expect(page).toContain('&lt;h1&gt;Hej Karin!');
  expect(page).toContain('avtalsår.ics');
  const attachment = await ask(`/mails/${mail!.id}/attachments/0`);
  expect(attachment.headers.get('content-disposition')).toBe(
    "attachment; filename*=UTF-8''avtals%C3%A5r.ics",
  );
  expect(await attachment.text()).toBe(dates);
  expect(await (await ask(`/mails/${mail!.id}/source`)).text()).toMatch(/^From: Serviceavtal/);
});

it('keeps mails that their owner alone can read, those from before too', async () => {
  await send(welcome);
  const modes = readdirSync(folder).map((name) => statSync(path.join(folder, name)).mode & 0o777);
  expect(modes.length).toBeGreaterThan(1);
  expect(new Set(modes)).toEqual(new Set([0o600]));
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it('lists a hundred mails that arrive together', async () => {
  await Promise.all(Array.from({ length: 100 }, (_, index) => send({ ...welcome, subject: `${index}` })));
  const subjects = (await listed()).map(({ subject }) => subject);
  expect(new Set(subjects.filter((subject) => /^\d+$/.test(subject))).size).toBe(100);
});

it('knows no mail that is not listed, wherever its name leads', async () => {
  writeFileSync(path.join(outside, 'secret.eml'), 'secret');
  for (const id of ['none', '..%2fsecret', '../secret'])
    expect([id, (await ask(`/mails/${id}/source`)).status]).toEqual([id, 404]);
  await send(welcome);
  const [mail] = await listed();
  expect((await ask(`/mails/${mail!.id}/attachments/1`)).status).toBe(404);
});

it('shows markup in a subject as it is written', async () => {
  await send({ ...welcome, subject: hostile });
  const [mail] = await listed();
  for (const address of ['/', `/mails/${mail!.id}`]) {
    const page = await (await ask(address)).text();
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
  }
});

describeInBrowser('on a phone', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  it('leads from the list to a mail that fits, runs nothing and fetches nothing, and back', async () => {
    // A server of its own counts: the browser also reports a request that it refuses to make.
    const fetched: string[] = [];
    const tracker = http
      .createServer(({ url }, response) => response.end(`${fetched.push(url ?? '')}`))
      .listen(0);
    await once(tracker, 'listening');
    const { port } = tracker.address() as AddressInfo;
    await send({ ...welcome, html: welcome.html.replace('127.0.0.1:1/', `127.0.0.1:${port}/`) });
    const page = await browser.newPage({ viewport: { width: 375, height: 700 } });
    const isAsWideAsTheWindow = async (): Promise<boolean> =>
      (await page.evaluate('document.documentElement.scrollWidth')) === 375;
    await page.goto(`http://127.0.0.1:${ports.inbox}/`);
    expect(await isAsWideAsTheWindow()).toBe(true);
    await page.getByText(welcome.subject).first().click();
    const mail = page.frameLocator('iframe');
    await mail.getByRole('heading', { name: 'Hej Karin!' }).waitFor();
    expect(await isAsWideAsTheWindow()).toBe(true);
    expect(await page.title()).toBe(welcome.subject);
    await mail
      .locator('img')
      .evaluate(
        '(image) => image.complete || new Promise((resolve) => { image.onload = image.onerror = resolve; })',
      );
    tracker.close();
    expect(fetched).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    const ground = 'getComputedStyle(document.body).backgroundColor';
    expect(await page.evaluate(ground)).toBe('rgb(18, 23, 27)');
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await page.evaluate(ground)).toBe('rgb(255, 255, 255)');
    await page.getByText('All mails').click();
    await page.getByText('Mail inbox: ').waitFor();
    await page.close();
  });
});

it('speaks Swedish where that is set', async () => {
  await send(welcome);
  await stop();
  await start(1_000, 'sv');
  const [mail] = await listed();
  const list = await (await ask('/')).text();
  expect(list).toContain('<html lang="sv">');
  expect(list).toContain('<h1>Mejlkorg: ');
  const page = await (await ask(`/mails/${mail!.id}`)).text();
  for (const word of ['>Alla mejl<', '>från ', '<br>till ', '>Källtext<']) expect(page).toContain(word);
  expect(page).not.toMatch(/All mails|>from |Source/);
  expect(await (await ask('/mails/none/source')).text()).toBe('inget sådant mejl\n');
  await stop();
  await start();
});

it('keeps mails over a restart, the newest first, and those that another catcher left in the folder', async () => {
  for (const subject of ['first', 'second']) await send({ ...welcome, subject });
  await stop();
  await start();
  await send({ ...welcome, subject: 'third' });
  const subjects = (await listed()).map(({ subject }) => subject);
  expect(subjects.slice(0, 3)).toEqual(['third', 'second', 'first']);
  expect(subjects.at(-1)).toBe('left behind');
});

it('lets the oldest go beyond what it keeps', async () => {
  await stop();
  await start(2);
  for (const subject of ['fourth', 'fifth']) await send({ ...welcome, subject });
  expect((await listed()).map(({ subject }) => subject)).toEqual(['fifth', 'fourth']);
  expect(readdirSync(folder)).toHaveLength(2);
});
