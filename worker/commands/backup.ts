/** `serviceavtal backup`: copies all databases of the local stack as they are at one moment. */
import fs from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { counted } from '../../rules/engine/basics/counted';
import { inWords } from '../basics/spoken';
import { backUp, megabytes } from '../local/back-up';
import { bytesOf } from '../local/back-up-files';
import type { Manifest } from '../local/back-up-manifest';
import { createProgressReporter } from '../local/progress';
import type { Configuration } from '../settings/configuration';
import { isSecretSetting, productVersion, readConfiguration } from '../settings/configuration';
import { languageOption } from './findings-output';
import { say } from './terminal';

export function registerBackup(program: Command): void {
  program
    .command('backup')
    .argument('<folder>', 'a new or empty folder, best on another disk')
    .description('copies all databases of the local stack as they are at one moment, while it runs or not')
    .addOption(languageOption('what is shown'))
    .action(async (folder: string) => {
      const configuration = readConfiguration();
      refuseOutside(configuration);
      const manifest = await backUp({
        dataDir: configuration.dataDir,
        folder: path.resolve(folder),
        product: productVersion(),
        log: createProgressReporter(),
      });
      say(inWords(told(path.resolve(folder), manifest, leftOut(configuration))));
    });
}

/** @throws if a database is not ours to copy; says how it is backed up */
export function refuseOutside({
  databaseUrl,
  temporalAddress,
}: Pick<Configuration, 'databaseUrl' | 'temporalAddress'>): void {
  if ((databaseUrl ?? temporalAddress) === undefined) return;
  const set = [...(databaseUrl ? ['DATABASE_URL'] : []), ...(temporalAddress ? ['TEMPORAL_ADDRESS'] : [])];
  throw new Error(
    inWords({
      sv:
        `${set.join(' och ')} är satt, så databaserna är inte våra att kopiera; inget gjordes. Det som behövs:\n` +
        '  - Vår databas och Temporals hör ihop: båda som de var i samma ögonblick.\n' +
        '  - Ligger de på samma PostgreSQL-server: dess egen baskopia (pg_basebackup) eller en ögonblicksbild av dess disk, med loggen.\n' +
        '  - Ligger de på två servrar: stoppa Temporal och alla `serviceavtal start` först, kopiera båda, starta igen.\n' +
        '  - Temporal Cloud säkerhetskopieras av Temporal och kan inte återställas till en tidpunkt: ha journalen (SERVICEAVTAL_RECORD) på en annan disk än databasen.\n' +
        '  - Nycklarna och journalen för sig: de ligger i ingen databas.',
      en:
        `${set.join(' and ')} ${set.length > 1 ? 'are' : 'is'} set, so the databases are not ours to copy; nothing was done. What is needed:\n` +
        "  - Our database and Temporal's belong together: both as they were at the same moment.\n" +
        '  - If they are on one PostgreSQL server: its own base backup (pg_basebackup), or a snapshot of its disk, with the log.\n' +
        '  - If they are on two: stop Temporal and every `serviceavtal start` first, copy both, start again.\n' +
        '  - Temporal Cloud is backed up by Temporal and cannot be restored to a moment: keep the record (SERVICEAVTAL_RECORD) on another disk than the database.\n' +
        '  - The keys and the record by themselves: they are in no database.',
    }),
  );
}

/** What a restored system needs besides, by name: keys are never copied. */
function leftOut({ dataDir, recordDir }: Configuration): { keys: string[]; record: string } {
  const files = ['postgres-password', 'link-key'].map((name) => path.join(dataDir, name));
  const set = Object.keys(process.env).filter(
    (name) =>
      process.env[name] &&
      (isSecretSetting(name) || /^(SMTP_URL|SERVICEAVTAL_LINK_KEY|SERVICEAVTAL_SECRET_.+)$/.test(name)),
  );
  return { keys: [...files.filter((file) => fs.existsSync(file)), ...set.sort()], record: recordDir };
}

function told(folder: string, manifest: Manifest, { keys, record }: ReturnType<typeof leftOut>) {
  const { takenAt, files, temporal } = manifest;
  const size = megabytes(bytesOf(files));
  const named = keys.map((key) => `\n    ${key}`).join('');
  const development = temporal === 'development';
  return {
    sv:
      `Säkerhetskopian är klar: ${folder} (${counted(files.length, ['fil', 'filer'])}, ${size}).\n` +
      `  Allt fram till ${takenAt} finns i den${development ? ', också Temporals utvecklingsservers data' : ''}.\n` +
      `  Inte i den: regelfilerna (versionshantera dem), fångade mejl, loggar, journalen i ${record}` +
      `${keys.length > 0 ? `, och nycklarna, som ska sparas för sig:${named}` : '.'}\n` +
      '  Återställ med: npx serviceavtal restore ' +
      `${folder}`,
    en:
      `The back-up is done: ${folder} (${counted(files.length, ['file', 'files'])}, ${size}).\n` +
      `  All up to ${takenAt} is in it${development ? ", the data of Temporal's development server too" : ''}.\n` +
      `  Not in it: the rule files (keep them under version control), caught mails, logs, the record in ${record}` +
      `${keys.length > 0 ? `, and the keys, which are to be kept by themselves:${named}` : '.'}\n` +
      '  Restore with: npx serviceavtal restore ' +
      `${folder}`,
  };
}
