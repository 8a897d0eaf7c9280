/** An agreement as its customer sees it: the year's dates, hours, upgrade, services, actions and what is kept to read. */
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { contactId } from '../../rules/engine/contract/change-contract';
import type { Contract, CustomerContact, Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { StoredPlan } from '../../rules/engine/plan/plan';
import type { Terms } from '../../rules/engine/ruleset/terms';
import type { AgreementRow } from '../agreements/agreements';
import { findAgreement } from '../agreements/agreements';
import { findPlan, newestPlan } from '../agreements/plans';
import type { Queryable } from '../db';
import type { MonitorRow } from '../monitors/overview';
import { monitorsOf } from '../monitors/overview';
import type { PageHours } from './agreement-hours';
import { pageHours } from './agreement-hours';
import type { PageAction, PageDate } from './agreement-dates';
import { datesOf, openActions } from './agreement-dates';
import type { PageRequest } from './agreement-requests';
import { requestsOf } from './agreement-requests';
import type { AskedEvent } from './answers';
import { lastAsked } from './answers';
import type { KeptToRead, Minutes } from './kept-to-read';
import { findMinutes, keptToRead } from './kept-to-read';
import type { PageLink } from './links';
import { newestLink } from './links';
import { findLivingLink } from './living-link';
import type { StatementPage } from './statement';
import { readStatementPage } from './statement';
import type { Worksheet } from './worksheet';
import { readWorksheet } from './worksheet';

type FollowedPage = Pick<PageLink, 'agreement' | 'contact' | 'language'> & { id: number | null };

export interface AgreementPage {
  plan: StoredPlan;
  terms: Terms;
  now: Instant;
  today: LocalDate;
  dates: PageDate[];
  hours: PageHours;
  /** Upgrades of the year: first one that an earlier year left. */
  upgrades: Worksheet[];
  monitors: MonitorRow[];
  /** Open ones, in the order in which they are due. */
  actions: PageAction[];
  kept: KeptToRead;
  requests: PageRequest[];
  /** The reader's own feed, where they have one. */
  calendar?: PageLink;
  /** The pages of phases that wait for the customer, by the phase's obligation, as far as the reader has them by mail. */
  openAt: Readonly<Record<string, PageLink>>;
  last?: AskedEvent;
  /** Of what is kept, what was asked to be read. */
  statement?: StatementPage;
  minutes?: Minutes;
  people: Readonly<Record<string, string>>;
}

/**
 * @param asked of what is kept, what is to be read: a statement's id, or a meeting with its year
 * @returns undefined where there is no such agreement, nothing is planned yet, or what was asked for is not kept
 */
export async function readAgreementPage(
  db: Queryable,
  link: FollowedPage,
  now: Instant,
  asked: { statement?: string | undefined; meeting?: string | undefined } = {},
): Promise<AgreementPage | undefined> {
  const { agreement } = link;
  const known = await findAgreement(db, agreement);
  const stored = known && (await planOf(db, known));
  if (!known || !stored) return undefined;
  const { plan, terms } = stored;
  const year = plan.yearNumber;
  const read = await askedFor(db, agreement, asked);
  if (!read) return undefined;
  const today = localDateOf(now);
  const calendar = await calendarOf(db, link, known.contract, now);
  const upgrades = await upgradesOf(db, agreement, plan);
  const last = link.id === null ? undefined : await lastAsked(db, link.id);
  return {
    ...{ plan, terms, now, today },
    dates: await datesOf(db, plan),
    hours: await pageHours(db, known.contract, plan, today),
    upgrades,
    openAt: await openAt(db, link, upgrades, known.contract, now),
    monitors: await monitorsOf(db, { agreement, now }),
    actions: await openActions(db, agreement),
    kept: await keptToRead(db, agreement, { year, language: link.language }),
    requests: await requestsOf(db, agreement, now),
    people: namesOf(known.contract),
    ...(calendar && { calendar }),
    ...(last && { last }),
    ...read,
  };
}

/** The year that runs or, before the first one does, the one that is planned. */
const planOf = async (
  db: Queryable,
  { number, yearNumber }: AgreementRow,
): Promise<{ plan: StoredPlan; terms: Terms } | undefined> =>
  (yearNumber === null ? undefined : await findPlan(db, number, yearNumber)) ?? newestPlan(db, number);

/** What the calendar feed of an agreement tells. @returns undefined where nothing is planned */
export async function readFeed(
  db: Queryable,
  agreement: string,
): Promise<Pick<AgreementPage, 'plan' | 'terms' | 'dates'> | undefined> {
  const known = await findAgreement(db, agreement);
  const stored = known && (await planOf(db, known));
  return stored && { ...stored, dates: await datesOf(db, stored.plan) };
}

/** @returns undefined where what was asked for is not kept */
async function askedFor(
  db: Queryable,
  agreement: string,
  { statement, meeting }: { statement?: string | undefined; meeting?: string | undefined },
): Promise<Pick<AgreementPage, 'statement' | 'minutes'> | undefined> {
  if (statement !== undefined) {
    const found = /^\d{1,15}$/.test(statement)
      ? await readStatementPage(db, agreement, Number(statement))
      : undefined;
    return found && { statement: found };
  }
  if (meeting === undefined) return {};
  const found = await findMinutes(db, agreement, meeting);
  return found && { minutes: found };
}

async function upgradesOf(db: Queryable, agreement: string, plan: StoredPlan): Promise<Worksheet[]> {
  const years = [...(plan.upgrade?.carried ? [plan.upgrade.carried.year] : []), plan.yearNumber];
  const all: Worksheet[] = [];
  for (const ofYear of years) {
    const found = await readWorksheet(db, agreement, { ofYear, link: null });
    if (found) all.push(found);
  }
  return all;
}

/** Where the phases that are on are tested or approved. */
async function openAt(
  db: Queryable,
  { agreement, contact }: FollowedPage,
  upgrades: readonly Worksheet[],
  contract: Contract,
  now: Instant,
): Promise<Record<string, PageLink>> {
  const recipient = holderIn(contract, contact)?.email ?? '';
  const found: Record<string, PageLink> = {};
  for (const { on, ofYear } of upgrades) {
    const purpose = on?.planned.kind;
    if (!on || (purpose !== 'test' && purpose !== 'approval')) continue;
    const subject = `upgrade/${ofYear}`;
    const link = await newestLink(db, { agreement, contact, recipient, purpose, subject }, now);
    if (link) found[on.id] = link;
  }
  return found;
}

const holderIn = ({ contacts }: Contract, contact: string): CustomerContact | undefined =>
  contacts.customer.find((one, index) => contactId(one, index) === contact);

async function calendarOf(
  db: Queryable,
  { agreement, contact, language }: FollowedPage,
  contract: Contract,
  now: Instant,
): Promise<PageLink | undefined> {
  const holder = holderIn(contract, contact);
  if (!holder) return undefined;
  const one = { agreement, contact, recipient: holder.email, language };
  return findLivingLink(db, { ...one, purpose: 'calendar' }, now);
}

/** Names by the ids of people. */
function namesOf({ contacts: { customer, consultant, manager, support } }: Contract): Record<string, string> {
  return Object.fromEntries([
    ...Object.entries({ consultant, manager, support }).map(([id, { name }]) => [id, name] as const),
    ...(consultant.id === undefined ? [] : [[consultant.id, consultant.name] as const]),
    ...customer.map((one, index) => [contactId(one, index), one.name] as const),
  ]);
}
