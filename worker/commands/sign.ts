/** `serviceavtal sign`: makes a signed contract a running agreement; a batch can take over agreements in mid-year. */
import type { Command } from 'commander';
import type { SignedAgreement } from '../../activities/agreements/agreements';
import { signedBefore, storeSignedContract } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import { loadRuleset, rulesetInForce } from '../../activities/agreements/rulesets';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Contract, Instant } from '../../rules/engine/contract/contract';
import { counted, formOf } from '../../rules/engine/basics/counted';
import type { Check, CheckKind } from '../../rules/engine/contract/monitor';
import { kindProperties } from '../../rules/engine/contract/monitor-schema';
import { agreedChecks } from '../../rules/engine/monitoring/watched-checks';
import { eInvoiceProblems, eInvoiceWarnings } from '../../rules/engine/invoicing/billed-to';
import { levelsOf } from '../../rules/engine/ruleset/ruleset-paths';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { readSignable, signedFarAhead } from '../../rules/engine/plan/read-signable';
import type { TakeOver } from '../../rules/engine/plan/take-over';
import { termsFor } from '../../rules/engine/terms/terms-for';
import { inWords, messageOf, spoken } from '../basics/spoken';
import { readConfiguration } from '../settings/configuration';
import { createProgressReporter, runStep } from '../local/progress';
import { askTakeOver, beganBefore, takeOverUntold } from './sign/ask-take-over';
import type { PlannedBatch, PlannedSigning } from './sign/plan-batch';
import { planBatch } from './sign/plan-batch';
import { printBatch, printProblems } from './sign/print-batch';
import { readText } from '../files/read-contract-file';
import type { ReadBatch, SignProblem } from './sign/read-takeovers';
import { readBatch } from './sign/read-takeovers';
import type { TextEncoding } from '../files/read-table';
import { encodingOption, encodingTold } from '../files/read-table';
import { readRulesetTexts } from '../files/rule-folder';
import { FindingsError, readRules } from '../files/rule-files';
import { signableColumns } from './sign/signable-columns';
import { answered, asJson, confirmed, refuse, say, tell } from './terminal';
import { agreementLink } from '../temporal/web-ui-links';
import type { UsedStack } from '../processes/with-stack';
import { askRunningStack } from '../processes/ask-running-stack';
import { withStack } from '../processes/with-stack';
import { languageOption } from './findings-output';
import { below } from './help-words';

interface SignOptions {
  batch?: string;
  dryRun?: boolean;
  yes?: boolean;
  notTakenOver?: boolean;
  json?: boolean;
  encoding?: TextEncoding;
}

/** Most problems shown on the terminal; `--json` has all. */
const maxShown = 50;

const columnNames = [...signableColumns.values()]
  .map(({ names, needed }) => `    ${names.join(', ')}${needed ? '' : ' *'}`)
  .join('\n');

const help = {
  sv: `--batch tar en mapp med JSON-filer, eller en tabell (.csv, .tsv, .txt) med rubrikrad och ett avtal per rad, som Excel
sparar den: CSV med , ; eller tabbar i UTF-8, Windows-1252 eller CP850 (DOS), eller Unicode-text (UTF-16); --encoding
anger vilket där bokstäverna inte visar det. Ett avtal som började före i dag tas över: det som året har bakom sig är
avslutat, och inget mejlas för det. Alla kontrolleras först; är något fel signeras inget. Körs kommandot
igen signeras det som inte är signerat än.

I JSON står det som är gjort i avtalsåret bredvid det som ett avtal innehåller:
    "takeover": { "hoursUsed": 34.5, "hoursRolledIn": 10, "meetingsHeld": ["2026-03-10", "2026-06-09"], "upgrade": "done" }
En sådan fil går också att signera för sig: sign FIL. Utan "takeover" frågar sign FIL på terminalen om ett avtal som
började före i dag tas över, och vad det har bakom sig; där ingen kan svara säger --not-taken-over att det är nytt.

En tabells kolumner, i valfri ordning och under vilket som helst av namnen; de med * får saknas. Högst fem kontakter.
${columnNames}

System skrivs visma-business=17.0; x=5, flera dagar med blanksteg eller komma emellan, timmar 80,5 eller 80:30.
Integrationer och övervakning går bara att ange i JSON-filer; \`change\` lägger till dem efteråt.`,
  en: `--batch takes a folder of JSON files, or a table (.csv, .tsv, .txt) with a header and one agreement a row, as Excel saves
it: CSV with , ; or tabs in UTF-8, Windows-1252 or CP850 (DOS), or Unicode text (UTF-16); --encoding names it where its
letters do not tell. An agreement that began in the past is taken over: what its year has behind it is closed, and
nothing is mailed for it. All of the batch is checked first; where anything is wrong, nothing is signed. Run again, it
signs what is not signed yet.

In JSON, what was done this agreement year stands beside what a contract holds:
    "takeover": { "hoursUsed": 34.5, "hoursRolledIn": 10, "meetingsHeld": ["2026-03-10", "2026-06-09"], "upgrade": "done" }
Such a file can be signed alone, too: sign FILE. Without "takeover", sign FILE asks on the terminal whether an agreement that
began before today is taken over, and what is behind it; where nobody can be asked, --not-taken-over says that it is new.

Columns of a table, in any order and by any of these names; those with * may be missing. Up to five contacts.
${columnNames}

Systems are written visma-business=17.0; x=5, several days with a space or a comma between them, hours 80,5
or 80:30. Integrations and monitors are told in JSON files only; \`change\` adds them afterwards.`,
};

