/** Hands one message to SMTP and tells what became of it, as exactly as the protocol allows. */
import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { MailComposerOptions } from 'nodemailer/lib/mail-composer';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import SMTPConnection from 'nodemailer/lib/smtp-connection';

/** Milliseconds; together below the patient activity's limit of two minutes. */
const limits = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

export type Delivery =
  /** The server took it. */
  | { state: 'sent' }
  /** The server refuses this address or this message for good (5xx). */
  | { state: 'refused'; reason: string }
  /** Everything was handed over, the answer never came: it may or may not have been taken. */
  | { state: 'unknown'; reason: string };

/** Sends one message. Throws what a later attempt may mend (no connection, 4xx, wrong password). */
export type SendMessage = (
  message: MailComposerOptions,
  envelope: { from: string; to: string },
) => Promise<Delivery>;

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

/** Connects, sends and leaves. Nodemailer's own transport would read the message before the server asked for it. */
function converse(smtpUrl: string, envelope: { from: string; to: string }, message: Readable): Promise<void> {
  const { auth, ...options } = parseConnectionUrl(smtpUrl);
  const connection = new SMTPConnection({ ...options, ...limits });
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      connection.close();
      reject(error);
    };
    const send = (): void =>
      connection.send({ from: envelope.from, to: [envelope.to] }, message, (error) => {
        if (error) return fail(error);
        connection.quit();
        return resolve();
      });
    connection.on('error', fail);
    connection.connect((error) => {
      if (error) return fail(error);
      if (!auth) return send();
      return connection.login(auth, (refused) => (refused ? fail(refused) : send()));
    });
  });
}

/**
 * @param smtpUrl `smtp://…` or `smtps://…`; may hold user and password, never printed
 */
export function createSendMessage(smtpUrl: string): SendMessage {
  return async (message, envelope) => {
    const raw = watched(await new MailComposer(message).compile().build());
    try {
      await converse(smtpUrl, envelope, raw.stream);
      return { state: 'sent' };
    } catch (error) {
      const { responseCode, command, message: reason } = error as SmtpError;
      const aboutThisMail = command === 'RCPT TO' || command === 'DATA';
      if (responseCode !== undefined && responseCode >= 500 && aboutThisMail)
        return { state: 'refused', reason };
      if (responseCode === undefined && raw.handedOver()) return { state: 'unknown', reason };
      throw new Error(`the mail server did not take the message: ${reason}`, { cause: error });
    }
  };
}
