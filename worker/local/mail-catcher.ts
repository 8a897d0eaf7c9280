/**
 * The mail catcher, a program of its own: takes every mail over SMTP, keeps it in a folder as it came, and shows
 * what is kept as a web inbox. Both listen on 127.0.0.1 alone.
 *
 * Arguments: the folder, the port of SMTP, the port of the inbox, how many mails are kept, and the language (en, or sv).
 */
import fs from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import fastify from 'fastify';
import Handlebars from 'handlebars';
import type { AddressObject } from 'mailparser';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { makePrivateFolder, privateFile } from './private-folder';

const [folder = '', smtpPort, inboxPort, mostKept, language] = process.argv.slice(2);

const words =
  language === 'sv'
    ? {
        language: 'sv',
        inbox: 'Mejlkorg',
        all: 'Alla mejl',
        from: 'från',
        to: 'till',
        source: 'Källtext',
        attachment: 'bilaga',
        mail: 'Mejlet',
        noMail: 'inget sådant mejl',
        noAttachment: 'ingen sådan bilaga',
      }
    : {
        language: 'en',
        inbox: 'Mail inbox',
        all: 'All mails',
        from: 'from',
        to: 'to',
        source: 'Source',
        attachment: 'attachment',
        mail: 'The mail',
        noMail: 'no such mail',
        noAttachment: 'no such attachment',
      };

/** What the list shows of a mail. */
interface Listed {
  id: string;
  at: string;
  from: string;
  to: string;
  subject: string;
}

/** Mails that are kept by id, the oldest first. Each is read once the list asks for it. */
const kept = new Map<string, Listed | undefined>();
const fileOf = (id: string): string => path.join(folder, `${id}.eml`);

function findKept(): void {
  const ids = fs.readdirSync(folder).flatMap((name) => (name.endsWith('.eml') ? [name.slice(0, -4)] : []));
  const found = ids.map((id) => ({ id, at: fs.statSync(fileOf(id)).mtimeMs }));
  for (const { id } of found.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))) kept.set(id, undefined);
}

function keep(source: Buffer): void {
  let id = Date.now();
  while (kept.has(`${id}`)) id += 1;
  // Only whole mails get a mail's name: the program may be killed while it writes.
  const arriving = path.join(folder, 'arriving');
  fs.writeFileSync(arriving, source, { mode: privateFile });
  fs.renameSync(arriving, fileOf(`${id}`));
  kept.set(`${id}`, undefined);
  for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - Number(mostKept)))) {
    fs.rmSync(fileOf(oldest), { force: true });
    kept.delete(oldest);
  }
}

/** Reads the headers alone: to parse a thousand whole mails takes seconds. */
async function readListed(id: string): Promise<Listed> {
  const source = fs.readFileSync(fileOf(id));
  const at = fs.statSync(fileOf(id)).mtime.toISOString();
  const { from, to, subject = '' } = await simpleParser(source.subarray(0, source.indexOf('\r\n\r\n') + 4));
  return { id, at, from: textOf(from), to: textOf(to), subject };
}

const textOf = (field: AddressObject | AddressObject[] = []): string =>
  [field]
    .flat()
    .map(({ text }) => text)
    .join(', ');

/** All that are kept, the newest first. */
async function list(): Promise<Listed[]> {
  for (const [id, known] of kept) {
    const listed = known ?? (await readListed(id));
    // The mail may have been dropped meanwhile.
    if (kept.has(id)) kept.set(id, listed);
  }
  return [...kept.values()].flatMap((listed) => listed ?? []).reverse();
}

function startInbox(): void {
  const template = Handlebars.compile(fs.readFileSync(path.join(__dirname, 'inbox.hbs'), 'utf8'));
  const local = (at: string): string =>
    new Date(at).toLocaleString('sv-SE', { timeZone: 'Europe/Stockholm' });
  const page = (shown: object): string => template({ ...shown, words }, { helpers: { local } });
  const app = fastify();
  app.addHook('onRequest', async ({ params }, reply) => {
    const { id } = params as { id?: string };
    if (id !== undefined && !kept.has(id))
      return reply.code(404).type('text/plain; charset=utf-8').send(`${words.noMail}\n`);
    reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // Applies to the mail inside the page, too: nothing in it runs, and nothing is fetched.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    });
  });
  app.get('/api/email', list);
  app.get('/', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page({ mails: await list() })),
  );
  app.get<{ Params: { id: string } }>('/mails/:id', async ({ params: { id } }, reply) => {
    const { html, text, attachments } = await simpleParser(fs.readFileSync(fileOf(id)));
    const mails = (await list()).map((each) => ({ ...each, open: each.id === id }));
    // Links open beside the inbox: most pages refuse to be shown inside another one.
    const asHtml = html && `<base target="_blank">${html}`;
    const mail = { ...mails.find(({ open }) => open), asHtml, text, attachments };
    return reply.type('text/html; charset=utf-8').send(page({ mails, mail }));
  });
  app.get<{ Params: { id: string } }>('/mails/:id/source', async ({ params: { id } }, reply) =>
    reply.type('text/plain; charset=utf-8').send(fs.readFileSync(fileOf(id))),
  );
  app.get<{ Params: { id: string; index: string } }>(
    '/mails/:id/attachments/:index',
    async (request, reply) => {
      const { id, index } = request.params;
      const attachment = (await simpleParser(fs.readFileSync(fileOf(id)))).attachments[Number(index)];
      if (!attachment) return reply.code(404).send(`${words.noAttachment}\n`);
      const name = encodeURIComponent(attachment.filename ?? 'attachment').replace(/['()*]/g, '_');
      return reply
        .header('content-disposition', `attachment; filename*=UTF-8''${name}`)
        .type('application/octet-stream')
        .send(attachment.content);
    },
  );
  void app.listen({ host: '127.0.0.1', port: Number(inboxPort) });
}

function startSmtp(): void {
  const smtp = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    // The certificate would be self-signed, and clients that are offered TLS would refuse it.
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, taken) =>
      void buffer(stream)
        .then(keep)
        .then(() => taken(), taken),
  });
  smtp.on('error', ({ message }) => {
    console.error(message);
    // Otherwise a single connection broke, which concerns its client alone.
    if (!smtp.server.listening) process.exit(1);
  });
  smtp.listen(Number(smtpPort), '127.0.0.1');
}

makePrivateFolder(folder);
findKept();
startInbox();
startSmtp();
