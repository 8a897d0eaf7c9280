/** Where the intake is, and the key of its links. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { PageLinks } from '../../activities/pages/links';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import type { Configuration } from '../settings/configuration';
import type { StackAddresses } from '../local/running-stack';
import { makeFolders } from '../basics/make-folders';

/** Address under which the intake is reached from outside, without a slash at the end. */
export function intakeUrl(
  { intake }: Pick<Configuration, 'intake'>,
  { intakePort }: Pick<StackAddresses, 'intakePort'>,
): string {
  if (intake.url !== undefined) return intake.url;
  // An address that stands for all interfaces cannot be visited.
  const host = intake.host === '0.0.0.0' || intake.host === '::' ? '127.0.0.1' : intake.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${intakePort ?? 0}`;
}

/**
 * The secret that links are signed with: the one that is set, else one that is made once and kept in a file that only
 * its owner may read. Several machines have to be given the same one.
 */
export function linkKey({ dataDir, intake }: Pick<Configuration, 'dataDir' | 'intake'>): string {
  if (intake.linkKey !== undefined) return intake.linkKey;
  const file = path.join(dataDir, 'link-key');
  makeFolders(dataDir);
  try {
    // Written whole or not at all: if two processes make a key at the same time, one wins and both read its key.
    const unfinished = `${file}.${process.pid}`;
    fs.writeFileSync(unfinished, randomBytes(32).toString('base64url'), { mode: 0o600 });
    try {
      fs.linkSync(unfinished, file);
    } finally {
      fs.rmSync(unfinished, { force: true });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = fs.readFileSync(file, 'utf8').trim();
  if (key.length < 32)
    throw new BilingualError({
      sv: `${file}: förväntade en nyckel på minst 32 tecken, hittade ${key.length}; ta bort filen`,
      en: `${file}: expected a key of at least 32 characters, found ${key.length}; remove the file`,
    });
  return key;
}

/** What links in mails to our own people are made of, who may reach the intake where it listens. */
export function pageLinks(
  configuration: Pick<Configuration, 'dataDir' | 'intake'>,
  stack: Pick<StackAddresses, 'intakePort'>,
): PageLinks {
  const base = intakeUrl(configuration, stack);
  return { key: linkKey(configuration), url: (token) => `${base}/pages/${token}` };
}

/** The same for customers. @returns undefined where they cannot reach it: no address is set, and mails leave the machine */
export function customersPageLinks(
  configuration: Pick<Configuration, 'dataDir' | 'intake'>,
  stack: Pick<StackAddresses, 'intakePort' | 'inboxUrl'>,
): PageLinks | undefined {
  const isReached = configuration.intake.url !== undefined || stack.inboxUrl !== undefined;
  return isReached ? pageLinks(configuration, stack) : undefined;
}
