/** A real SFTP server for tests: one user, one folder, and only the operations needed to read a folder. */
import { createHash } from 'node:crypto';
import { opendir, lstat } from 'node:fs/promises';
import type { Dir } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import net from 'node:net';
import path from 'node:path';
import ssh2 from 'ssh2';
import type { AuthContext, ParsedKey, SFTPWrapper } from 'ssh2';

const { STATUS_CODE } = ssh2.utils.sftp;

export interface SftpServer {
  port: number;
  /** SHA-256 of its host key, base64 without padding. */
  hostKey: string;
  /** Passwords and keys that were tried, in order. */
  tried: string[];
  /** Connections that are open. */
  open(): number;
  close(): Promise<void>;
}

export interface SftpServerOptions {
  /** Folder of this machine that is served as `/`. */
  root: string;
  user: string;
  password?: string;
  /** Public key in OpenSSH's form. */
  publicKey?: string;
  /** `login`: says nothing after the greeting; `folder`: never gives an entry. */
  hangsAt?: 'login' | 'folder';
  /** A folder that it refuses to open. */
  forbidden?: string;
}

/** Generates a pair of keys. It retries, as the library sometimes writes a key that it cannot read itself. */
export function generateKey(): ReturnType<typeof ssh2.utils.generateKeyPairSync> {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (![pair.private, pair.public].some((key) => ssh2.utils.parseKey(key) instanceof Error)) return pair;
  }
}

/** Starts a server on a free port of this machine. */
export async function startSftpServer(options: SftpServerOptions): Promise<SftpServer> {
  const key = generateKey();
  const parsed = ssh2.utils.parseKey(key.private) as ParsedKey;
  const tried: string[] = [];
  const sockets = new Set<Socket>();
  const ssh = new ssh2.Server({ hostKeys: [key.private] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      if (context.method === 'password') tried.push(context.password);
      if (options.hangsAt === 'login') return;
      if (isLetIn(context, options)) context.accept();
      else context.reject(['password', 'publickey']);
    });
    client.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => {
        const folders = serve(acceptSftp(), options);
        client.on('close', () => folders.forEach((folder) => void folder.close().catch(() => undefined)));
      });
    });
  });
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    ssh.injectSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    hostKey: createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/, ''),
    tried,
    open: () => sockets.size,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
      await once(server, 'close');
    },
  };
}

function isLetIn(context: AuthContext, { user, password, publicKey }: SftpServerOptions): boolean {
  if (context.username !== user) return false;
  if (context.method === 'password') return password !== undefined && context.password === password;
  if (context.method !== 'publickey' || publicKey === undefined) return false;
  const known = ssh2.utils.parseKey(publicKey) as ParsedKey;
  if (!context.key.data.equals(known.getPublicSSH())) return false;
  if (!context.signature || !context.blob) return true;
  return known.verify(context.blob, context.signature, context.hashAlgo) === true;
}

/** Answers a client. @returns the folders that it has opened */
function serve(sftp: SFTPWrapper, { root, hangsAt, forbidden }: SftpServerOptions): Map<number, Dir> {
  const folders = new Map<number, Dir>();
  sftp.on('OPENDIR', (id, name) => {
    if (name === forbidden) return void sftp.status(id, STATUS_CODE.PERMISSION_DENIED);
    opendir(path.join(root, name)).then(
      (folder) => {
        const handle = folders.size + 1;
        folders.set(handle, folder);
        sftp.handle(id, Buffer.from([handle]));
      },
      () => void sftp.status(id, STATUS_CODE.NO_SUCH_FILE),
    );
  });
  sftp.on('READDIR', (id, handle) => {
    const folder = folders.get(handle[0] ?? 0);
    if (!folder || hangsAt === 'folder') return;
    entriesOf(folder).then(
      (entries) => (entries.length > 0 ? sftp.name(id, entries) : void sftp.status(id, STATUS_CODE.EOF)),
      () => void sftp.status(id, STATUS_CODE.FAILURE),
    );
  });
  return folders;
}

/** The next hundred entries of a folder. */
async function entriesOf(folder: Dir): Promise<Parameters<SFTPWrapper['name']>[1]> {
  const entries: Parameters<SFTPWrapper['name']>[1] = [];
  while (entries.length < 100) {
    const entry = await folder.read();
    if (!entry) break;
    const { mode, uid, gid, size, atimeMs, mtimeMs } = await lstat(path.join(folder.path, entry.name));
    const attrs = {
      mode,
      uid,
      gid,
      size,
      atime: Math.floor(atimeMs / 1000),
      mtime: Math.floor(mtimeMs / 1000),
    };
    entries.push({ filename: entry.name, longname: entry.name, attrs } as never);
  }
  return entries;
}
