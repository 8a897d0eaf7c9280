/**
 * A mail server in a process of its own, so that it can be killed and stopped. It writes each mail to a folder before it
 * says that it has it. Arguments: port, folder. SIGUSR1 has it answer that its disk is full, SIGUSR2 no longer.
 */
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

const [port = '0', folder = '.'] = process.argv.slice(2);
/** Milliseconds between having a mail and saying so, at most. */
const slowest = 40;
let isFull = false;
let count = 0;
const full = (): Error => Object.assign(new Error('insufficient system storage'), { responseCode: 452 });

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onMailFrom: (_address, _session, taken) => taken(isFull ? full() : undefined),
  onData: (stream, { envelope }, taken) => {
    buffer(stream).then(
      (source) => {
        if (isFull) return taken(full());
        count += 1;
        const file = path.join(folder, `${Date.now()}-${process.pid}-${count}`);
        const to = envelope.rcptTo[0]?.address ?? '';
        writeFileSync(`${file}.part`, Buffer.concat([Buffer.from(`X-Envelope-To: ${to}\r\n`), source]));
        renameSync(`${file}.part`, `${file}.eml`);
        // Others take a moment to answer, in which something can happen to whoever waits.
        return void setTimeout(taken, (count * 7) % slowest);
      },
      // A client that was killed in the middle of a message has sent none.
      () => undefined,
    );
  },
});
server.on('error', () => undefined);
process.on('SIGUSR1', () => (isFull = true));
process.on('SIGUSR2', () => (isFull = false));
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('smtp is running\n'));