export function registerSign(program: Command): void {
  program
    .command('sign')
    .argument('[file]', 'the contract, for example examples/testbolaget.json')
    .description('signs a contract: its agreement starts by itself, once; --batch takes over many')
    .option(
      '--batch <path>',
      'a folder of JSON files, or a table (.csv, .txt): agreements in the middle of their year',
    )
    .option('--dry-run', 'check, show what would become of each, and sign nothing')
    .option('--yes', 'do not ask')
    .option(
      '--not-taken-over',
      'an agreement that began before today is new here: all that was signed is owed in what is left of its year',
    )
    .addOption(encodingOption())
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .addHelpText(
      'after',
      below(help, 'sign examples/testbolaget.json', 'sign --batch examples/takeover/avtal.csv --dry-run'),
    )
    .action(async (file: string | undefined, options: SignOptions) => {
      const { batch } = options;
      if ((file === undefined) === (batch === undefined)) throw new Error(said[spoken()].either);
      const asOf = new Date().toISOString();
      if (batch !== undefined) return signBatch(batch, asOf, true, options);
      const name = String(file);
      const [text, today] = [readText(name), localDateOf(asOf)];
      const { signable } = readSignable(text, name, today, {});
      if (signable === undefined) {
        const { findings } = readSignable(text, name, today, { levels: await knownLevels() });
        throw new FindingsError(findings, said[spoken()].cannotBeSigned(name));
      }
      const farAhead = signedFarAhead(signable.contract, today);
      for (const warning of [farAhead, ...eInvoiceWarnings(signable.contract)])
        if (warning) tell(inWords(warning));
      if (signable.takeOver || options.dryRun) return signBatch(name, asOf, false, options);
      return signOne(signable.contract, name, asOf, options);
    });
}

async function signOne(contract: Contract, name: string, asOf: Instant, options: SignOptions): Promise<void> {
  const { json } = options;
  await withStack(readConfiguration(), async (used) => {
    const { db, running, stack } = used;
    const terms = await checkedTerms(db, contract);
    const takeOver = await toldTakeOver(used, contract, asOf, options);
    if (takeOver) return signBatchOn(used, name, asOf, { takeOverPast: false, takeOver }, options);
    const result = await storeSignedContract(db, contract, terms);
    const { agreement } = contract;
    const link = agreementLink(readConfiguration(), stack)(agreement);
    const words = said[spoken()];
    if (json) say(asJson({ agreement, result, link }));
    else if (result === 'signed') {
      say(words.isSigned(agreement, running ? link : undefined));
      const agreed = terms.signedTerms ? agreedChecks(contract, terms.signedTerms) : [];
      const idle = agreed.filter(({ state }) => state === 'notSetUp');
      for (const { watched } of idle) say(words.notSetUp(watched.check));
    } else if (result === 'already-signed') say(words.alreadySigned(agreement));
    else tell(words.signedOtherwise(agreement));
    if (result === 'refused') process.exitCode = 1;
  });
}

