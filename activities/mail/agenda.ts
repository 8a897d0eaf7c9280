/** Gathers from PostgreSQL what the agenda of a management meeting tells, and writes it as HTML and PDF. */
import { addDays, earlier, later } from '../../rules/engine/calendar/dates';
import { instantAt, localDateOf, previousOpenDay } from '../../rules/engine/calendar/calendar';
import { contactId } from '../../rules/engine/contract/change-contract';
import type { Contract, Instant, LocalDate, Party } from '../../rules/engine/contract/contract';
import type { Language } from '../../rules/engine/basics/text';
import { compare } from '../../rules/engine/basics/compare';
import { entryChanges } from '../../rules/engine/hours/entries';
import { inHundredths } from '../../rules/engine/hours/hour-bank';
import type { Obligation, YearPlan } from '../../rules/engine/plan/plan';
import { closedDaysOf } from '../../rules/engine/terms/support-hours';
import { shortId } from '../../rules/engine/basics/short-id';
import { phaseInPlan, phaseNamesOf } from '../../rules/engine/plan/phase-in-plan';
import { inPhaseOrder } from '../../rules/engine/upgrade/in-phase-order';
import { phaseOfUpgrade, takesSystemDown } from '../../rules/engine/upgrade/phases';
import type { Terms } from '../../rules/engine/ruleset/terms';
import type {
  AgendaAction,
  AgendaData,
  AgendaDate,
  AgendaEntry,
  AgendaHours,
  AgendaImprovement,
  AgendaNote,
  AgendaPhase,
  AgendaUpgraded,
} from '../../templates/agenda/data';
import { agendaDocument } from '../../templates/agenda/document';
import { documentHtml } from '../../templates/documents/html';
import { documentPdf } from '../../templates/documents/pdf';
import { label } from '../../templates/words/labels';
import { findPlan } from '../agreements/plans';
import type { Queryable } from '../db';
import { balanceAt, readHours } from '../hours/facts';
import { hourLines } from '../hours/lines';
import type { HourLine } from '../hours/lines';
import { monitoringSince } from '../monitors/figures';
import { permanent } from '../permanent';
import { supportCasesSince } from '../agreements/support-cases';
import { releaseNews, upgradedSystems } from './release-news';

/** What an agenda is written from, besides what is stored. */
export interface AgendaContext {
  contract: Contract;
  plan: YearPlan;
  terms: Terms;
  /** What happened later is not told. */
  asOf: Instant;
}

export interface AgendaAttachment {
  filename: string;
  content: Buffer | string;
  contentType: string;
}

/**
 * The agenda of a meeting of the plan, as an HTML file and as a PDF.
 * @param obligationId `meeting-2`, or `meeting-extra-1` for one asked for beyond those promised
 * @throws NotFound, for good, if the plan has no such meeting
 */
export async function agendaAttachments(
  db: Queryable,
  context: AgendaContext,
  obligationId: string,
  language: Language,
): Promise<AgendaAttachment[]> {
  const data = await agendaData(db, context, obligationId, language);
  const document = agendaDocument(data, language);
  const name = fileName(obligationId, language);
  return [
    { filename: `${name}.html`, content: documentHtml(document), contentType: 'text/html; charset=utf-8' },
    { filename: `${name}.pdf`, content: await documentPdf(document), contentType: 'application/pdf' },
  ];
}

function fileName(id: string, language: Language): string {
  const [, extra = '', number = id] = /^meeting-(extra-)?(\d+)$/.exec(id) ?? [];
  return language === 'sv' ? `dagordning-${extra}mote-${number}` : `agenda-${extra}meeting-${number}`;
}

