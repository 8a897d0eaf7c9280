/** `serviceavtal restore`: puts a back-up into an empty data folder, and tells what has happened since it was taken. */
import { counted } from '../../rules/engine/basics/counted';
import path from 'node:path';
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import type { Db } from '../../activities/db';
import { migrate, openDb } from '../../activities/db';
import type { Lost } from '../../activities/health/lost-since';
import { lostSince } from '../../activities/health/lost-since';
import { readLost } from '../../activities/health/read-lost';
import { findRestoration, markRestoration } from '../../activities/health/restorations';
import type { ReadRecord } from '../../activities/record/read-record';
import { holdsRecord, readRecord } from '../../activities/record/read-record';
import { inWords } from '../basics/spoken';
import type { Manifest } from '../local/back-up-manifest';
import { createProgressReporter } from '../local/progress';
import { refuseUsed, restoreInto, verifyBackUp } from '../local/restore';
import { onStopSignal } from '../local/stop-signals';
import { withStack } from '../processes/with-stack';
import type { Configuration } from '../settings/configuration';
import { readConfiguration } from '../settings/configuration';
import { openClient } from '../temporal/temporal-connection';
import { refuseOutside } from './backup';
import { languageOption } from './findings-output';
import { linesOfLost, linesOfRestoration } from './restore/print-lost';
import { sendAgain } from './restore/send-again';
import { asJson, confirmed, refuse, say } from './terminal';

interface Options {
  /** False with `--no-record`. */
  record?: string | false;
  missing?: boolean;
  send?: boolean;
  yes?: boolean;
  json?: boolean;
}

export function registerRestore(program: Command): void {
  program
    .command('restore')
    .argument('[folder]', 'the back-up')
    .description(
      'puts a back-up into an empty data folder (SERVICEAVTAL_DATA); nothing that went out since goes out again, and what is missing is listed',
    )
    .option('--record <folder>', 'the record outside of the database (SERVICEAVTAL_RECORD)')
    .option('--no-record', 'there is none: mails that were due since the back-up are held for a person')
    .option('--missing', 'after a restoration: list again what it lost, by the record; restores nothing')
    .option('--send', 'with --missing: send the messages that agreements lost once more')
    .option('--yes', 'do not ask')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(async (folder: string | undefined, options: Options) => {
      const configuration = readConfiguration();
      if (options.missing) return tellMissing(configuration, options);
      if (folder === undefined) throw new Error(inWords(said.which));
      refuseOutside(configuration);
      await restore(configuration, path.resolve(folder), options);
    });
}

const said = {
  which: {
    sv: 'förväntade mappen med en säkerhetskopia, hittade ingen; eller --missing, som listar vad en återställning förlorade',
    en: 'expected the folder of a back-up, found none; or --missing, which lists what a restoration lost',
  },
  noRecord: (folder: string) => ({
    sv:
      `förväntade journalen utanför databasen, hittade ingen i ${folder}.\n` +
      'Peka ut den med --record MAPP: den säger vilka mejl som gått sedan dess. Finns ingen: --no-record, och varje mejl som skulle ha gått hålls för att någon ska avgöra det.',
    en:
      `expected the record outside of the database, found none in ${folder}.\n` +
      'Name it with --record FOLDER: it tells which mails have gone out since. If there is none: --no-record, and every mail that was due is held for a person to settle.',
  }),
  never: {
    sv: 'Den här databasen har inte återställts från en säkerhetskopia.',
    en: 'This database was not restored from a back-up.',
  },
  nothingRead: {
    sv: 'förväntade journalen utanför databasen, hittade ingen: peka ut den med --record MAPP',
    en: 'expected the record outside of the database, found none: name it with --record FOLDER',
  },
  rests: {
    sv: 'Stacken kör inte: starta den med `npm start` först, så att avtalen tar emot det som skickas.',
    en: 'The stack does not run: start it with `npm start` first, so that the agreements take what is sent.',
  },
  ask: (count: number) => ({
    sv: `Skicka ${counted(count, ['meddelande', 'meddelanden'])} som avtalen tog emot igen? De räknas från då de skickades först där det framgår, annars från nu.`,
    en: `Send ${counted(count, ['message', 'messages'])} that the agreements took once more? They count from when they were first sent where they say so, else from now.`,
  }),
  nothingSent: { sv: 'Inget skickades.', en: 'Nothing was sent.' },
  sent: (count: number, left: number) => ({
    sv: `${count} skickade igen${left > 0 ? `; ${left} skickas inte igen: avvisade, från systemet självt, eller till avtal som inte finns` : ''}.`,
    en: `${count} sent again${left > 0 ? `; ${left} are not: refused, of the system itself, or to agreements that are not there` : ''}.`,
  }),
};

