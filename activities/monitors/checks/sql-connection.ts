/** Reads the address and login of a database from its secret. Nothing of the login gets into a message. */
import { NotMade } from './checker';
import type { Dialect } from './single-statement';

/** A secret that was read. */
export interface SqlConnection {
  dialect: Dialect;
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** Whether the connection is encrypted, and whether the server's certificate is then verified. */
  encrypted: boolean;
  verified: boolean;
  /** Hides the login in a text that comes from outside. */
  hide: (text: string) => string;
}

interface Scheme {
  dialect: Dialect;
  port: number;
  example: string;
  /** Encryption by the address's parameters; `undefined` if they are not understood. */
  encryption: (parameters: Record<string, string>) => { encrypted: boolean; verified: boolean } | undefined;
}

const postgresql: Scheme = {
  dialect: 'postgresql',
  port: 5432,
  example: 'postgresql://user:password@host:5432/database?sslmode=disable|require|verify-full',
  encryption: ({ sslmode = 'disable', ...others }) => {
    const known = ['disable', 'require', 'verify-full'].includes(sslmode) && Object.keys(others).length === 0;
    // As in libpq: `require` encrypts, but does not verify who the server is.
    return known ? { encrypted: sslmode !== 'disable', verified: sslmode === 'verify-full' } : undefined;
  },
};

const sqlServer: Scheme = {
  dialect: 'sqlserver',
  port: 1433,
  example:
    'sqlserver://user:password@host:1433/database?encrypt=true|false&trustServerCertificate=false|true',
  encryption: ({ encrypt = 'true', trustServerCertificate = 'false', ...others }) => {
    const known = [encrypt, trustServerCertificate].every((value) => value === 'true' || value === 'false');
    return known && Object.keys(others).length === 0
      ? { encrypted: encrypt === 'true', verified: encrypt === 'true' && trustServerCertificate === 'false' }
      : undefined;
  },
};

const schemes: Record<string, Scheme> = {
  'postgresql:': postgresql,
  'postgres:': postgresql,
  'sqlserver:': sqlServer,
};

/**
 * Reads a connection's address. Special characters in user and password are percent-encoded.
 *
 * @param secret the secret's name, for messages
 * @throws NotMade if it is none; the message does not contain the address
 */
export function readSqlConnection(text: string, secret: string): SqlConnection {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const scheme = schemes[url?.protocol ?? ''];
  if (!url || !scheme) throw notAnAddress(secret, `${postgresql.example} / ${sqlServer.example}`);
  const read = (): Omit<SqlConnection, 'hide'> | undefined => {
    const encryption = scheme.encryption(Object.fromEntries(url.searchParams));
    const [user, password, database] = [url.username, url.password, url.pathname.slice(1)].map(
      decodeURIComponent,
    );
    if (!encryption || !user || !database || password === undefined || url.hostname === '' || url.hash !== '')
      return undefined;
    const host = decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1');
    const port = url.port === '' ? scheme.port : Number(url.port);
    return { dialect: scheme.dialect, host, port, user, password, database, ...encryption };
  };
  const connection = unlessMalformed(read);
  if (!connection) throw notAnAddress(secret, scheme.example);
  const hidden = [text, url.href, connection.password, url.password].filter((part) => part !== '');
  return {
    ...connection,
    hide: (outside) => hidden.reduce((left, part) => left.replaceAll(part, '…'), outside),
  };
}

/** What `read` gives; nothing where a percent sign encodes nothing. */
function unlessMalformed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

const notAnAddress = (secret: string, example: string): NotMade =>
  new NotMade({
    sv: `hemligheten ${secret}: förväntade en adress som ${example}`,
    en: `the secret ${secret}: expected an address as ${example}`,
  });
