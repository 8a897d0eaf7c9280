/** `serviceavtal documents`: the documents signed for an agreement, the papers that prove them, and the reports of its upgrades. */
import { readFileSync, writeFileSync } from 'node:fs';
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
import { listReports } from '../../activities/years/kept-reports';
import { openSigningApis } from '../../activities/signings/open-apis';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import type { Language } from '../../rules/engine/basics/text';
import { oneLine } from '../../rules/engine/basics/one-line';
import { signingServices } from '../../rules/engine/signing/signing';
import { formatMinute } from '../../templates/words/dates';
import { noAgreement } from '../../templates/words/no-agreement';
import { signingWords } from '../../templates/words/signing-words';
import { keptReason } from '../../templates/words/kept-reasons';
import { messageOf, spoken } from '../basics/spoken';
import { languageOption } from './findings-output';
import type { Configuration } from '../settings/configuration';
import { readConfiguration } from '../settings/configuration';
import { reportsAsJson, saveReports, toldReport } from './documents/reports';
import { agreementNumber, asJson, say, tell } from './terminal';
import { withStack } from '../processes/with-stack';
import { below } from './help-words';
import { makeFolder, unwritableFile } from '../files/make-folder';

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

const help = {
  sv: `Varje papper och rapport jämförs med den sha256 som noterades när det sparades: det som skiljer sig berättas som
SKADAT, och slutkoden är 1.`,
  en: `Each paper and report is held to the sha256 that was noted when it was kept: one that differs is told as DAMAGED,
and the exit code is 1.`,
};

