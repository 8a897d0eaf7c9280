/** Reads the story of an agreement year from PostgreSQL: every mail, signal, decision, hour entry and phase. */
import { counted } from '../../rules/engine/basics/counted';
import { DateTime } from 'luxon';
import { readTransactions } from '../../activities/hours/postings';
import type { Account } from '../../rules/engine/hours/postings';
import type { Db } from '../../activities/db';
import type { Decision } from '../../activities/agreements/decisions';
import { findPlan } from '../../activities/agreements/plans';
import { readYearRows } from '../../activities/years/year-story';
import type { EntryChange } from '../../rules/engine/hours/entries';
import type { YearRows } from '../../activities/years/year-story';
import { inWords, spoken } from '../basics/spoken';
import { mailStateName } from '../../templates/words/mail-states';
import { formatHours } from '../../templates/words/numbers';
import { inHundredths } from '../../rules/engine/hours/hour-bank';
import type { HourClose } from '../../rules/engine/hours/hour-bank';

export type TimelineKind = 'signal' | 'phase' | 'hours' | 'decision' | 'mail';

export interface TimelineEntry {
  /** Local time in Sweden to the minute, with the UTC offset. */
  at: string;
  kind: TimelineKind;
  id: string;
  detail: string;
}

export interface MailEntry {
  at: string;
  template: string;
  to: string;
  subject: string;
  messageId: string;
}

export interface YearStory {
  year: number;
  from: string;
  to: string;
  outcome: string;
  /** In hours, at most two decimals. */
  hours: Record<'contracted' | 'rolledIn' | 'used' | 'overage' | 'rolledOut' | 'expired', number> & {
    added?: number;
  };
  /** What the ledger's accounts gained in the year, in whole seconds and in minor units without VAT; below zero what they gave. */
  accounts: Partial<Record<Account, { seconds: number; minor: number }>>;
  timeline: TimelineEntry[];
  mails: MailEntry[];
}

/** Order of events in the same minute: causes before effects. */
const order: TimelineKind[] = ['signal', 'phase', 'hours', 'decision', 'mail'];

interface Row {
  at: string;
  kind: TimelineKind;
  id: string;
  detail: string;
}

const minute = (instant: string): string =>
  DateTime.fromISO(instant, { zone: 'Europe/Stockholm' })
    .startOf('minute')
    .toISO({ suppressSeconds: true, suppressMilliseconds: true }) ?? instant;

/** An event in one line: the fields that tell a reader something. */
function eventDetail(kind: string, ref: string, detail: Record<string, unknown>): string {
  if (ref === 'year-closed') return String(detail.outcome);
  if (kind === 'rejected') return `${inWords({ sv: 'avvisad', en: 'rejected' })}: ${String(detail.reason)}`;
  const { input: _, ...shown } = detail;
  return Object.entries(shown)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}

function rowsOf({ events, mails, hours, decisions }: YearRows): Row[] {
  return [
    ...events.map(({ at, kind, ref, detail }): Row => {
      const fromPeople = kind === 'signal' || kind === 'rejected';
      return { at, kind: fromPeople ? 'signal' : 'phase', id: ref, detail: eventDetail(kind, ref, detail) };
    }),
    ...mails.map(({ at, obligation, step, state, to, subject }): Row => ({
      at,
      kind: 'mail',
      id: `${obligation}/${step}`,
      detail: `${to}: ${subject}${state === 'sent' ? '' : ` (${mailStateName(state, spoken())})`}`,
    })),
    ...hours.map(({ at, kind, seconds, change, reason }): Row => ({
      at,
      kind: 'hours',
      id: kind,
      detail: [
        `${formatHours(inHundredths(seconds), spoken())} h`,
        ...(change ? changeDetail(change) : [reason]),
      ]
        .filter(Boolean)
        .join(', '),
    })),
    ...decisions.map(({ at, id, hash, rules, result }): Row => ({
      at,
      kind: 'decision',
      id,
      detail:
        id === 'rollover'
          ? rolloverDetail(result as unknown as HourClose)
          : `${String(result.reason)}; ${inWords(rulesOf(rules, hash.slice(0, 8)))}${changesDetail(result)}`,
    })),
  ];
}