/**
 * What lies behind an agreement that began before today and is new here, as somebody tells on the terminal.
 * @throws if nobody can be asked, and no option says that it is not taken over
 */
async function toldTakeOver(
  { db }: UsedStack,
  contract: Contract,
  asOf: Instant,
  { json, yes, notTakenOver }: SignOptions,
): Promise<TakeOver | undefined> {
  if (notTakenOver || !beganBefore(contract, asOf) || (await signedBefore(db, contract))) return undefined;
  if (json || yes || !process.stdin.isTTY) throw new Error(takeOverUntold(contract, spoken()));
  return askTakeOver(contract, asOf, spoken(), { ask: answered, tell });
}

/** The terms to sign a contract by. @throws if the rules give none: such a contract could not be carried out */
async function checkedTerms(
  db: Db,
  contract: Contract,
): Promise<Pick<SignedAgreement, 'signedTerms' | 'signedRuleset'>> {
  try {
    const { ruleset, inForce } = await rulesToSignBy(db);
    const { terms } = await termsFor(contract, ruleset, 1, contract.startsOn);
    return { signedTerms: terms, signedRuleset: inForce };
  } catch (error) {
    const { agreement, level } = contract;
    throw new Error(said[spoken()].noTerms(agreement, level, messageOf(error)), { cause: error });
  }
}

/** The levels of the rules to sign by, without a stack being started. */
async function knownLevels(): Promise<string[]> {
  const configuration = readConfiguration();
  const rules = await askRunningStack(configuration, rulesToSignBy);
  const texts = rules?.ruleset.texts ?? readRulesetTexts(configuration.rulesDir).texts;
  return levelsOf(Object.keys(texts));
}

/** The ruleset in force or, before the first start, the rule files, which will come into force. */
async function rulesToSignBy(db: Db): Promise<{ ruleset: Ruleset; inForce?: string }> {
  const hash = await rulesetInForce(db);
  return hash === undefined
    ? { ruleset: readRules(readConfiguration().rulesDir).ruleset }
    : { ruleset: await loadRuleset(db, hash), inForce: hash };
}

const agreements = ['agreement', 'agreements'] as const;

/** What a check of a kind needs to be watched. */
const needed = (kind: CheckKind, or: string): string =>
  kindProperties[kind].needs.map((names) => names.join(', ')).join(` ${or} `);

/** The first of many names. */
const someOf = (names: readonly string[]): string =>
  names.slice(0, 10).join(', ') + (names.length > 10 ? ' …' : '');