/** Everything the agenda of a meeting tells, names looked up. */
export async function agendaData(
  db: Queryable,
  context: AgendaContext,
  obligationId: string,
  language: Language,
): Promise<AgendaData> {
  const { contract, plan, terms, asOf } = context;
  const { agreement } = contract;
  const meeting = plan.obligations.find(({ id, strand }) => id === obligationId && strand === 'meetings');
  if (!meeting)
    throw permanent(
      'NotFound',
      `expected a meeting ${obligationId} in year ${plan.yearNumber} of ${agreement}, found none`,
    );
  const last = await lastMeeting(db, context, obligationId);
  // Before the first meeting everything is told, also what was done between the signing and the first day.
  const from = last?.heldOn ?? earlier(contract.signedOn, contract.startsOn);
  const [booking, entries, year, cases, actions, notes, improvements, owed, upgradedAt, monitoring] =
    await Promise.all([
      bookingOf(db, context, obligationId),
      entriesSince(db, context, from),
      hoursOfYear(db, context),
      supportCasesSince(db, agreement, from, localDateOf(asOf)),
      actionsOf(db, context, from, language),
      notesOf(db, context),
      improvementsOf(db, context, from),
      owedIn(db, context),
      lastUpgrade(db, context),
      monitoringSince(db, agreement, instantAt(from, '00:00'), asOf),
    ]);
  const upgraded = await lastUpgraded(db, context, owed, language);
  const current = inNewVersions(contract, upgraded);
  const brings = await releaseNews(db, current, localDateOf(asOf), language);
  const notedFrom = last === undefined ? from : agendaDay(last.heldOn, terms);
  const noted = (kind: string): AgendaNote[] =>
    notes.filter((note) => note.kind === kind && note.on >= notedFrom).map(({ on, text }) => ({ on, text }));
  const place = meeting.place ?? booking?.place;
  return {
    asOf,
    agreement: { number: agreement, level: contract.level },
    customer: contract.customer.name,
    year: { number: plan.yearNumber, from: plan.from, to: plan.to },
    meeting: {
      id: obligationId,
      at: meeting.dueAt,
      minutes: meeting.minutes ?? booking?.minutes ?? terms.meetings.lengthMinutes,
      ...(place && { place }),
      booked: meeting.booked ?? booking?.booked ?? false,
      participants: invited(contract, terms),
    },
    since: {
      on: last?.heldOn ?? contract.startsOn,
      ...(last && { meeting: last.id }),
      decisions: last?.decisions ?? [],
    },
    topics: terms.meetings.agenda,
    hours: { ...year, usedSince: entries.reduce((sum, { hours }) => sum + hours, 0) },
    entries,
    closed: owed.flatMap(({ id, strand, state, closedOn }) =>
      (strand === 'start' || strand === 'upgrade') &&
      (state === 'done' || state === 'missed') &&
      closedOn !== undefined &&
      closedOn >= from
        ? [{ id, on: closedOn, state }]
        : [],
    ),
    cases: cases.map(({ reference, title, category, state, openedOn, closedOn, hours, resolution }) => ({
      reference,
      title,
      category,
      state,
      openedOn,
      ...(closedOn !== null && { closedOn }),
      ...(hours !== null && { hours }),
      ...(resolution !== null && { resolution }),
    })),
    ...(monitoring && { monitoring }),
    actions,
    training: noted('training'),
    proposals: noted('proposal'),
    remarks: noted('other'),
    improvements,
    upgrade: {
      systems: Object.entries(current.systems).map(([id, { version }]) => ({ id, version })),
      // News stay until the upgrade they are about is done, however many meetings that takes.
      news: notes
        .filter(({ kind, at }) => kind === 'upgrade' && (upgradedAt === undefined || at > upgradedAt))
        .map(({ on, text }) => ({ on, text })),
      releaseNews: brings,
      // The meeting after people were let into a new version tells what that brought.
      ...(upgraded && upgraded.on >= from && { upgraded }),
      phases: phasesOf(context, owed),
    },
    dates: datesAhead(context, obligationId, owed),
  };
}

/** The customer's contacts whom meetings concern, and the consultant who leads them. */
function invited({ contacts }: Contract, { notices }: Terms): string[] {
  const fitting = contacts.customer.filter(({ roles }) =>
    roles.some((role) => notices.recipients.meeting.includes(role)),
  );
  const customer = fitting.length > 0 ? fitting : contacts.customer;
  return [...customer.map(({ name }) => name), `${contacts.consultant.name} (Pector)`];
}

