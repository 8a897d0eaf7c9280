/** Checks the files in a folder of an SFTP server. */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ConnectConfig, FileEntryWithStats, SFTPWrapper } from 'ssh2';
import ssh2 from 'ssh2';
import type { Check } from '../../../rules/engine/contract/monitor';
import type { WatchedCheck } from '../../../rules/engine/monitoring/watched';
import { connectChecked } from './address-policy';
import type { CheckDeps, Checker } from './checker';
import { NotMade, NotWell, secretOf } from './checker';
import type { Measurement } from './measure-files';
import { fitsPattern, holdToLimits, nothingSeen, notReadInTime, see } from './measure-files';

type Server = NonNullable<Check['sftp']>;

/** Answers of an SFTP server, as the protocol numbers them. */
const status = { eof: 1, noSuchFile: 2, permissionDenied: 3 } as const;

/** Milliseconds the driver waits for the server; the check's own time limit ends it sooner. */
const readyTimeout = 120_000;

/**
 * Measures a folder of an SFTP server. Ages are from the server's file times to our clock.
 *
 * @throws NotMade if we may not: a missing or wrong password or key, a host key that is not the agreed one, no permission
 * @throws NotWell if the server does not answer, or has no such folder
 */
export const checkSftp: Checker = async (watched, deps, signal) => {
  const server = watched.check.sftp;
  if (!server) throw new NotMade({ sv: 'förväntade sftp, hittade ingen', en: 'expected sftp, found none' });
  const credentials = credentialsOf(server, watched, deps);
  const socket = await connectChecked({ host: server.host, port: server.port ?? 22, deps, signal });
  const seen = await lookThrough({ socket, server, credentials, watched, signal });
  return holdToLimits(seen, watched, deps.now());
};

type Credentials = Pick<ConnectConfig, 'password' | 'privateKey'>;

/** @throws NotMade if there is neither password nor key, or the key is none */
function credentialsOf({ password, key }: Server, { customer }: WatchedCheck, deps: CheckDeps): Credentials {
  if (!password && !key)
    throw new NotMade({
      sv: 'förväntade password eller key i sftp, hittade ingetdera',
      en: 'expected password or key in sftp, found neither',
    });
  const privateKey = key && secretOf(deps, customer, key);
  if (privateKey !== undefined && ssh2.utils.parseKey(privateKey) instanceof Error)
    throw new NotMade({
      sv: `hemligheten ${key?.secret} är ingen privat nyckel utan lösenfras`,
      en: `the secret ${key?.secret} is not a private key without a passphrase`,
    });
  return {
    ...(privateKey !== undefined && { privateKey }),
    ...(password && { password: secretOf(deps, customer, password) }),
  };
}

interface Visit {
  socket: Socket;
  server: Server;
  credentials: Credentials;
  watched: WatchedCheck;
  signal: AbortSignal;
}

/** Logs in and reads the folder; the connection is closed afterwards in any case. */
async function lookThrough({ socket, server, credentials, watched, signal }: Visit): Promise<Measurement> {
  const client = new ssh2.Client();
  let otherKey: string | undefined;
  const leave = (): void => void socket.destroy();
  signal.addEventListener('abort', leave, { once: true });
  try {
    if (signal.aborted) throw new NotWell(notReadInTime);
    return await new Promise<Measurement>((resolve, reject) => {
      // Stays: what breaks while the connection is being left must not end the process.
      client.on('error', reject);
      client.on('close', () => reject(new Error('the server closed the connection')));
      client.on('ready', () =>
        client.sftp((error, sftp) => {
          if (error) reject(error);
          else measure(sftp, watched.check).then(resolve, reject);
        }),
      );
      client.connect({
        sock: socket,
        username: server.user,
        readyTimeout,
        hostVerifier: (key: Buffer) => {
          const fingerprint = createHash('sha256').update(key).digest('base64').replace(/=+$/, '');
          if (fingerprint !== server.hostKey) otherKey = fingerprint;
          return otherKey === undefined;
        },
        ...credentials,
      });
    });
  } catch (error) {
    if (otherKey !== undefined) throw differentKey(server, otherKey);
    throw signal.aborted
      ? new NotWell(notReadInTime, undefined, { cause: error })
      : told(error, watched.check);
  } finally {
    signal.removeEventListener('abort', leave);
    client.end();
    socket.destroy();
  }
}

/** Reads a folder in the portions the server gives. */
async function measure(sftp: SFTPWrapper, { folder = '', pattern }: Check): Promise<Measurement> {
  const seen = nothingSeen();
  const handle = await new Promise<Buffer>((resolve, reject) =>
    sftp.opendir(folder, (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  for (;;) {
    const entries = await nextEntries(sftp, handle);
    if (!entries) return seen;
    for (const entry of entries.filter(isFile)) {
      const { filename, attrs } = entry;
      if (fitsPattern(filename, pattern))
        see(seen, { name: filename, modifiedAt: attrs.mtime * 1000, bytes: attrs.size });
    }
  }
}

/** Reads the next entries of a folder; `undefined` at its end. */
function nextEntries(sftp: SFTPWrapper, handle: Buffer): Promise<FileEntryWithStats[] | undefined> {
  return new Promise((resolve, reject) =>
    sftp.readdir(handle, (error, entries) => {
      if (!error) resolve(entries);
      else if (Number(codeOf(error)) === status.eof) resolve(undefined);
      else reject(error);
    }),
  );
}

/** Whether it is a regular file; links are not followed. Some servers tell it in the long name only. */
function isFile({ longname, attrs }: FileEntryWithStats): boolean {
  const type = attrs.mode & 0o170000;
  return type === 0 ? !/^[bcdlps]/.test(longname) : type === 0o100000;
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;

const differentKey = ({ host, hostKey }: Server, found: string): NotMade =>
  new NotMade({
    sv: `värdnyckeln för ${host} är en annan: förväntade SHA-256 ${hostKey}, hittade ${found}; inget lösenord har skickats`,
    en: `the host key of ${host} is another: expected SHA-256 ${hostKey}, found ${found}; no password was sent`,
  });

function told(error: unknown, { folder = '', sftp }: Check): unknown {
  const { level, message } = error as Error & { level?: string };
  const host = sftp?.host ?? '';
  if (level === 'client-authentication')
    return new NotMade(
      {
        sv: `${host} släpper inte in användaren: fel lösenord eller nyckel`,
        en: `${host} does not let the user in: wrong password or key`,
      },
      { cause: error },
    );
  switch (codeOf(error)) {
    case status.noSuchFile:
      return new NotWell(
        {
          sv: `mappen ${folder} finns inte på ${host}`,
          en: `the folder ${folder} does not exist on ${host}`,
        },
        undefined,
        { cause: error },
      );
    case status.permissionDenied:
      return new NotMade(
        {
          sv: `mappen ${folder} på ${host} får inte läsas av användaren`,
          en: `the folder ${folder} on ${host} may not be read by the user`,
        },
        { cause: error },
      );
    default:
      return error instanceof NotMade || error instanceof NotWell
        ? error
        : new NotWell(
            {
              sv: `${host} svarar inte som en SFTP-server: ${message}`,
              en: `${host} does not answer as an SFTP server: ${message}`,
            },
            undefined,
            { cause: error },
          );
  }
}
