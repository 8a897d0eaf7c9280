/** `serviceavtal documents`: the documents signed for an agreement, and the papers that prove them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { findAgreement } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import type { SignedDocument, SignedFile } from '../../activities/signings/papers';
import {
  DamagedFileError,
  listDocuments,
  listFiles,
  readFile,
  rulesetAtSigning,
  wantFilesAgain,
} from '../../activities/signings/papers';
import { openSigningApis } from '../../activities/signings/open-apis';
import { oneLine } from '../../rules/engine/basics/one-line';
import { signingServices } from '../../rules/engine/signing/signing';
import { formatMinute } from '../../templates/words/dates';
import type { Configuration } from '../settings/configuration';
import { readConfiguration } from '../settings/configuration';
import { agreementNumber, asJson, say, tell } from './terminal';
import { withStack } from '../processes/with-stack';

interface Options {
  save?: string;
  retry?: boolean;
  json?: boolean;
}

/** The outcome of saving one paper. */
interface Saved {
  file: SignedFile;
  path?: string;
  problem?: string;
}

const help = `
Each paper is held to the sha256 that was noted when it was kept: one that differs is told as DAMAGED, and the exit
code is 1.

Examples:
  npx serviceavtal documents testbolaget-2027
  npx serviceavtal documents testbolaget-2027 --save papers`;

export function registerDocuments(program: Command): void {
  program
    .command('documents')
    .argument('<agreement>', "the agreement's number", agreementNumber)
    .description('what was signed for an agreement, when and by whom, and the signed papers')
    .option('--save <folder>', 'write the papers there as PDF; a file that differs is never overwritten')
    .option('--retry', 'ask the services anew for papers that are not here')
    .option('--json', 'print one document')
    .addHelpText('after', help)
    .action(async (number: string, options: Options) => {
      const configuration = readConfiguration();
      await withStack(configuration, async ({ db, running }) => {
        if (!(await findAgreement(db, number)))
          throw new Error(`expected a signed agreement, found none with number ${number}`);
        const asked = options.retry ? await askAnew(db, number, configuration) : undefined;
        const ruleset = await rulesetAtSigning(db, number);
        const documents = await listDocuments(db, number);
        const files = await listFiles(db, number);
        const saved = options.save === undefined ? [] : await saveAll(db, number, files, options.save);
        const damaged = files.some(({ intact }) => intact === false);
        if (damaged || saved.some(({ problem }) => problem !== undefined)) process.exitCode = 1;
        if (options.json) say(asJson(asDocument(number, ruleset, documents, files, saved)));
        else print(number, ruleset, documents, files);
        if (!options.json && asked !== undefined) say(asked(running));
        for (const { path: place, problem } of saved)
          if (problem !== undefined) tell(problem);
          else if (!options.json) say(`Saved: ${place}`);
        if (options.save !== undefined && saved.length === 0) tell('There is no paper to save.');
      });
    });
}

async function askAnew(
  db: Db,
  number: string,
  { signing }: Configuration,
): Promise<(running: boolean) => string> {
  const apis = openSigningApis(signing);
  const asked = await wantFilesAgain(
    db,
    number,
    signingServices.filter((service) => apis[service] !== undefined),
  );
  if (asked === 0)
    return () => 'No paper can be asked for: all are here, or the API of their service is not set up.';
  return (running) =>
    `${asked === 1 ? 'One paper is' : `${asked} papers are`} asked for anew${running ? '.' : ' with the next `npm start`.'}`;
}

/** File name of a saved paper. It is our own: a sender's name for a paper could lead out of the folder. */
const savedAs = (number: string, { kind }: SignedFile, digest: string): string =>
  `${number}-${kind}-${digest.slice(0, 12)}.pdf`;

async function saveAll(
  db: Db,
  number: string,
  files: readonly SignedFile[],
  folder: string,
): Promise<Saved[]> {
  mkdirSync(folder, { recursive: true });
  const saved: Saved[] = [];
  for (const file of files.filter(({ state }) => state === 'kept'))
    try {
      const paper = await readFile(db, file);
      if (!paper) continue;
      const place = path.join(folder, savedAs(number, file, paper.digest));
      const problem = write(place, paper.content);
      saved.push({ file, path: place, ...(problem !== undefined && { problem }) });
    } catch (error) {
      if (!(error instanceof DamagedFileError)) throw error;
      saved.push({ file, problem: `! ${error.message}` });
    }
  return saved;
}

