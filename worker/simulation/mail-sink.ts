/** The mail server of a simulation: accepts every mail, and writes the mails to a folder if one is given. */
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { expectedFound } from '../../rules/engine/basics/text';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import Handlebars from 'handlebars';
import { DateTime } from 'luxon';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { Db } from '../../activities/db';
import { mailsByMessageId } from '../../activities/years/year-story';
import { compare } from '../../rules/engine/basics/compare';
import { formatMinute } from '../../templates/words/dates';
import { spoken } from '../basics/spoken';
import { makeFolder } from '../files/make-folder';

export interface MailSink {
  smtpUrl: string;
  /**
   * Writes the mails byte for byte as they came, and beside each its HTML to look at, with names that sort by the
   * simulation's time, and `index.html` to begin with.
   * @param db the simulation's database, which knows when and why each mail was sent
   * @returns how many mails were written
   */
  write(db: Db): Promise<number>;
  close(): Promise<void>;
}

interface Caught {
  messageId: string;
  recipient: string;
  message: Buffer;
}

/**
 * Opens the mail server.
 * @param folder made if it does not exist; without one no mails are kept
 * @throws if the folder is not empty
 */
export async function openMailSink(folder?: string): Promise<MailSink> {
  if (folder !== undefined) makeEmptyFolder(folder);
  const caught: Caught[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, { envelope }, taken) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => void (folder !== undefined && chunks.push(chunk)));
      stream.on('end', () => {
        const message = Buffer.concat(chunks);
        const recipient = envelope.rcptTo[0]?.address ?? 'nobody';
        if (folder !== undefined) caught.push({ messageId: messageIdOf(message), recipient, message });
        taken();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    write: async (db) => (folder === undefined ? 0 : writeMails(db, folder, caught)),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const aFolder = { sv: 'en mapp för mejlen', en: 'a folder for the mails' };

function makeEmptyFolder(folder: string): void {
  if (folder.trim() === '')
    throw new BilingualError(expectedFound(aFolder, { sv: 'ingenting', en: 'nothing' }));
  makeFolder(folder, aFolder);
  const [first] = readdirSync(folder);
  if (first !== undefined)
    throw new BilingualError(
      expectedFound(
        { sv: 'en tom mapp för mejlen, eller ingen', en: 'an empty folder for the mails, or none' },
        path.join(folder, first),
      ),
    );
}

/** The Message-ID of a mail. A long header continues on the next line, which begins with a space. */
const messageIdOf = (message: Buffer): string =>
  /^message-id:\s*(<[^>]+>)/im.exec(message.toString('latin1'))?.[1] ?? '';

const localTimeOf = (instant: string): string =>
  DateTime.fromISO(instant, { zone: 'Europe/Stockholm' }).toFormat("yyyy-MM-dd'T'HHmm");

const once = { flag: 'wx', mode: 0o600 } as const;

/** Writes each mail with its HTML beside it, and `index.html`, which lists them in the order of the story. */
async function writeMails(db: Db, folder: string, caught: readonly Caught[]): Promise<number> {
  const known = await mailsByMessageId(db);
  const names = new Map<string, number>();
  const listed: ListedMail[] = [];
  for (const { messageId, recipient, message } of caught) {
    const { asOf, what } = known.get(messageId) ?? { asOf: '', what: 'mail' };
    const at = asOf === '' ? 'undated' : localTimeOf(asOf);
    const name = `${at}-${what}-${recipient}`.replace(/[^\p{L}\p{N}.@_-]+/gu, '-').slice(0, 150);
    const before = names.get(name) ?? 0;
    names.set(name, before + 1);
    const file = `${name}${before === 0 ? '' : `-${before + 1}`}`;
    writeFileSync(path.join(folder, `${file}.eml`), message, once);
    const { html, subject = '', attachments } = await simpleParser(message);
    if (html) writeFileSync(path.join(folder, `${file}.html`), html, once);
    listed.push({
      at: asOf === '' ? '' : formatMinute(asOf),
      ...{ to: recipient, subject, source: linkTo(`${file}.eml`) },
      ...(html && { page: linkTo(`${file}.html`) }),
      attachments: attachments.flatMap(({ filename }) => filename ?? []).join(', '),
    });
  }
  const mails = listed.sort((a, b) => compare(a.at, b.at));
  writeFileSync(path.join(folder, 'index.html'), indexOf(mails), once);
  return caught.length;
}

/** What a list of the mails says of one. */
interface ListedMail {
  at: string;
  to: string;
  subject: string;
  page?: string;
  source: string;
  /** Names of its files. */
  attachments: string;
}

const linkTo = (file: string): string => `./${encodeURIComponent(file)}`;

const words = {
  sv: { title: 'Mejlen i simuleringen', holds: 'bifogat:' },
  en: { title: 'Mails of the simulation', holds: 'attached:' },
};

function indexOf(mails: readonly ListedMail[]): string {
  const template = Handlebars.compile(readFileSync(path.join(__dirname, 'mails.hbs'), 'utf8'));
  return template({ mails, language: spoken(), words: words[spoken()] });
}
