/** What `serviceavtal hours import` shows: what becomes of each row, on which hours, and what is wrong. */
import type {
  ImportFault,
  ImportedAgreement,
  ImportedRow,
  ImportedTime,
  RowFate,
} from '../../../activities/hours/import';
import { counted, formOf } from '../../../rules/engine/basics/counted';
import { grouped } from '../../../rules/engine/basics/grouped';
import { sum } from '../../../rules/engine/basics/sum';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import type { Language, Text } from '../../../rules/engine/basics/text';
import { secondsOfHundredth } from '../../../rules/engine/hours/hour-bank';
import type { RowFault } from '../../../rules/engine/imports/read-rows';
import { label } from '../../../templates/words/labels';
import { formatTime } from '../../../templates/words/numbers';
import { inWords, spoken } from '../../basics/spoken';
import { tellOnce } from '../../files/print-problems';
import type { ReadTime } from '../../files/read-time-rows';
import { encodingTold } from '../../files/read-table';
import { say, tell } from '../terminal';
import { grantInWords, kindInWords } from './print-hours';
import { refusalInWords, unplanned } from './refusals';

export interface ShownImport {
  file: string;
  profile: string;
  read: ReadTime;
  outcome: ImportedTime;
}

/** Most rows of an agreement, and of those that are not ours, that are shown on the terminal; `--json` has all. */
const mostRows = 20;
const mostFaults = 50;

export const words = {
  sv: {
    rows: ['rad', 'rader'],
    booked: ['bokförd', 'bokförda'],
    corrected: ['rättad', 'rättade'],
    faults: ['fel', 'fel'],
    columns: ['rad', 'dag', 'tid', 'av', 'slag', ''],
    with: 'med profilen',
    fates: {
      booked: 'bokförs',
      corrected: 'rättar',
      rebooked: 'bokförs om',
      unchanged: 'oförändrade',
      nothing: 'utan tid',
      leftAlone: 'lämnas',
    },
    notOurs: 'inte våra',
    faulty: 'felaktiga',
    from: 'ur',
    beyond: 'utöver timbanken',
    more: (count: number) => `… och ${count} till; --json visar alla`,
    left: 'Lämnas, eftersom det som bokfördes är återtaget för hand: rad',
    year: 'år',
    remaining: 'kvar',
    corrects: (entry: number) => `rättar post ${entry}`,
    anew: 'bokförs om',
    statement: (years: string) => `kunden får ett rättat slutbesked för år ${years}`,
  },
  en: {
    rows: ['row', 'rows'],
    booked: ['booked', 'booked'],
    corrected: ['corrected', 'corrected'],
    faults: ['fault', 'faults'],
    columns: ['row', 'day', 'time', 'by', 'kind', ''],
    with: 'by the profile',
    fates: {
      booked: 'booked',
      corrected: 'correcting',
      rebooked: 'booked anew',
      unchanged: 'unchanged',
      nothing: 'without time',
      leftAlone: 'left alone',
    },
    notOurs: 'not ours',
    faulty: 'faulty',
    from: 'from',
    beyond: 'beyond the hour bank',
    more: (count: number) => `… and ${count} more; --json shows all`,
    left: 'Left alone, since what was booked was taken back by hand: row',
    year: 'year',
    remaining: 'left',
    corrects: (entry: number) => `corrects entry ${entry}`,
    anew: 'booked anew',
    statement: (years: string) => `the customer gets a corrected final statement of year ${years}`,
  },
} as const;

const fates: Exclude<RowFate, 'refused'>[] = [
  'booked',
  'corrected',
  'rebooked',
  'unchanged',
  'nothing',
  'leftAlone',
];

const ofFate = ({ rows }: ImportedTime, fate: RowFate): ImportedRow[] =>
  rows.filter((row) => row.fate === fate);

/** All that is wrong with rows, by line. */
export function faultsOf({ read, outcome }: ShownImport): RowFault[] {
  const refused = outcome.faults.map(({ line, agreement, why }) => ({
    line,
    message: whyNot(agreement, why),
  }));
  return [...read.faults, ...refused].sort((a, b) => a.line - b.line);
}

function whyNot(agreement: string, why: ImportFault['why']): Text {
  if ('unsigned' in why)
    return expectedFound(
      { sv: 'ett undertecknat avtal i profilen', en: 'a signed agreement in the profile' },
      agreement,
    );
  if ('unplanned' in why) return unplanned(agreement);
  if ('tooMuch' in why) {
    const { on, seconds, elsewhere = 0 } = why.tooMuch;
    const others = formatTime(elsewhere);
    return expectedFound(
      {
        sv: `högst ett dygn för en person på ${agreement} den ${on}`,
        en: `at most a day of one person on ${agreement} on ${on}`,
      },
      joined(
        formatTime(seconds),
        elsewhere > 0
          ? { sv: `, varav ${others} på andra avtal`, en: `, ${others} of it on other agreements` }
          : '',
      ),
    );
  }
  if ('nothingToTake' in why) {
    const time = formatTime(why.nothingToTake.seconds);
    return {
      sv: `förväntade en post på ${agreement} av samma person, dag och slag att ta ${time} ur, hittade ingen med så mycket kvar`,
      en: `expected an entry of ${agreement} of the same person, day and kind to take ${time} from, found none with so much left`,
    };
  }
  return refusalInWords(agreement, why);
}