const said = {
  sv: {
    either: 'förväntade antingen ett avtal eller --batch med en mapp eller en tabell',
    cannotBeSigned: (name: string) => `${name} går inte att signera:`,
    isSigned: (agreement: string, link: string | undefined) =>
      `${agreement} är signerat. ${link === undefined ? 'Det startar med nästa `npm start`.' : `Det startar nu: ${link}`}`,
    notSetUp: ({ id, name, kind }: Check) =>
      `Kontrollen ${name} (${id}) är överenskommen men övervakas inte: ${needed(kind, 'eller')} saknas.`,
    alreadySigned: (agreement: string) => `${agreement} är redan signerat, med just det här innehållet.`,
    signedOtherwise: (agreement: string) =>
      `${agreement} är redan signerat med ett annat innehåll; inget är ändrat.\n` +
      'Kontakter, konsult, system, integrationer och övervakning ändras med `serviceavtal change`;' +
      ' det som är utlovat eller prissatt kräver ett\ntilläggsavtal: det nya avtalet, signerat under samma nummer där' +
      ' er signeringstjänst levererar det, och godkänt med `serviceavtal amendments approve`.',
    noTerms: (agreement: string, level: string, why: string) =>
      `${agreement} går inte att signera med nivån "${level}": ${why}`,
    meanwhile: (agreement: string, before: number) =>
      `${agreement} signerades under tiden med ett annat innehåll; ${before} signerades före det`,
    reading: (path: string) => `Läser ${path}`,
    planning: (count: number, unread: number) =>
      `Planerar ${count} avtal${unread > 0 ? `, och inte ${unread} som har fel` : ''}`,
    signing: (count: number) => `Signerar ${count} avtal`,
    agreements: (count: number) => `${count} avtal`,
    more: (count: number) => `… och ${count} fel till; --json visar alla`,
    wrong: (count: number) => `Inget signerades: ${count} fel.`,
    dryRun: 'Inget signerades (--dry-run).',
    nothing: 'Det finns inget att signera.',
    unreferenced: (found: readonly string[]) =>
      `E-fakturor avvisas i ${found.length} avtal, där er referens saknas (customer.reference) eller organisationsnumret är fel: ${someOf(found)}`,
    ask: (count: number) => `Signera ${count} avtal?`,
    refused: 'Inget signerades.',
    signed: (count: number, running: boolean) =>
      `${count} avtal signerades. ${formOf(count, ['Det', 'De'])} startar ${running ? 'nu' : 'med nästa `npm start`'}.`,
  },
  en: {
    either: 'expected either a contract or --batch with a folder or a table',
    cannotBeSigned: (name: string) => `${name} cannot be signed:`,
    isSigned: (agreement: string, link: string | undefined) =>
      `${agreement} is signed. ${link === undefined ? 'It starts with the next `npm start`.' : `It starts now: ${link}`}`,
    notSetUp: ({ id, name, kind }: Check) =>
      `The check ${name} (${id}) is agreed on and not watched: it has no ${needed(kind, 'or')}.`,
    alreadySigned: (agreement: string) => `${agreement} is already signed, with this very content.`,
    signedOtherwise: (agreement: string) =>
      `${agreement} is already signed with another content; nothing was changed.\n` +
      'Contacts, consultant, systems, integrations and monitors are changed by `serviceavtal change`;' +
      ' what was promised or priced takes an amendment: the new contract, signed under this same number where\n' +
      'your signing service delivers it, and approved by `serviceavtal amendments approve`.',
    noTerms: (agreement: string, level: string, why: string) =>
      `${agreement} cannot be signed at level "${level}": ${why}`,
    meanwhile: (agreement: string, before: number) =>
      `${agreement} was signed meanwhile with another content; ${counted(before, ['was', 'were'])} signed before it`,
    reading: (path: string) => `Reading ${path}`,
    planning: (count: number, unread: number) =>
      `Planning ${counted(count, agreements)}${unread > 0 ? `, and not ${unread} with problems` : ''}`,
    signing: (count: number) => `Signing ${counted(count, agreements)}`,
    agreements: (count: number) => counted(count, agreements),
    more: (count: number) => `… and ${counted(count, ['more problem', 'more problems'])}; --json shows all`,
    wrong: (count: number) => `Nothing was signed: ${counted(count, ['problem', 'problems'])}.`,
    dryRun: 'Nothing was signed (--dry-run).',
    nothing: 'There is nothing to sign.',
    unreferenced: (found: readonly string[]) =>
      `E-invoices are refused in ${counted(found.length, agreements)}, where there is no reference of the buyer (customer.reference) or the organisation number is wrong: ${someOf(found)}`,
    ask: (count: number) => `Sign ${counted(count, agreements)}?`,
    refused: 'Nothing was signed.',
    signed: (count: number, running: boolean) =>
      `${counted(count, ['agreement was', 'agreements were'])} signed. ` +
      `${formOf(count, ['It starts', 'They start'])} ${running ? 'now' : 'with the next `npm start`'}.`,
  },
} as const;

/** Reads and plans the whole batch, then signs the agreements one by one: called again, it goes on with the rest. */
async function signBatch(
  target: string,
  asOf: Instant,
  takeOverPast: boolean,
  options: SignOptions,
): Promise<void> {
  await withStack(readConfiguration(), (used) => signBatchOn(used, target, asOf, { takeOverPast }, options));
}

/** What is behind the agreements of a batch if they do not say so themselves. */
interface Behind {
  /** Whether to take over those that began in the past. */
  takeOverPast: boolean;
  /** What was told of a single one. */
  takeOver?: TakeOver;
}

