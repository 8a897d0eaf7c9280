/** Hands one message to SMTP and tells what became of it, as exactly as the protocol allows. */
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { MailComposerOptions } from 'nodemailer/lib/mail-composer';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { asciiAddress, isPlain } from '../../rules/engine/basics/mail-address';

/** Milliseconds; together below the patient activity's limit of two minutes. */
const limits = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

export type Delivery =
  /** The server took it. */
  | { state: 'sent' }
  /** The server refuses this address, or else this message, for good (5xx). */
  | { state: 'refused'; reason: string; address?: boolean }
  /** Everything was handed over, the answer never came: it may or may not have been taken. */
  | { state: 'unknown'; reason: string };

/** Who a message comes from and goes to. */
export interface Envelope {
  from: string;
  to: string;
}

/** Sends one message. Throws what a later attempt may mend (no connection, 4xx, wrong password). */
export type SendMessage = (message: MailComposerOptions, envelope: Envelope) => Promise<Delivery>;

interface SmtpError extends Error {
  responseCode?: number;
  command?: string;
}

/** Read by the connection only after the server asked for the message, so its end means: all is handed over. */
function watched(bytes: Buffer): { stream: Readable; handedOver: () => boolean } {
  let ended = false;
  const stream = Readable.from([bytes]);
  stream.on('end', () => {
    ended = true;
  });
  return { stream, handedOver: () => ended };
}

/** Milliseconds a connection stays open for the next message: greeting and login cost more than a message. */
const idleFor = 2_000;

/** Connections that are open and have nothing to do. */
class Connections {
  private readonly idle = new Set<SMTPConnection>();
  /** Those whose server takes addresses with letters as å before the `@`. */
  private readonly utf8 = new WeakSet<SMTPConnection>();

  constructor(private readonly smtpUrl: string) {}

  /** One that is open already, if there is. */
  takeIdle(): SMTPConnection | undefined {
    const [connection] = this.idle;
    if (connection) this.idle.delete(connection);
    return connection;
  }

  /** Connects and logs in. */
  open(): Promise<SMTPConnection> {
    const { auth, ...options } = parseConnectionUrl(this.smtpUrl);
    const connection = new SMTPConnection({ ...options, ...limits });
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        this.idle.delete(connection);
        connection.close();
        reject(error);
      };
      connection.on('error', fail);
      connection.on('end', () => this.idle.delete(connection));
      connection.connect((error) => {
        if (error) return fail(error);
        // What the server said last lists what it offers.
        if (/^250[ -]SMTPUTF8\b/im.test(String(connection.lastServerResponse))) this.utf8.add(connection);
        if (!auth) return resolve(connection);
        return connection.login(auth, (refused) => (refused ? fail(refused) : resolve(connection)));
      });
    });
  }

  /** Whether the server of a connection takes such an address. */
  takes(connection: SMTPConnection, address: string): boolean {
    return isPlain(address) || this.utf8.has(connection);
  }

  /** Keeps a connection for the next message, for a while. */
  giveBack(connection: SMTPConnection): void {
    this.idle.add(connection);
    setTimeout(() => {
      if (this.idle.delete(connection)) connection.quit();
    }, idleFor).unref();
  }
}

/** Nodemailer's own transport would read the message before the server asked for it; this hands it over in time. */
function send(connection: SMTPConnection, envelope: Envelope, message: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    const ended = (): void => settle(new Error('the mail server closed the connection'));
    const settle = (error: Error | null | undefined): void => {
      connection.off('error', settle).off('end', ended);
      if (error) reject(error);
      else resolve();
    };
    connection.on('error', settle).on('end', ended);
    connection.send({ from: envelope.from, to: [envelope.to] }, message, settle);
  });
}

function judge(error: unknown, handedOver: boolean): Delivery {
  const { responseCode, command, message: reason } = error as SmtpError;
  const aboutThisMail = command === 'RCPT TO' || command === 'DATA';
  if (responseCode !== undefined && responseCode >= 500 && aboutThisMail)
    return { state: 'refused', reason, address: command === 'RCPT TO' };
  if (responseCode === undefined && handedOver) return { state: 'unknown', reason };
  throw new Error(`the mail server did not take the message: ${reason}`, { cause: error });
}

const noUtf8 =
  'a letter as å before the @ takes a mail server that offers SMTPUTF8, and ours does not; the contact needs another address';

/**
 * Domains go out in ASCII. What stands before the `@` has no such form: with letters as å it is sent by SMTPUTF8.
 *
 * @param smtpUrl `smtp://…` or `smtps://…`; may hold user and password, never printed
 */
export function createSendMessage(smtpUrl: string): SendMessage {
  const connections = new Connections(smtpUrl);
  return async (message, { from, to: recipient }) => {
    const envelope = { from: asciiAddress(from), to: asciiAddress(recipient) };
    const bytes = await new MailComposer(message).compile().build();
    for (;;) {
      const used = connections.takeIdle();
      const raw = watched(bytes);
      let connection: SMTPConnection | undefined;
      try {
        connection = used ?? (await connections.open());
        if (!connections.takes(connection, envelope.to)) {
          connections.giveBack(connection);
          return { state: 'refused', reason: noUtf8, address: true };
        }
        await send(connection, envelope, raw.stream);
        connections.giveBack(connection);
        return { state: 'sent' };
      } catch (error) {
        connection?.close();
        const answered = (error as SmtpError).responseCode !== undefined;
        // A connection that was left idle may be gone; a new one has not been tried yet.
        if (used && !answered && !raw.handedOver()) continue;
        return judge(error, raw.handedOver());
      }
    }
  };
}