const rulesOf = (rules: number, hash: string) => ({
  sv: `${counted(rules, ['regel', 'regler'])} i regelverket ${hash}`,
  en: `${counted(rules, ['rule', 'rules'])} of ruleset ${hash}`,
});

function changeDetail({ entry, use, reported, billable }: EntryChange): (string | undefined)[] {
  const said = `${inWords({ sv: 'rapporterat', en: 'reported' })} ${formatHours(inHundredths(reported), spoken())} h`;
  return [reported === billable ? '' : said, use.service, entry.note];
}

/** The values that a re-plan changed, each with the rule that changed it. */
function changesDetail({ changes }: Record<string, unknown>): string {
  const all = (changes ?? []) as Decision['result']['changes'] & object;
  const told = all.map(
    ({ path, from, to, file, line }) =>
      `${path} ${JSON.stringify(from)} → ${JSON.stringify(to)}${file === undefined ? '' : ` (${file}:${line ?? ''})`}`,
  );
  return told.length === 0 ? '' : `: ${told.join(', ')}`;
}

const rolloverDetail = (close: HourClose): string =>
  inWords({
    sv: `${formatHours(close.rolledOut, 'sv')} h förs över, ${formatHours(close.expired, 'sv')} h upphör`,
    en: `${formatHours(close.rolledOut, 'en')} h roll over, ${formatHours(close.expired, 'en')} h expire`,
  });

const before = (a: TimelineEntry, b: TimelineEntry): number =>
  Date.parse(a.at) - Date.parse(b.at) ||
  order.indexOf(a.kind) - order.indexOf(b.kind) ||
  (a.id < b.id ? -1 : a.id > b.id ? 1 : a.detail < b.detail ? -1 : 1);

const nothing: HourClose & { lapsed: number } = {
  ...{ contracted: 0, rolledIn: 0, lapsed: 0, used: 0, remaining: 0, overage: 0, rolledOut: 0, expired: 0 },
};

/** What is posted about a year, by account. */
async function accountsOf(db: Db, agreement: string, year: number): Promise<YearStory['accounts']> {
  const accounts: YearStory['accounts'] = {};
  for (const { period, postings } of await readTransactions(db, agreement))
    for (const { account, seconds, minor } of period === year ? postings : []) {
      const sum = accounts[account] ?? { seconds: 0, minor: 0 };
      accounts[account] = { seconds: sum.seconds + seconds, minor: sum.minor + minor };
    }
  return accounts;
}

/** Reads the whole story of one year. */
export async function yearStory(db: Db, agreement: string, year: number): Promise<YearStory> {
  const stored = await findPlan(db, agreement, year);
  if (!stored) throw new Error(`expected a plan of year ${year} of ${agreement}, found none`);
  const found = await readYearRows(db, agreement, year);
  const timeline = rowsOf(found)
    .map((row) => ({ ...row, at: minute(row.at) }))
    .sort(before);
  const { close = nothing } = found;
  const { contracted, rolledIn, added, used, overage, lapsed, rolledOut, expired } = close;
  // Hours that lapsed within the year count both as rolled in and as expired.
  const hours = {
    contracted,
    rolledIn: rolledIn + lapsed,
    ...(added !== undefined && { added }),
    used,
    overage,
    rolledOut,
    expired: expired + lapsed,
  };
  return {
    year,
    from: stored.plan.from,
    to: stored.plan.to,
    outcome: found.outcome ?? 'running',
    hours: Object.fromEntries(
      Object.entries(hours).map(([name, amount]) => [name, amount / 100]),
    ) as YearStory['hours'],
    accounts: await accountsOf(db, agreement, year),
    timeline,
    mails: found.mails.map(({ at, template, to, subject, messageId }) => ({
      ...{ at: minute(at), template, to, subject, messageId },
    })),
  };
}