/** The day the agenda of a meeting went out: notes from that day on have been on no agenda. */
function agendaDay(heldOn: LocalDate, { meetings, support }: Terms): LocalDate {
  return previousOpenDay(addDays(heldOn, -meetings.agendaDaysBefore), closedDaysOf(support));
}

interface HeldMeeting {
  id: string;
  heldOn: LocalDate;
  decisions: string[];
}

/** The newest meeting that was held, of this year or an earlier one. Those reported before meetings were kept have no row. */
async function lastMeeting(
  db: Queryable,
  { contract, plan, asOf }: AgendaContext,
  id: string,
): Promise<HeldMeeting | undefined> {
  const [held] = await db.query<HeldMeeting>(
    `select id, "heldOn", decisions from (
       select year, id, held_on as "heldOn", decisions from meetings where agreement = $1 and held_on is not null
       union all
       select year, id, (closed_at at time zone 'Europe/Stockholm')::date, '[]' from obligations
        where agreement = $1 and strand = 'meetings' and state = 'done'
          and not exists (select 1 from meetings m where m.agreement = obligations.agreement and m.year = obligations.year
                             and m.id = obligations.id and m.held_on is not null)) as held
      where not (year = $2 and id = $3) and "heldOn" <= $4 order by "heldOn" desc, year desc, id desc limit 1`,
    [contract.agreement, plan.yearNumber, id, localDateOf(asOf)],
  );
  return held;
}

async function bookingOf(
  db: Queryable,
  { contract, plan }: AgendaContext,
  id: string,
): Promise<{ booked: boolean; minutes: number | null; place: string | null } | undefined> {
  const [row] = await db.query<{ booked: boolean; minutes: number | null; place: string | null }>(
    `select booked_at is not null as booked, minutes, place from meetings where agreement = $1 and year = $2 and id = $3`,
    [contract.agreement, plan.yearNumber, id],
  );
  return row;
}

/** Hours used from a day on, in whatever year they are booked; a correction names the day of what it corrects. */
async function entriesSince(
  db: Queryable,
  { contract, asOf }: AgendaContext,
  from: LocalDate,
): Promise<AgendaEntry[]> {
  const since = instantAt(from, '00:00');
  const { entries } = await readHours(db, contract.agreement, { knownAt: asOf });
  return entryChanges(entries)
    .filter(({ entry }) => entry.recordedAt >= since)
    .map(({ entry, use, on, billable }) => ({
      ...{ on: entry.action === 'use' ? on : localDateOf(entry.recordedAt), hours: inHundredths(billable) },
      ...(use.service !== undefined && { service: use.service }),
      ...(entry.note !== undefined && { note: entry.note }),
      ...(entry.action !== 'use' && { corrects: on }),
    }));
}

/** Where the year's hour bank stands, and how it came there. */
async function hoursOfYear(
  db: Queryable,
  { contract, plan, asOf }: AgendaContext,
): Promise<Omit<AgendaHours, 'usedSince'>> {
  // What was given for the year before it began counts on its first day.
  const facts = await readHours(db, contract.agreement, { knownAt: later(asOf, plan.startsAt) });
  const on = localDateOf(asOf);
  const lines = hourLines(facts, plan.yearNumber, on).sort((a, b) => compare(dayOf(a), dayOf(b)));
  let [used, available] = [0, 0];
  const curve = [{ on: plan.from, used, available }];
  for (const line of lines) {
    if (['rolledOut', 'expired', 'held', 'refunded'].includes(line.kind)) continue;
    const day = dayOf(line);
    if (line.kind === 'used') used += inHundredths(line.seconds);
    else available += inHundredths(line.kind === 'lapsed' ? -line.seconds : line.seconds);
    const point = { on: day < plan.from ? plan.from : day, used, available };
    if (line.kind !== 'used' && point.on === plan.from) curve[0] = { ...point, on: plan.from };
    else curve.push(point);
  }
  return { ...balanceAt(facts, plan.yearNumber, later(asOf, plan.startsAt)), curve };
}

/** The day on which a line counts: that of the work, or that of the change. */
const dayOf = ({ at, change }: HourLine): LocalDate => change?.on ?? localDateOf(at);

