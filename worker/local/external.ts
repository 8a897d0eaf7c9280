/** Services named by the environment: used as they are, checked before anything starts. */
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { Connection } from '@temporalio/client';
import nodemailer from 'nodemailer';
import { Client } from 'pg';
import { inWords } from '../basics/spoken';
import { retryWhileOpen } from '../basics/retry-while-open';
import { LIVE, describeSetUp, ensureNamespace, ensureSearchAttributes } from './namespaces';
import type { ProgressReporter } from './progress';

const ANSWERS_WITHIN_MS = 10_000;
const GRPC_UNIMPLEMENTED = 12;
const GRPC_PERMISSION_DENIED = 7;
const GRPC_UNAUTHENTICATED = 16;

/** The part of a URL that may be shown: no password, no user, no query. */
export function showUrl(url: string): string {
  try {
    const { protocol, host, pathname } = new URL(url);
    return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
  } catch {
    return inWords({ sv: '(ingen URL)', en: '(not a URL)' });
  }
}

/** An error's text without the secrets of `url`, which a library may have put into it. */
function reasonWithout(url: string, error: unknown): string {
  const aggregate =
    error instanceof AggregateError ? error.errors.map((one) => (one as Error).message).join('; ') : '';
  let reason = aggregate !== '' ? aggregate : error instanceof Error ? error.message : String(error);
  reason = reason.replaceAll(url, showUrl(url));
  try {
    const { password } = new URL(url);
    for (const secret of new Set([password, decodeURIComponent(password)])) {
      if (secret !== '') reason = reason.replaceAll(secret, '…');
    }
  } catch {
    // Not a URL: a password cannot be found in it, and it has already been replaced as a whole.
  }
  return reason;
}

function unreachable(setting: string, url: string, error: unknown): Error {
  const [shown, reason] = [showUrl(url), reasonWithout(url, error)];
  return new Error(
    inWords({
      sv:
        `${setting} är satt, och ${shown} går inte att använda: «${reason}».\n` +
        `Starta tjänsten eller rätta ${setting}; ta bort den för att använda den inbyggda.`,
      en:
        `${setting} is set, and ${shown} cannot be used: ${reason}.\n` +
        `Start that service or correct ${setting}; unset it to use the embedded one.`,
    }),
    { cause: error },
  );
}

/** Fails unless the database answers. */
export async function checkDatabase(url: string): Promise<void> {
  try {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: ANSWERS_WITHIN_MS });
    // If the connection is cut between two calls, the next call fails with the reason.
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query('SELECT 1');
    } finally {
      await client.end();
    }
  } catch (error) {
    throw unreachable('DATABASE_URL', url, error);
  }
}

/** Fails unless the mail server greets us (and takes our name and password, if the URL has them). Sends nothing. */
export async function checkSmtp(url: string): Promise<void> {
  try {
    if (!/^smtps?:$/.test(new URL(url).protocol))
      throw new Error(
        inWords({ sv: 'förväntade smtp:// eller smtps://', en: 'expected smtp:// or smtps://' }),
      );
    const transport = nodemailer.createTransport(url);
    try {
      await withTimeout(transport.verify());
    } finally {
      transport.close();
    }
  } catch (error) {
    throw unreachable('SMTP_URL', url, error);
  }
}

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new Error(
            inWords({
              sv: `inget svar inom ${ANSWERS_WITHIN_MS / 1000} s`,
              en: `no answer within ${ANSWERS_WITHIN_MS / 1000} s`,
            }),
          ),
        ),
      ANSWERS_WITHIN_MS,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Fails unless the Temporal server answers and has our namespace and search attributes. What is missing is
 * registered where that is permitted, and explained where it is not. Gives the namespace to work in.
 */
export async function prepareTemporal(
  environment: Record<string, string | undefined>,
  log: ProgressReporter,
): Promise<string> {
  const address = environment.TEMPORAL_ADDRESS ?? '';
  const overrideEnvVars: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && name.startsWith('TEMPORAL_')) overrideEnvVars[name] = value;
  }
  const config = loadClientConnectConfig({ overrideEnvVars });
  const namespace = config.namespace ?? LIVE.name;
  let connection: Connection;
  try {
    connection = await Connection.connect({
      ...config.connectionOptions,
      connectTimeout: ANSWERS_WITHIN_MS,
      interceptors: [retryWhileOpen],
    });
  } catch (error) {
    const { message } = error as Error;
    throw new Error(
      inWords({
        sv:
          `TEMPORAL_ADDRESS är satt, och ${address} svarar inte: «${message}».\n` +
          'Starta servern eller rätta TEMPORAL_ADDRESS (och TEMPORAL_TLS, TEMPORAL_API_KEY …); ' +
          'ta bort den för att använda den inbyggda.',
        en:
          `TEMPORAL_ADDRESS is set, and ${address} does not answer: ${message}.\n` +
          'Start that server or correct TEMPORAL_ADDRESS (and TEMPORAL_TLS, TEMPORAL_API_KEY …); ' +
          'unset it to use the embedded one.',
      }),
      { cause: error },
    );
  }
  try {
    await explainRefusal(address, namespace, () => ensureNamespace(connection, { ...LIVE, name: namespace }));
    try {
      await ensureSearchAttributes(connection, namespace);
    } catch (error) {
      // Temporal Cloud does not let clients list search attributes: they are managed elsewhere and may well exist.
      if (!isRefusal(error)) throw error;
      const there = {
        sv: 'Finns de redan behöver inget göras.',
        en: 'If they are there already, nothing needs to be done.',
      };
      log.warn(`${refusal(address, namespace, error)}\n${inWords(there)}`);
    }
  } finally {
    await connection.close();
  }
  return namespace;
}

function isRefusal(error: unknown): boolean {
  return [GRPC_UNIMPLEMENTED, GRPC_PERMISSION_DENIED, GRPC_UNAUTHENTICATED].includes(
    (error as { code?: number }).code ?? -1,
  );
}

function refusal(address: string, namespace: string, error: unknown): string {
  const { message } = error as Error;
  const told = inWords({
    sv:
      `Temporal på ${address} låter oss inte sköta namespace ${namespace} och dess sökattribut: «${message}».\n` +
      'Den som får kan göra det med:',
    en:
      `Temporal at ${address} does not let us look after namespace ${namespace} and its search attributes: ` +
      `${message}.\nWhoever may can do it with:`,
  });
  return `${told}\n${describeSetUp(namespace)}`;
}

async function explainRefusal(address: string, namespace: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new Error(refusal(address, namespace, error), { cause: error });
  }
}
