/** How an upgrade stands, in the words that the agreement's page, the portfolio and its command share. */
import { daysBetween } from '../../rules/engine/calendar/dates';
import { counted } from '../../rules/engine/basics/counted';
import { grouped } from '../../rules/engine/basics/grouped';
import type { Language, Text } from '../../rules/engine/basics/text';
import type { LocalDate, Party } from '../../rules/engine/contract/contract';
import type { UpgradeRisk, UpgradeStanding } from '../../rules/engine/upgrade/portfolio';
import { label } from '../words/labels';

/** That whoever hosts the servers has not said yes to the upgrade. */
export const hostSilent: Record<Language, (host: string) => string> = {
  sv: (host) => `${host}, som är värd, har inte sagt ja till uppgraderingen`,
  en: (host) => `${host}, the host, has not said yes to the upgrade`,
};

const words = {
  sv: {
    standing: {
      coming: 'kommande',
      running: 'pågår',
      overdue: 'försenad',
      failed: 'underkänd del',
      postponed: 'uppskjuten',
      declined: 'avböjd av kunden',
      noRelease: 'ingen nyare version',
      approved: 'godkänd',
      ended: 'avslutad utan kundens godkännande',
      missed: 'blev inte av',
    } satisfies Record<UpgradeStanding, string>,
    days: (days: number) =>
      days < 0 ? `om ${counted(-days, ['dag', 'dagar'])}` : counted(days, ['dag', 'dagar']),
    waits: (who: string, dueOn: string) => `väntar på ${who}, senast ${dueOn}`,
    lost: (time: string) => `återställd: det som gjorts sedan ${time} är förlorat`,
    risk: {
      failed: (since: string) => `underkänt sedan ${since}`,
      overdue: (since: string, days: number) =>
        `skulle ha varit klar ${since}, för ${counted(days, ['dag', 'dagar'])} sedan`,
      accepted: (since: string, _days: number, by: string) => `godtaget som det är av ${by} ${since}`,
      withdrawn: (since: string) => `versionen är indragen sedan ${since}`,
      noConsent: (_since: string, _days: number, by: string) => hostSilent.sv(by),
      noApprover: () => label('attention', 'no-approver', 'sv'),
      partnerSilent: (since: string) => `inget besked från partnern sedan ${since}`,
      restored: (since: string) => `systemet återställt: det som gjorts sedan ${since} är förlorat`,
    } satisfies Record<UpgradeRisk['kind'], (since: string, days: number, by: string) => string>,
  },
  en: {
    standing: {
      coming: 'to come',
      running: 'under way',
      overdue: 'overdue',
      failed: 'a part failed',
      postponed: 'postponed',
      declined: 'declined by the customer',
      noRelease: 'no newer version',
      approved: 'approved',
      ended: "ended without the customer's approval",
      missed: 'not carried out',
    } satisfies Record<UpgradeStanding, string>,
    days: (days: number) =>
      days < 0 ? `in ${counted(-days, ['day', 'days'])}` : counted(days, ['day', 'days']),
    waits: (who: string, dueOn: string) => `waits for ${who}, due ${dueOn}`,
    lost: (time: string) => `restored: what was done since ${time} is lost`,
    risk: {
      failed: (since: string) => `failed since ${since}`,
      overdue: (since: string, days: number) => `was due ${since}, ${counted(days, ['day', 'days'])} ago`,
      accepted: (since: string, _days: number, by: string) => `accepted as it is by ${by} on ${since}`,
      withdrawn: (since: string) => `the release is withdrawn since ${since}`,
      noConsent: (_since: string, _days: number, by: string) => hostSilent.en(by),
      noApprover: () => label('attention', 'no-approver', 'en'),
      partnerSilent: (since: string) => `nothing heard from the partner since ${since}`,
      restored: (since: string) => `the system restored: what was done since ${since} is lost`,
    } satisfies Record<UpgradeRisk['kind'], (since: string, days: number, by: string) => string>,
  },
} as const;

/** How it stands, in a word or two. */
export const standingWord = (standing: UpgradeStanding, language: Language): string =>
  words[language].standing[standing];

/** The phase that is on, and how many days it has been, or in how many it begins: `förkontroll, 2 dagar`. */
export function phaseAndDays(
  phase: string | Text,
  since: LocalDate,
  today: LocalDate,
  language: Language,
): string {
  return `${label('phase', phase, language)}, ${words[language].days(daysBetween(since, today))}`;
}

/** Who has to act, and by when. */
export const waitsFor = (who: Party, dueOn: LocalDate, language: Language): string =>
  words[language].waits(label('party', who, language), dueOn);

/** That the system was restored. @param time since when what was done is lost, as people there say it */
export const lostLine = (time: string, language: Language): string => words[language].lost(time);

/**
 * What endangers it and since when, line by line; parts that somebody accepted on one day for one reason are one decision, and one line.
 * @param day how a date is written
 */
export function riskLines(
  risks: readonly UpgradeRisk[],
  today: LocalDate,
  language: Language,
  day: (on: LocalDate) => string = (on) => on,
): string[] {
  const decisions = grouped(risks, (risk) =>
    risk.kind === 'accepted' ? JSON.stringify([risk.since, risk.by, risk.reason]) : risk,
  );
  return [...decisions.values()].map((same) => {
    const { kind, since, time, by = '', reason } = same[0]!;
    const when = time === undefined ? day(since) : `${day(since)} ${time}`;
    const said = words[language].risk[kind](when, daysBetween(since, today), by);
    const called = same.flatMap(({ part }) => (part ? [partCalled(part, language)] : [])).join(', ');
    return [`${said}${called === '' ? '' : `: ${called}`}`, ...(reason === undefined ? [] : [reason])].join(
      ', ',
    );
  });
}

const partCalled = ({ id, name }: NonNullable<UpgradeRisk['part']>, language: Language): string =>
  name[language] === id ? id : `${name[language]} (${id})`;
