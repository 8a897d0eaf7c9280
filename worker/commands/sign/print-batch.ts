/** Prints what signing a batch would do, or did. */
import { DateTime } from 'luxon';
import type { Instant } from '../../../rules/engine/contract/contract';
import type { Language } from '../../../rules/engine/basics/text';
import { counted } from '../../../rules/engine/basics/counted';
import { formatHours } from '../../../templates/words/numbers';
import { label } from '../../../templates/words/labels';
import type { PlannedBatch, PlannedSigning } from './plan-batch';
import { daysTold } from './plan-batch';
import { tellOnce } from '../../files/print-problems';
import { columnNamed } from '../../files/read-table';
import type { SignProblem } from './read-takeovers';
import { signableColumns } from './signable-columns';

/** Most next steps and mails listed for one agreement. */
const mostShown = 6;

const words = {
  sv: {
    year: ({ year, from, to }: PlannedSigning) => `avtalsår ${year} (${from} till ${to})`,
    takenOver: ', tas över',
    known: 'redan signerat, med samma innehåll',
    hours: 'timmar',
    balance: (contracted: string, rolledIn: string, used: string, left: string) =>
      `${contracted} avtalade, ${rolledIn} överförda, ${used} använda: ${left} kvar`,
    beyond: (hours: string) => `, ${hours} utöver`,
    told: 'gjort',
    passed: 'passerat',
    next: 'härnäst',
    late: ' (senare än tänkt)',
    missed: 'missat',
    noDayLeft: (ids: string) => `${ids}: avtalsåret har ingen dag kvar; räknas som missat vid dess slut`,
    crowded: 'trångt',
    upgrade: ({ phases, days }: { phases: number; days: number }) =>
      `uppgraderingens ${phases} faser på ${counted(days, ['dag', 'dagar'])}`,
    mails: 'mejl',
    agreement: 'välkomstmejlet',
    digest: 'sammanställningen',
    noMails: `inga de närmaste ${daysTold} dagarna`,
    more: (count: number) => `… och ${count} till`,
    summary: (count: number, takenOver: number, known: number, mails: number) =>
      `${count} att signera, varav ${takenOver} tas över; ${counted(known, ['redan signerat', 'redan signerade'])}. ` +
      `${mails} mejl de närmaste ${daysTold} dagarna om ingen gör något.`,
  },
  en: {
    year: ({ year, from, to }: PlannedSigning) => `agreement year ${year} (${from} to ${to})`,
    takenOver: ', taken over',
    known: 'already signed, with this very content',
    hours: 'hours',
    balance: (contracted: string, rolledIn: string, used: string, left: string) =>
      `${contracted} contracted, ${rolledIn} rolled in, ${used} used: ${left} left`,
    beyond: (hours: string) => `, ${hours} beyond`,
    told: 'done',
    passed: 'passed',
    next: 'next',
    late: ' (later than meant)',
    missed: 'missed',
    noDayLeft: (ids: string) => `${ids}: no day of the agreement year is left; told as missed at its end`,
    crowded: 'crowded',
    upgrade: ({ phases, days }: { phases: number; days: number }) =>
      `the ${phases} phases of the upgrade in ${counted(days, ['day', 'days'])}`,
    mails: 'mails',
    agreement: 'the welcome',
    digest: 'the digest',
    noMails: `none in the next ${daysTold} days`,
    more: (count: number) => `… and ${count} more`,
    summary: (count: number, takenOver: number, known: number, mails: number) =>
      `${count} to sign, ${takenOver} of them taken over; ${known} already signed. ` +
      `${counted(mails, ['mail', 'mails'])} in the next ${daysTold} days if nobody acts.`,
  },
} as const;

/** Problems with their places in the form that editors make clickable; for a table with the column's name, each once. */
export function printProblems(problems: readonly SignProblem[], language: Language): string[] {
  const names = [...signableColumns.values()].map((column) => column.names);
  const told = problems.map(({ file, line, column, message }) => {
    const where =
      column === undefined
        ? ':'
        : typeof column === 'number'
          ? `:${column}`
          : `: ${columnNamed(names, column, language)}:`;
    return { file, line, text: `${where} ${message[language]}` };
  });
  return tellOnce(told, language);
}

/** Every agreement of the batch, and a line that sums it up. */
export function printBatch({ signings }: PlannedBatch, language: Language): string {
  const fresh = signings.filter(({ state }) => state === 'new');
  const takenOver = fresh.filter(({ takeOver }) => takeOver !== undefined).length;
  const mails = fresh.reduce((sum, one) => sum + one.mails.length, 0);
  return [
    ...signings.map((one) => printOne(one, language)),
    words[language].summary(fresh.length, takenOver, signings.length - fresh.length, mails),
  ].join('\n');
}

function printOne(signing: PlannedSigning, language: Language): string {
  const say = words[language];
  const { contract, takeOver, behind, next, noDayLeft, crowded, mails } = signing;
  const title = `${contract.agreement}  ${contract.customer.name}: `;
  if (signing.state === 'already-signed') return `${title}${say.known}\n`;
  const obligation = (id: string): string => label('shortObligation', id, language);
  const how = (which: 'told' | 'passed'): string =>
    behind
      .flatMap((one) => (one.how === which ? [[obligation(one.id), one.on ?? ''].join(' ').trim()] : []))
      .join(', ');
  const rows: [string, string[]][] = [
    [say.hours, [hours(signing, language)]],
    [say.told, [how('told')]],
    [say.passed, [how('passed')]],
    [say.missed, noDayLeft.length > 0 ? [say.noDayLeft(noDayLeft.map(obligation).join(', '))] : []],
    [say.crowded, crowded ? [say.upgrade(crowded)] : []],
    [
      say.next,
      few(language, next, ({ id, on, owner, late }) => {
        return `${on}  ${obligation(id)}: ${label('party', owner, language)}${late ? say.late : ''}`;
      }),
    ],
    [
      say.mails,
      mails.length === 0
        ? [say.noMails]
        : few(language, mails, (mail) => {
            const about =
              mail.obligation === 'agreement'
                ? say.agreement
                : mail.obligation === 'digest'
                  ? say.digest
                  : obligation(mail.obligation);
            return `${local(mail.at)}  ${about} ${language === 'sv' ? 'till' : 'to'} ${label('party', mail.to, language)}`;
          }),
    ],
  ];
  return [
    `${title}${say.year(signing)}${takeOver ? say.takenOver : ''}`,
    ...rows.flatMap(([name, lines]) =>
      lines
        .filter((line) => line !== '')
        .map((line, index) => `  ${(index === 0 ? name : '').padEnd(10)} ${line}`),
    ),
    '',
  ].join('\n');
}

function hours(
  { hours: { contracted, rolledIn, used, remaining, overage } }: PlannedSigning,
  language: Language,
) {
  const say = words[language];
  const [all, rolled, spent, left] = [contracted, rolledIn, used, remaining].map((one) =>
    formatHours(one, language),
  ) as [string, string, string, string];
  return `${say.balance(all, rolled, spent, left)}${overage > 0 ? say.beyond(formatHours(overage, language)) : ''}`;
}

function few<T>(language: Language, all: readonly T[], told: (one: T) => string): string[] {
  const more = all.length - mostShown;
  return [...all.slice(0, mostShown).map(told), ...(more > 0 ? [words[language].more(more)] : [])];
}

const local = (at: Instant): string =>
  DateTime.fromISO(at, { zone: 'Europe/Stockholm' }).toFormat('yyyy-MM-dd HH:mm');