/** Open actions, the nearest first, and those done since a day. */
async function actionsOf(
  db: Queryable,
  { contract, asOf }: AgendaContext,
  from: LocalDate,
  language: Language,
): Promise<AgendaAction[]> {
  const rows = await db.query<{
    what: string;
    owner: string;
    dueOn: LocalDate;
    state: 'open' | 'done';
    changedAt: Instant;
  }>(
    `select what, owner, due_on as "dueOn", state, changed_at as "changedAt" from actions
      where agreement = $1 and (state = 'open' or state = 'done' and changed_at between $2 and $3)
      order by state desc, due_on, length(id), id`,
    [contract.agreement, instantAt(from, '00:00'), asOf],
  );
  return rows.map(({ what, owner, dueOn, state, changedAt }) => ({
    what,
    owner: ownerName(contract, owner, language),
    dueOn,
    state,
    ...(state === 'done' && { doneOn: localDateOf(changedAt) }),
  }));
}

/** Name of who owes something; the customer's name where it owes it as a whole. */
function ownerName({ contacts, customer }: Contract, owner: string, language: Language): string {
  if (owner === 'customer') return customer.name;
  if (owner === 'consultant' || owner === 'manager') return contacts[owner].name;
  const known = contacts.customer.find((contact, index) => contactId(contact, index) === owner);
  return known?.name ?? label('party', owner, language);
}

async function notesOf(
  db: Queryable,
  { contract, asOf }: AgendaContext,
): Promise<{ kind: string; text: string; on: LocalDate; at: Instant }[]> {
  const rows = await db.query<{ kind: string; text: string; at: Instant }>(
    `select kind, text, at from notes where agreement = $1 and not withdrawn and at <= $2 order by at, length(id), id`,
    [contract.agreement, asOf],
  );
  return rows.map((note) => ({ ...note, on: localDateOf(note.at) }));
}

/** Improvements that wait for a decision or to be done, and those rejected or done since a day. */
async function improvementsOf(
  db: Queryable,
  { contract, asOf }: AgendaContext,
  from: LocalDate,
): Promise<AgendaImprovement[]> {
  const rows = await db.query<{
    title: string;
    note: string | null;
    hours: number | null;
    state: AgendaImprovement['state'];
    addedAt: Instant;
    changedAt: Instant;
  }>(
    `select title, note, hours, state, added_at as "addedAt", changed_at as "changedAt" from improvements
      where agreement = $1 and added_at <= $3
        and (state in ('proposed', 'accepted') or state in ('done', 'rejected') and changed_at >= $2)
      order by array_position(array['proposed', 'accepted', 'done', 'rejected'], state), added_at, length(id), id`,
    [contract.agreement, instantAt(from, '00:00'), asOf],
  );
  return rows.map(({ title, note, hours, state, addedAt, changedAt }) => ({
    title,
    ...(note !== null && { note }),
    ...(hours !== null && { hours }),
    state,
    addedOn: localDateOf(addedAt),
    changedOn: localDateOf(changedAt),
  }));
}

interface Owed {
  id: string;
  strand: string;
  owner: Party;
  state: 'open' | 'done' | 'missed' | 'cancelled' | 'declined' | 'carried';
  opensAt: Instant;
  dueOn: LocalDate;
  after?: string;
  closedOn?: LocalDate;
}

/** Obligations of this year and of earlier ones, of those only what is closed, with how they ended. */
async function owedIn(
  db: Queryable,
  { contract, plan, asOf }: AgendaContext,
): Promise<(Owed & { year: number })[]> {
  const rows = await db.query<
    Omit<Owed, 'after' | 'closedOn'> & { year: number; after: string | null; closedAt: Instant | null }
  >(
    `select id, year, strand, owner, state, opens_at as "opensAt", due_on as "dueOn", after, closed_at as "closedAt"
       from obligations
      where agreement = $1 and (year = $2 or year < $2 and closed_at is not null) and (closed_at is null or closed_at <= $3)
      order by closed_at, due_on, id`,
    [contract.agreement, plan.yearNumber, asOf],
  );
  return rows.map(({ after, closedAt, ...owed }) => ({
    ...owed,
    ...(after !== null && { after }),
    ...(closedAt !== null && { closedOn: localDateOf(closedAt) }),
  }));
}