export function registerDocuments(program: Command): void {
  program
    .command('documents')
    .argument('<agreement>', "the agreement's number", agreementNumber)
    .description(
      'what was signed for an agreement, when and by whom, the signed papers, and the reports of its upgrades',
    )
    .option(
      '--save <folder>',
      'write papers and reports there as PDF; a file that differs is never overwritten',
    )
    .option('--retry', 'ask the services anew for papers that are not here')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .addHelpText(
      'after',
      below(help, 'documents testbolaget-2027', 'documents testbolaget-2027 --save papers'),
    )
    .action(async (number: string, options: Options) => {
      const configuration = readConfiguration();
      await withStack(configuration, async ({ db, running }) => {
        if (!(await findAgreement(db, number))) throw new BilingualError(noAgreement(number));
        const asked = options.retry ? await askAnew(db, number, configuration) : undefined;
        const ruleset = await rulesetAtSigning(db, number);
        const documents = await listDocuments(db, number);
        const files = await listFiles(db, number);
        const reports = await listReports(db, number);
        const { save } = options;
        const saved = save === undefined ? [] : await saveAll(db, number, files, save);
        const savedReports = save === undefined ? [] : await saveReports(db, number, reports, save, write);
        const all = [...saved, ...savedReports];
        const damaged = [...files, ...reports].some(({ intact }) => intact === false);
        if (damaged || all.some(({ problem }) => problem !== undefined)) process.exitCode = 1;
        if (options.json)
          say(
            asJson({
              ...asDocument(number, ruleset, documents, files, saved),
              upgradeReports: reportsAsJson(reports, savedReports),
            }),
          );
        else {
          print(number, ruleset, documents, files);
          for (const report of reports) say(`\n${toldReport(report)}`);
        }
        if (!options.json && asked !== undefined) say(asked(running));
        for (const { path: place, problem } of all)
          if (problem !== undefined) tell(problem);
          else if (!options.json) say(`${said[spoken()].saved}: ${place}`);
        if (save !== undefined && all.length === 0) tell(said[spoken()].noneToSave);
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
  const words = said[spoken()];
  return (running) => (asked === 0 ? words.noneToAsk : words.asked(asked, running));
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
  makeFolder(folder, { sv: 'en mapp för papperen', en: 'a folder for the papers' });
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
      saved.push({ file, problem: `! ${messageOf(error)}` });
    }
  return saved;
}

/** Writes a file, never over an existing one. @returns why it was not written, if so */
function write(place: string, content: Buffer): string | undefined {
  try {
    writeFileSync(place, content, { flag: 'wx', mode: 0o600 });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unwritableFile(place, error);
    if (readFileSync(place).equals(content)) return undefined;
    return said[spoken()].differs(place);
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

/** How often fetching was tried. */
const times = (attempts: number): Record<Language, string> => ({
  sv: attempts === 1 ? 'en gång' : `${attempts} gånger`,
  en: attempts === 1 ? 'once' : `${attempts} times`,
});

const said = {
  sv: {
    saved: 'Sparad',
    noneToSave: 'Det finns inget papper att spara.',
    noneToAsk:
      'Inget papper går att begära: alla finns här, eller så är API:et för deras tjänst inte inställt.',
    asked: (count: number, running: boolean) =>
      `${count === 1 ? 'Ett papper begärs' : `${count} papper begärs`} på nytt${running ? '.' : ' vid nästa `npm start`.'}`,
    differs: (place: string) =>
      `${place}: förväntade ingen fil, eller precis samma, hittade en som skiljer sig; inget skrevs över`,
    notNoted: 'vilka regler som gällde vid signeringen noterades inte',
    under: (ruleset: string) => `signerat under reglerna ${ruleset}`,
    byCommand:
      'Det signerades med ett kommando: inget dokument från en signeringstjänst hör till det, och inget papper finns sparat.',
    recorded: 'mottaget',
    signed: 'signerat',
    kinds: { ...signingWords.sv.kinds, copy: 'kopia, ändrar inget' },
    noTitle: '(utan titel)',
    document: (service: string, id: string) => `${service}, dokument ${id}`,
    ruleset: 'regler',
    by: 'av',
    amendment: (id: number, from: string) => `tilläggsavtal ${id}, ska gälla från ${from}`,
    states: { ...signingWords.sv.amendments, proposed: 'väntar på en ansvarig' },
    papers: signingWords.sv.papers,
    kept: (size: number, at: string) => `${size} byte, sparat ${at}`,
    damaged: 'SKADAT: innehållet har inte längre detta sha256',
    notHere: (why: string | null) => `finns inte här: ${why ?? 'varför noterades inte'}`,
    notYet: (service: string) => `finns inte här än: hämtas från ${service}`,
    tried: (attempts: number, next: string) => `, försökt ${times(attempts).sv}, nästa ${next}`,
  },
  en: {
    saved: 'Saved',
    noneToSave: 'There is no paper to save.',
    noneToAsk: 'No paper can be asked for: all are here, or the API of their service is not set up.',
    asked: (count: number, running: boolean) =>
      `${count === 1 ? 'One paper is' : `${count} papers are`} asked for anew${running ? '.' : ' with the next `npm start`.'}`,
    differs: (place: string) =>
      `${place}: expected no file, or the very same one, found one that differs; nothing was overwritten`,
    notNoted: 'the ruleset at signing was not noted',
    under: (ruleset: string) => `signed under ruleset ${ruleset}`,
    byCommand:
      'It was signed by command: no document of a signing service belongs to it, and no paper is kept.',
    recorded: 'recorded',
    signed: 'signed',
    kinds: { ...signingWords.en.kinds, copy: 'copy, changes nothing' },
    noTitle: '(without a title)',
    document: (service: string, id: string) => `${service} document ${id}`,
    ruleset: 'ruleset',
    by: 'by',
    amendment: (id: number, from: string) => `amendment ${id}, to hold from ${from}`,
    states: { ...signingWords.en.amendments, proposed: 'waits for a manager' },
    papers: signingWords.en.papers,
    kept: (size: number, at: string) => `${size} bytes, kept ${at}`,
    damaged: 'DAMAGED: its content does not have this sha256 any more',
    notHere: (why: string | null) => `not here: ${why ?? 'for a reason that was not noted'}`,
    notYet: (service: string) => `not here yet: fetched from ${service}`,
    tried: (attempts: number, next: string) => `, tried ${times(attempts).en}, next ${next}`,
  },
} as const;

function print(
  number: string,
  ruleset: string | undefined,
  documents: readonly SignedDocument[],
  files: readonly SignedFile[],
): void {
  const words = said[spoken()];
  say(`${number}: ${ruleset === undefined ? words.notNoted : words.under(ruleset.slice(0, 8))}`);
  if (documents.length === 0) say(words.byCommand);
  for (const document of documents)
    say(['', ...toldDocument(document), ...papersOf(document, files).map(toldPaper)].join('\n'));
}

function toldDocument(each: SignedDocument): string[] {
  const { kind, service, document, title, completedAt, recordedAt, ruleset, signers, amendment } = each;
  const words = said[spoken()];
  const when =
    completedAt === null
      ? `${words.recorded} ${formatMinute(recordedAt)}`
      : `${words.signed} ${formatMinute(completedAt)}`;
  return [
    `${words.kinds[kind]}: ${oneLine(title ?? '') || words.noTitle}`,
    `  ${words.document(service, oneLine(document))}`,
    `  ${when}${ruleset === null ? '' : `, ${words.ruleset} ${ruleset.slice(0, 8)}`}`,
    ...signers.map(
      ({ name, email, signedAt }) =>
        `  ${words.by} ${oneLine(name)} <${oneLine(email)}>${signedAt === undefined ? '' : `, ${formatMinute(signedAt)}`}`,
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
  const words = said[spoken()];
  const decided = [
    ...(decidedAt === null ? [] : [` ${formatMinute(decidedAt)}`]),
    ...(by === null ? [] : [` ${words.by} ${oneLine(by)}`]),
    ...(reason === null ? [] : [`: ${oneLine(reason)}`]),
  ];
  return `${words.amendment(id, from)}: ${words.states[state]}${decided.join('')}`;
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
  const words = said[spoken()];
  const name = `  ${words.papers[kind].padEnd(11)} `;
  if (state === 'kept')
    return [
      `${name} ${words.kept(size ?? 0, keptAt === null ? '' : formatMinute(keptAt))}`,
      `${indent}sha256 ${digest}`,
      ...(intact === false ? [`${indent}! ${words.damaged}`] : []),
    ].join('\n');
  const why = lastError === null ? null : oneLine(keptReason(lastError, spoken()));
  if (state === 'unavailable') return `${name} ${words.notHere(why)}`;
  const tried = attempts === 0 ? '' : words.tried(attempts, formatMinute(dueAt));
  return `${name} ${words.notYet(service)}${tried}${why === null ? '' : `\n${indent}${why}`}`;
}