/** The folder of the record; nothing where the person says that there is none. */
function recordFolder({ recordDir }: Configuration, { record }: Options): string | undefined {
  if (record === false) return undefined;
  const folder = record === undefined ? recordDir : path.resolve(record);
  if (holdsRecord(folder)) return folder;
  throw new Error(inWords(said.noRecord(folder)));
}

async function restore(configuration: Configuration, folder: string, options: Options): Promise<void> {
  const log = createProgressReporter();
  refuseUsed(configuration.dataDir);
  const record = recordFolder(configuration, options);
  const ended = new AbortController();
  const off = onStopSignal(
    () => ended.abort(),
    () => process.exit(130),
  );
  try {
    const manifest = await verifyBackUp({ folder, log });
    const read = record === undefined ? undefined : await readRecord(record, manifest.takenAt);
    const { dataDir, ports } = configuration;
    const marked = await restoreInto({ dataDir, folder, ports, log, signal: ended.signal }, manifest, (url) =>
      markIn(url, manifest, record, read),
    );
    if (options.json)
      return void say(asJson({ takenAt: manifest.takenAt, record: record ?? null, ...marked }));
    say(linesOfRestoration({ dataDir, manifest, record, read, counters: marked.counters }).join('\n'));
    if (marked.lost) say(linesOfLost(marked.lost).join('\n'));
  } finally {
    off();
  }
}

interface Marked {
  counters: Record<string, number>;
  /** Nothing without a record. */
  lost?: Lost;
}

/** Brings the restored database up to date, and has it know that it was restored, before anything runs on it. */
async function markIn(
  databaseUrl: string,
  { takenAt }: Manifest,
  record: string | undefined,
  read: ReadRecord | undefined,
): Promise<Marked> {
  const db = openDb(databaseUrl, { maxConnections: 2 });
  try {
    await migrate(db);
    const lost = read && (await lostSince(read.lines, db));
    const by = userInfo().username;
    const counters = await markRestoration(db, {
      ...{ takenAt, by },
      ...(record !== undefined && { record }),
      ...(read && { read }),
    });
    return { counters, ...(lost && { lost }) };
  } finally {
    await db.close();
  }
}

/** What the last restoration lost and is still not there. */
async function missing(db: Db, configuration: Configuration, { record }: Options): Promise<Lost | undefined> {
  const restoration = await findRestoration(db);
  if (!restoration) return undefined;
  const folders =
    typeof record === 'string' ? [path.resolve(record)] : [restoration.record ?? [], configuration.recordDir];
  const lost = await readLost(db, restoration, folders.flat());
  if (!lost) throw new Error(inWords(said.nothingRead));
  return lost;
}

async function tellMissing(configuration: Configuration, options: Options): Promise<void> {
  await withStack(configuration, async ({ db, stack, running }) => {
    const lost = await missing(db, configuration, options);
    if (lost === undefined) return void say(inWords(said.never));
    if (!options.send) return void say(options.json ? asJson(lost) : linesOfLost(lost).join('\n'));
    if (!running) return refuse(inWords(said.rests));
    if (
      !options.yes &&
      !(await confirmed(inWords(said.ask(lost.messages.filter(({ taken }) => taken).length))))
    )
      return refuse(inWords(said.nothingSent));
    const client = await openClient(stack);
    try {
      const sent = await sendAgain(db, client, lost);
      const left = lost.messages.length - sent;
      say(options.json ? asJson({ sent, left }) : inWords(said.sent(sent, left)));
    } finally {
      await client.connection.close();
    }
  });
}
