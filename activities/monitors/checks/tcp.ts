/** Checks that a service accepts connections and, where the check expects a greeting, sends it. */
import type { Socket } from 'node:net';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import type { Text } from '../../../rules/engine/basics/text';
import { connectChecked } from './address-policy';
import type { Checker } from './checker';
import { NotWell, answerText } from './checker';

/** Most bytes in which the greeting has to come. */
const mostGreeting = 65_536;

/** Reads until the expected text has come. @throws NotWell if the service closes without it, or the time is up */
function readUntil(socket: Socket, wanted: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const inAnyCharset = [Buffer.from(wanted), Buffer.from(wanted, 'latin1')];
    let said = Buffer.alloc(0);
    const end = (settle: () => void): void => {
      signal.removeEventListener('abort', withoutIt);
      socket.destroy();
      settle();
    };
    const withoutIt = (): void => end(() => reject(notSaid(wanted, answerText(said))));
    socket.on('data', (part: Buffer) => {
      said = Buffer.concat([said, part]);
      if (inAnyCharset.some((bytes) => said.includes(bytes))) end(() => resolve(answerText(said)));
      else if (said.length >= mostGreeting) withoutIt();
    });
    socket.once('close', withoutIt);
    signal.addEventListener('abort', withoutIt, { once: true });
    if (signal.aborted || socket.destroyed) withoutIt();
  });
}

function notSaid(wanted: string, said: string): NotWell {
  const [first = ''] = said.split('\n');
  const found: Text | string =
    said === '' ? { sv: 'ingenting', en: 'nothing' } : `"${first.trim().slice(0, 200)}"`;
  return new NotWell(
    joined(
      { sv: 'det tjänsten säger först: ', en: 'what the service says first: ' },
      expectedFound(`"${wanted}"`, found),
    ),
    said,
  );
}

/** A check of kind `tcp`. */
export const checkTcp: Checker = async ({ check }, deps, signal) => {
  const { host = '', port = 0, contains } = check;
  const socket = await connectChecked({ host, port, deps, signal });
  try {
    const message = {
      sv: `tar emot anslutningar på ${host}:${port}`,
      en: `takes connections at ${host}:${port}`,
    };
    if (contains === undefined) return { outcome: 'ok', message };
    return { outcome: 'ok', message, answer: await readUntil(socket, contains, signal) };
  } finally {
    socket.destroy();
  }
};
