/** A real SMTP server that keeps mails, and can be made to misbehave. */
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { ParsedMail } from 'mailparser';
import { simpleParser } from 'mailparser';
import type { SMTPServerOptions } from 'smtp-server';
import { SMTPServer } from 'smtp-server';

export interface Mailbox {
  smtpUrl: string;
  /** Every message that arrived whole, in order, also those that got no answer. */
  mails: ParsedMail[];
  /** The same messages as they came over the wire. */
  sources: string[];
  /** Addresses that do not exist: answered with 550. */
  refuses: Set<string>;
  /** The recipient of each message, as the server was told it, and whether by SMTPUTF8. */
  envelopes: { to: string; utf8: boolean }[];
  /**
   * What happens to the next message: `busy` is a 451, `cut-before` closes before the message is asked for,
   * `cut-after` takes the whole message and closes without an answer, `hang-after` takes it and never answers.
   */
  next: ('take' | 'busy' | 'cut-before' | 'cut-after' | 'hang-after')[];
  close(): Promise<void>;
}

/** Opens a mailbox on a free port of 127.0.0.1. @param options of the server, such as `hideSMTPUTF8` */
export async function openMailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: ParsedMail[] = [];
  const sources: string[] = [];
  const refuses = new Set<string>();
  const envelopes: Mailbox['envelopes'] = [];
  const next: Mailbox['next'] = [];
  const server = new SMTPServer({
    ...options,
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 200,
    onRcptTo: ({ address }, session, taken) => {
      if (refuses.has(address)) return taken(Object.assign(new Error('no such user'), { responseCode: 550 }));
      if (next[0] === 'cut-before') {
        next.shift();
        return connectionOf(session.id)?.destroy();
      }
      return taken();
    },
    onData: (stream, session, taken) => {
      const behaviour = next.shift() ?? 'take';
      const whole = buffer(stream).then(async (source) => {
        if (behaviour === 'busy') return taken(Object.assign(new Error('try later'), { responseCode: 451 }));
        mails.push(await simpleParser(source));
        const { rcptTo, smtpUtf8 } = session.envelope;
        envelopes.push({ to: rcptTo[0]?.address ?? '', utf8: smtpUtf8 === true });
        sources.push(source.toString('utf8'));
        if (behaviour === 'hang-after') return undefined;
        return behaviour === 'cut-after' ? connectionOf(session.id)?.destroy() : taken();
      });
      // A client that was killed in the middle of a message has sent none.
      whole.catch(() => undefined);
    },
  });
  const connectionOf = (id: string) =>
    [...(server.connections as Set<{ id: string; _socket: { destroy(): void } }>)].find(
      (connection) => connection.id === id,
    )?._socket;
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    smtpUrl: `smtp://127.0.0.1:${port}`,
    mails,
    sources,
    refuses,
    envelopes,
    next,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