async function signBatchOn(
  used: UsedStack,
  target: string,
  asOf: Instant,
  { takeOverPast, takeOver }: Behind,
  options: SignOptions,
): Promise<void> {
  const { db } = used;
  const words = said[spoken()];
  const log = createProgressReporter();
  const { ruleset, inForce } = await rulesToSignBy(db);
  const levels = levelsOf(Object.keys(ruleset.texts));
  const read = await runStep(log, words.reading(target), (step) =>
    readBatch(target, levels, localDateOf(asOf), {
      encoding: options.encoding,
      onProgress: (count) => step.update(words.agreements(count)),
    }),
  );
  const entries = read.entries.map((entry) => ({ ...entry, ...(takeOver && { takeOver }) }));
  const planned = await runStep(log, words.planning(entries.length, unreadOf(read)), (step) =>
    planBatch(db, ruleset, entries, asOf, {
      takeOverPast,
      onProgress: (count) => step.update(words.agreements(count), count / entries.length),
    }),
  );
  const problems = [...read.problems, ...planned.problems].sort(byPlace);
  const fresh = planned.signings.filter(({ state }) => state === 'new');
  const signed = await confirmAndSign(used, { read, planned, problems, fresh, inForce }, options);
  if (options.json) say(asJson(asDocument(planned, problems, signed, options)));
  else if (signed > 0) say(words.signed(signed, used.running));
}

/** How many agreements of a batch were left out for what is wrong with them: files, or rows of a table. */
const unreadOf = ({ problems }: ReadBatch): number =>
  new Set(problems.map(({ file, line }) => (file.endsWith('.json') ? file : line))).size;

function byPlace(a: SignProblem, b: SignProblem): number {
  return a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
}

interface Checked {
  read: ReadBatch;
  planned: PlannedBatch;
  problems: SignProblem[];
  fresh: PlannedSigning[];
  /** Hash of the ruleset that gave the terms, if it is stored. */
  inForce: string | undefined;
}

/** Shows what signing the batch would do, asks, and signs. @returns how many were signed */
async function confirmAndSign(
  { db }: UsedStack,
  { read, planned, problems, fresh, inForce }: Checked,
  { json, dryRun, yes, batch }: SignOptions,
): Promise<number> {
  const language = spoken();
  const words = said[language];
  const readAs = encodingTold(read.encoding);
  if (readAs && !json) say(readAs[language]);
  if (problems.length > 0) {
    process.exitCode = 1;
    if (json) return 0;
    const lines = printProblems(problems, language);
    for (const line of lines.slice(0, maxShown)) tell(line);
    if (lines.length > maxShown) tell(words.more(lines.length - maxShown));
    tell(words.wrong(problems.length));
    return 0;
  }
  if (!json) say(printBatch(planned, language));
  // Of a single file it is told as soon as that is read.
  const unreferenced =
    batch === undefined ? [] : fresh.filter((one) => eInvoiceProblems(one.contract).length > 0);
  if (unreferenced.length > 0) tell(words.unreferenced(unreferenced.map((one) => one.contract.agreement)));
  if (dryRun || fresh.length === 0) {
    if (!json) say(dryRun ? words.dryRun : words.nothing);
    return 0;
  }
  if (!yes && !(await confirmed(words.ask(fresh.length)))) {
    refuse(words.refused);
    return 0;
  }
  return runStep(createProgressReporter(), words.signing(fresh.length), async (step) => {
    for (const [index, { contract, signedTerms, takeOver }] of fresh.entries()) {
      const result = await storeSignedContract(db, contract, {
        signedTerms,
        signedRuleset: inForce,
        takeOver,
      });
      if (result === 'refused') throw new Error(words.meanwhile(contract.agreement, index));
      step.update(contract.agreement, (index + 1) / fresh.length);
    }
    return fresh.length;
  });
}

function asDocument(
  { signings }: PlannedBatch,
  problems: SignProblem[],
  signed: number,
  { dryRun = false }: SignOptions,
): object {
  return {
    dryRun,
    signed,
    agreements: signings.map(({ contract, state, takeOver, hours, signedTerms: _, ...rest }) => ({
      agreement: contract.agreement,
      customer: contract.customer.name,
      state: state === 'new' && signed > 0 ? 'signed' : state,
      takenOver: takeOver !== undefined,
      hours: Object.fromEntries(Object.entries(hours).map(([name, amount]) => [name, amount / 100])),
      ...rest,
    })),
    problems: problems.map(({ message, ...where }) => ({
      ...where,
      message: message.en,
      messageSv: message.sv,
    })),
  };
}