/** Shows what becomes of the rows; faults go to standard error. */
export function printImport(shown: ShownImport): void {
  const { file, profile, read, outcome } = shown;
  const language = spoken();
  const word = words[language];
  say(`${file} ${word.with} ${profile}: ${counted(read.count, word.rows)}`);
  for (const line of summaryLines(shown)) say(line);
  const readAs = encodingTold(read.encoding);
  if (readAs) say(readAs[language]);
  for (const one of outcome.agreements) for (const line of agreementLines(one, outcome, language)) say(line);
  if (read.notOurs.length > 0) {
    say(`\n${capital(word.notOurs)}: ${counted(read.notOurs.length, word.rows)}`);
    const lines = read.notOurs.map(({ line, text }) => `  ${line}: ${text}`);
    for (const line of folded(lines, language)) say(line);
  }
  const left = ofFate(outcome, 'leftAlone').map(({ line }) => line);
  if (left.length > 0) say(`\n${word.left} ${left.join(', ')}`);
  if (outcome.missing.length > 0) say(`\n${inWords(missingInWords(outcome))}`);
  if (outcome.otherProfiles.length > 0) tell(inWords(twiceInWords(outcome)));
  const faults = tellOnce(
    faultsOf(shown).map(({ line, column, message }) => ({
      ...{ file, line },
      text: `: ${column === undefined ? '' : `${read.headings.get(column) ?? column}: `}${message[language]}`,
    })),
    language,
  );
  for (const line of faults.slice(0, mostFaults)) tell(line);
  if (faults.length > mostFaults) tell(word.more(faults.length - mostFaults));
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const folded = (lines: string[], language: Language): string[] =>
  lines.length > mostRows
    ? [...lines.slice(0, mostRows), `  ${words[language].more(lines.length - mostRows)}`]
    : lines;

function summaryLines(shown: ShownImport): string[] {
  const { read, outcome } = shown;
  const word = words[spoken()];
  const isFaulty = new Set(faultsOf(shown).map(({ line }) => line));
  const lines = fates.map((fate): [string, number, string] => {
    const rows = ofFate(outcome, fate);
    const time = fate === 'booked' ? formatTime(sum(rows.map(({ seconds }) => seconds))) : '';
    return [word.fates[fate], rows.length, time];
  });
  lines.push([word.notOurs, read.notOurs.length, ''], [word.faulty, isFaulty.size, '']);
  const there = lines.filter(([, count]) => count > 0);
  const wide = Math.max(...there.map(([name]) => name.length));
  const long = Math.max(...there.map(([, count]) => String(count).length));
  return there.map(([name, count, time]) =>
    `  ${name.padEnd(wide)}  ${String(count).padStart(long)}  ${time}`.trimEnd(),
  );
}

const isChange = ({ fate }: ImportedRow): boolean => ['booked', 'corrected', 'rebooked'].includes(fate);

function agreementLines(about: ImportedAgreement, outcome: ImportedTime, language: Language): string[] {
  const word = words[language];
  const { agreement, years, grants, corrected } = about;
  const rows = outcome.rows.filter((row) => row.agreement === agreement && isChange(row));
  const time = (hundredths: number): string => formatTime(hundredths * secondsOfHundredth);
  const beyond = (hundredths: number): string =>
    hundredths > 0 ? ` (${time(hundredths)} ${word.beyond})` : '';
  const balances = years.map(
    ({ year, before, after }) =>
      `  ${word.year} ${year}: ${word.remaining} ${time(before.remaining)}${beyond(before.overage)} → ${time(after.remaining)}${beyond(after.overage)}`,
  );
  const names = new Map(grants.map(({ id, kind }) => [id, kindInWords(kind, language)]));
  // An entry that several rows change draws once.
  const entries = new Map(rows.map(({ entry, draws = [] }) => [entry, draws]));
  const drawn = grouped([...entries.values()].flat(), ({ grant }) => grant);
  const legend = grants
    .filter(({ id }) => drawn.has(id))
    .map((grant) => {
      const seconds = sum((drawn.get(grant.id) ?? []).map((draw) => draw.seconds));
      return `  ${formatTime(seconds)} ${word.from} ${grantInWords(grant, language)}`;
    });
  const cells = rows.map((row) => [
    String(row.line),
    row.on,
    formatTime(row.seconds),
    row.person,
    row.kind === undefined ? '' : label('hourKind', row.kind, language),
    fateInWords(row, names, language),
  ]);
  const statement = corrected.length > 0 ? [`  ${word.statement(corrected.join(', '))}`] : [];
  const heading = `\n${agreement}: ${counted(rows.length, word.rows)}`;
  const table = aligned([[...word.columns], ...cells]);
  return [
    heading,
    ...balances,
    ...statement,
    ...legend,
    `  ${table[0]}`,
    ...folded(
      table.slice(1).map((line) => `  ${line}`),
      language,
    ),
  ];
}

/** What a row does to which entry, and on which hours it draws. */
function fateInWords(
  { fate, entry = 0, draws = [] }: ImportedRow,
  names: ReadonlyMap<string, string>,
  language: Language,
): string {
  const word = words[language];
  const drawn = draws.map(
    ({ grant, seconds }) =>
      `${formatTime(seconds)} ${grant === undefined ? word.beyond : (names.get(grant) ?? grant)}`,
  );
  const what = fate === 'corrected' ? [word.corrects(entry)] : fate === 'rebooked' ? [word.anew] : [];
  return [...what, drawn.join(' + ')].filter((each) => each !== '').join(': ');
}

/** Cells of rows under each other; those of numbers, the first and the third, to the right. */
function aligned(rows: readonly string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, at) =>
        at === 0 || at === 2 ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** Most rows that are missing and named one by one. */
const mostMissing = 10;

function missingInWords({ missing }: ImportedTime): Text {
  const rows = missing
    .slice(0, mostMissing)
    .map(({ agreement, entry, on, seconds }) => `\n  ${agreement}/${entry}  ${on}  ${formatTime(seconds)}`)
    .join('');
  const more = missing.length > mostMissing ? `\n  … +${missing.length - mostMissing}` : '';
  const [is, it] = [formOf(missing.length, ['is', 'are']), formOf(missing.length, ['It is', 'They are'])];
  return {
    sv: `${counted(missing.length, words.sv.rows)} som importerats för samma dagar finns inte i filen längre. Inget tas tillbaka: gör det med stepUndone och radens nummer (entry) där det behövs.${rows}${more}`,
    en: `${counted(missing.length, words.en.rows)} imported for the same days ${is} not in the file any more. ${it} not taken back: do so by stepUndone with the entry's number where it is needed.${rows}${more}`,
  };
}

const twiceInWords = ({ otherProfiles }: ImportedTime): Text => ({
  sv: `varning: samma fil har importerats med profilen ${otherProfiles.join(', ')}; det som båda läser bokförs två gånger`,
  en: `warning: the same file was imported by the profile ${otherProfiles.join(', ')}; what both read is booked twice`,
});

/** Why nothing was booked. */
export function noneBooked(shown: ShownImport, dryRun: boolean): string {
  const faults = faultsOf(shown).length;
  if (faults > 0)
    return inWords({
      sv: `\nInget bokfördes: ${counted(faults, words.sv.faults)}.`,
      en: `\nNothing was booked: ${counted(faults, words.en.faults)}.`,
    });
  return shown.outcome.agreements.length > 0 && dryRun
    ? inWords({ sv: '\nInget bokfördes (--dry-run).', en: '\nNothing was booked (--dry-run).' })
    : inWords({ sv: '\nInget att bokföra.', en: '\nNothing to book.' });
}

export function doneInWords(outcome: ImportedTime): string {
  const count = (...of: RowFate[]): number => sum(of.map((fate) => ofFate(outcome, fate).length));
  const [booked, corrected] = [count('booked', 'rebooked'), count('corrected')];
  const agreements = outcome.agreements.map(({ agreement }) => agreement).join(', ');
  return inWords({
    sv: `\nBokfört på ${agreements}: ${counted(booked, words.sv.rows)} ${formOf(booked, words.sv.booked)}, ${corrected} ${formOf(corrected, words.sv.corrected)}.`,
    en: `\nBooked on ${agreements}: ${counted(booked, words.en.rows)} booked, ${corrected} corrected.`,
  });
}

/** The whole of it for programs; times are whole seconds, balances hundredths of an hour. */
export function asDocument(shown: ShownImport): object {
  const { file, profile, read, outcome } = shown;
  const problems = faultsOf(shown).map(({ line, column, message }) => ({
    line,
    ...(column !== undefined && { column: read.headings.get(column) ?? column }),
    message: message.en,
    messageSv: message.sv,
  }));
  const counts = Object.fromEntries(fates.map((fate) => [fate, ofFate(outcome, fate).length]));
  return {
    ...{ done: outcome.done, file, profile, encoding: read.encoding },
    counts: {
      ...{ rows: read.count, ...counts, notOurs: read.notOurs.length, missing: outcome.missing.length },
      problems: problems.length,
    },
    ...{ agreements: outcome.agreements, rows: outcome.rows, notOurs: read.notOurs },
    ...{ missing: outcome.missing, otherProfiles: outcome.otherProfiles, problems },
  };
}