/** Writes a file, never over an existing one. @returns why it was not written, if so */
function write(place: string, content: Buffer): string | undefined {
  try {
    writeFileSync(place, content, { flag: 'wx', mode: 0o600 });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (readFileSync(place).equals(content)) return undefined;
    return `${place}: expected no file, or the very same one, found one that differs; nothing was overwritten`;
  }
}

const papersOf = (
  { service, document }: SignedDocument,
  files: readonly SignedFile[],
): readonly SignedFile[] => files.filter((file) => file.service === service && file.document === document);

function asDocument(
  agreement: string,
  ruleset: string | undefined,
  documents: readonly SignedDocument[],
  files: readonly SignedFile[],
  saved: readonly Saved[],
): object {
  return {
    agreement,
    signedRuleset: ruleset ?? null,
    documents: documents.map((document) => ({
      ...document,
      files: papersOf(document, files).map(({ service: _service, document: _document, ...file }) => {
        const place = saved.find(
          (each) =>
            each.file.document === document.document &&
            each.file.kind === file.kind &&
            each.file.service === document.service,
        );
        return {
          ...file,
          ...(place?.path !== undefined && place.problem === undefined && { savedAs: place.path }),
          ...(place?.problem !== undefined && { problem: place.problem }),
        };
      }),
    })),
  };
}

function print(
  number: string,
  ruleset: string | undefined,
  documents: readonly SignedDocument[],
  files: readonly SignedFile[],
): void {
  const under =
    ruleset === undefined
      ? 'the ruleset at signing was not noted'
      : `signed under ruleset ${ruleset.slice(0, 8)}`;
  say(`${number}: ${under}`);
  if (documents.length === 0)
    say('It was signed by command: no document of a signing service belongs to it, and no paper is kept.');
  for (const document of documents)
    say(['', ...toldDocument(document), ...papersOf(document, files).map(toldPaper)].join('\n'));
}

function toldDocument(each: SignedDocument): string[] {
  const { kind, service, document, title, completedAt, recordedAt, ruleset, signers, amendment } = each;
  const when =
    completedAt === null ? `recorded ${formatMinute(recordedAt)}` : `signed ${formatMinute(completedAt)}`;
  const what = { original: 'original', amendment: 'amendment', copy: 'copy, changes nothing' }[kind];
  return [
    `${what}: ${oneLine(title ?? '') || '(without a title)'}`,
    `  ${service} document ${oneLine(document)}`,
    `  ${when}${ruleset === null ? '' : `, ruleset ${ruleset.slice(0, 8)}`}`,
    ...signers.map(
      ({ name, email, signedAt }) =>
        `  by ${oneLine(name)} <${oneLine(email)}>${signedAt === undefined ? '' : `, ${formatMinute(signedAt)}`}`,
    ),
    ...(amendment === null ? [] : [`  ${toldAmendment(amendment)}`]),
  ];
}

function toldAmendment({
  id,
  state,
  from,
  decidedAt,
  by,
  reason,
}: NonNullable<SignedDocument['amendment']>): string {
  const decided = [
    ...(decidedAt === null ? [] : [` ${formatMinute(decidedAt)}`]),
    ...(by === null ? [] : [` by ${oneLine(by)}`]),
    ...(reason === null ? [] : [`: ${oneLine(reason)}`]),
  ];
  return `amendment ${id}, to hold from ${from}: ${state === 'proposed' ? 'waits for a manager' : state}${decided.join('')}`;
}

/** Indents a line to the text that stands beside a paper's kind. */
const indent = ' '.repeat(15);

function toldPaper({
  kind,
  state,
  size,
  digest,
  intact,
  keptAt,
  lastError,
  attempts,
  dueAt,
  service,
}: SignedFile): string {
  const name = `  ${kind.padEnd(11)} `;
  if (state === 'kept')
    return [
      `${name} ${size ?? 0} bytes, kept ${keptAt === null ? '' : formatMinute(keptAt)}`,
      `${indent}sha256 ${digest}`,
      ...(intact === false ? [`${indent}! DAMAGED: its content does not have this sha256 any more`] : []),
    ].join('\n');
  if (state === 'unavailable')
    return `${name} not here: ${oneLine(lastError ?? 'for a reason that was not noted')}`;
  const tried =
    attempts === 0
      ? ''
      : `, tried ${attempts === 1 ? 'once' : `${attempts} times`}, next ${formatMinute(dueAt)}`;
  return `${name} not here yet: fetched from ${service}${tried}${lastError === null ? '' : `\n${indent}${oneLine(lastError)}`}`;
}