/** When an earlier year's upgrade was done. */
async function lastUpgrade(db: Queryable, { contract, plan }: AgendaContext): Promise<Instant | undefined> {
  const [row] = await db.query<{ at: Instant | null }>(
    `select max(closed_at) as at from obligations
      where agreement = $1 and year < $2 and strand = 'upgrade' and state = 'done'`,
    [contract.agreement, plan.yearNumber],
  );
  return row?.at ?? undefined;
}

/** The last upgrade whose new version people were let into. */
async function lastUpgraded(
  db: Queryable,
  { contract, plan }: AgendaContext,
  owed: readonly (Owed & { year: number })[],
  language: Language,
): Promise<AgendaUpgraded | undefined> {
  const closed = owed.filter(({ strand, state }) => strand === 'upgrade' && state === 'done');
  for (const { id, year, closedOn } of closed.reverse()) {
    const stored = year === plan.yearNumber ? plan : (await findPlan(db, contract.agreement, year))?.plan;
    const phase = stored && phaseInPlan(stored, id);
    if (phase && closedOn !== undefined && takesSystemDown(phase.planned))
      return upgradedSystems(db, contract, { ofYear: phase.leftBy ?? year, on: closedOn }, language);
  }
  return undefined;
}

/** The contract has the new versions once the upgrade is approved; people may work in them before. */
function inNewVersions(contract: Contract, upgraded: AgendaUpgraded | undefined): Contract {
  const changed = (upgraded?.systems ?? []).flatMap(({ id, from, to }) => {
    const system = contract.systems[id];
    return system && system.version === from ? [[id, { ...system, version: to }] as const] : [];
  });
  return { ...contract, systems: { ...contract.systems, ...Object.fromEntries(changed) } };
}

/** The upgrades of the year in the order of their phases: first the one that an earlier year left. */
function phasesOf({ plan, asOf }: AgendaContext, owed: readonly (Owed & { year: number })[]): AgendaPhase[] {
  const today = localDateOf(asOf);
  const ofYear = owed.filter(({ year }) => year === plan.yearNumber);
  const phases = inPhaseOrder(ofYear).flatMap((one) =>
    phaseOfUpgrade(one.id) && one.state !== 'cancelled' ? [{ ...one, state: one.state }] : [],
  );
  return phases.map((found): AgendaPhase => {
    const { owner, state, opensAt, closedOn } = found;
    const name = phaseNamesOf(plan)[shortId(found.id)];
    const dueOn = plan.obligations.find(({ id }) => id === found.id)?.dueOn ?? found.dueOn;
    const waits = ofYear.some(({ id, state: other }) => id === found.after && other === 'open');
    const open = dueOn < today ? 'overdue' : waits || opensAt > asOf ? 'planned' : 'running';
    return {
      phase: shortId(found.id),
      ...(name && { name }),
      owner,
      dueOn,
      state: state === 'open' ? open : state,
      ...(closedOn !== undefined && { closedOn }),
    };
  });
}

/** What the plan still holds that concerns the customer, in order of its days. */
function datesAhead(
  { plan, asOf }: AgendaContext,
  meeting: string,
  owed: readonly (Owed & { year: number })[],
): AgendaDate[] {
  const today = localDateOf(asOf);
  const closed = new Set(
    owed.filter(({ year, state }) => year === plan.yearNumber && state !== 'open').map(({ id }) => id),
  );
  return plan.obligations
    .filter((each) => each.id !== meeting && each.dueOn >= today && !closed.has(each.id) && concerns(each))
    .sort((a, b) => (a.dueAt < b.dueAt ? -1 : a.dueAt > b.dueAt ? 1 : 0))
    .map(({ id, strand, dueOn, dueAt }) => ({
      id,
      on: dueOn,
      ...(strand === 'meetings' && { at: dueAt }),
    }));
}

function concerns({ id, strand }: Obligation): boolean {
  const ours = ['start', 'meetings', 'upgrade'];
  return ours.includes(strand) || id === 'hours/lapse' || id === 'renewal/notice';
}
