import { addOpenDays, localDateOf, previousOpenDay } from '../calendar/calendar';
import { addDays, addMonths, earlier, later } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import { addressed, escalationNotices, reminderNotices } from './notice-steps';
import { makeObligation } from './make-obligation';
import type { NoticeDraft } from './place-notices';
import type { Obligation, PlannedWindow, TemplateId } from './plan';
import { closedOf, previousOf } from './plan-context';
import type { PlanContext } from './plan-context';
import { chooseDate } from './choose-date';
import { shortenToFit } from './shorten-to-fit';
import { othersOf } from '../upgrade/freeze';
import type { Phase, PlannedPhase } from '../upgrade/phases';
import {
  followsAtOnce,
  plannedPhase,
  precheckOf,
  riskStep,
  sessionStep,
  takesSystemDown,
} from '../upgrade/phases';
import { carriedUsableFrom, carriedWaits } from './carried-targets';
import { isBegun, usableFrom, windowLeft, withdrawnOf } from './targets';
import { asRestored, carriedBy, phasesToPlan, remainderOf } from './upgrade-to-plan';
import type { ToPlan } from './upgrade-to-plan';
import { customerManagement } from '../ruleset/phases';
import type { EscalationStep, UpgradeEscalationStep } from '../ruleset/terms';
import { daysToUse } from '../terms/working-days';

/**
 * The annual upgrade ("årligen sker en uppgradering"), phase after phase in working days outside those to avoid, after
 * the one that an earlier year left unfinished. It begins in the first month of its window, or earlier if it would
 * otherwise not end within the window and the year. Phases that follow one closed late are moved. Once the system is
 * upgraded, those that follow one closed early come at once; the others keep their days.
 */
export function planUpgrade(given: PlanContext): Obligation[] {
  const context = asRestored(given);
  const carried = carriedBy(context);
  const phases = phasesToPlan(context);
  const left = carried ? planPhases(context, remainderOf(context, carried)) : [];
  const own = planPhases(context, { upgrade: 'upgrade', phases, after: left.at(-1)?.id });
  return [...left, ...own];
}

/** Whether the release that it was to go to is withdrawn, nothing of it is done, and no other release is there. */
function waitsForRelease(context: PlanContext, upgrade: string): boolean {
  if (upgrade === 'upgrade') return !isBegun(context) && withdrawnOf(context) !== undefined;
  const carried = carriedBy(context);
  return carried !== undefined && carriedWaits(context, carried);
}

/** The day before which it cannot begin: its release may be used later. */
function awaitedFor(context: PlanContext, upgrade: string): LocalDate | undefined {
  if (upgrade === 'upgrade') return usableFrom(context);
  const carried = carriedBy(context);
  return carried && carriedUsableFrom(context, carried);
}

/** The first open day on which an upgrade may be worked on, where that is not the year's first. */
function earliestOf(context: PlanContext, upgrade: string): LocalDate | undefined {
  const { previous, progress, firstDay } = context;
  const from = progress?.upgrades?.[upgrade]?.from;
  if (upgrade === 'upgrade') return from ?? previous?.takenOver?.upgradeFrom;
  const carried = from ?? carriedBy(context)?.from;
  return carried === undefined ? undefined : later(carried, firstDay);
}

/** Plans the phases of an upgrade one after the other. */
function planPhases(
  context: PlanContext,
  { upgrade, phases, asked: known = [], after }: ToPlan,
): Obligation[] {
  const earliest = earliestOf(context, upgrade);
  const awaited = awaitedFor(context, upgrade) ?? '';
  if (later(earliest ?? '', awaited) > context.lastDay || waitsForRelease(context, upgrade))
    return phases.flatMap((phase, index) => postponed(context, upgrade, phase, phases[index - 1]) ?? []);
  const firstDay = later(earliest ?? context.firstDay, awaited);
  const left = context.openDays.filter((day) => day >= firstDay);
  const days = daysToUse(left, context.avoided.upgrade, phases.length);
  const lengths = phases.map((phase) => lengthOf(context, phase));
  const minimums = phases.map(({ minimumOpenDays }) => minimumOpenDays ?? 1);
  const begin =
    earliest !== undefined || upgrade !== 'upgrade'
      ? { index: 0, late: true }
      : beginOf(context, days, totalOf(phases, lengths));
  const window = windowOf(context, upgrade);
  const agreed = agreedIn(context, upgrade, days, window);
  const technical = phases.findIndex((phase) => takesSystemDown(plannedPhase(phase)));
  let { late } = begin;
  /** Where a phase begins so that the system can be taken down on the agreed day, also one that comes before the planned. */
  const toAgreed = (place: number, index: number): number =>
    agreed === undefined || index > technical
      ? place
      : inTime(place, agreed, lengths.slice(index, technical));
  let next = toAgreed(begin.index, 0);
  let before = after;
  let waitsForNextYear = false;
  let isAtOnce = false;
  const planned = phases.map(plannedPhase);
  const precheck = precheckOf(planned)?.id;
  return phases.flatMap((phase, index) => {
    const id = `${upgrade}/${phase.id}`;
    const waitsFor = before === undefined ? {} : { after: before };
    before = id;
    const closed = closedOf(context, id);
    if (closed !== undefined) {
      const closedOn = localDateOf(closed.closedAt);
      late ||= closed.was.late || closedOn > closed.was.dueOn;
      isAtOnce = closedOn < closed.was.dueOn && followsAtOnce(planned, index);
      const place = firstAfter(days, isAtOnce ? closedOn : later(closedOn, closed.was.dueOn));
      next = Math.max(toAgreed(place, index + 1), firstAfter(days, closedOn));
      return [];
    }
    const monthEnd = lastOfMonth(days[next] ?? context.lastDay);
    waitsForNextYear ||= phase.opens === 'monthEnd' && monthEnd >= context.lastDay;
    if (waitsForNextYear) return postponed(context, upgrade, phase, phases[index - 1]) ?? [];
    if (phase.opens === 'monthEnd') next = firstAfter(days, monthEnd);
    if (isAtOnce) next = Math.max(next, notBefore(context, id, days));
    isAtOnce = false;
    const isInTime = agreed !== undefined && index === technical && next <= agreed;
    if (agreed !== undefined && index === technical) next = Math.max(next, agreed);
    const length = shortenToFit(lengths.slice(index), minimums.slice(index), days.length - next)[0] ?? 1;
    const opensOn = days[next] ?? context.lastDay;
    // What has to be done before the agreed day is due before it, if there is a day for that.
    const isBefore = agreed !== undefined && index < technical;
    const place = isBefore ? Math.min(next + length - 1, Math.max(next, agreed - 1)) : next + length - 1;
    const wanted = days[place] ?? context.lastDay;
    const settled = chooseDate(context, id, wanted, late || next >= days.length, context.avoided.upgrade);
    late = settled.late;
    next = firstAfter(days, settled.dueOn);
    const isOnDay = settled.dueOn === wanted;
    const opens = isOnDay ? opensOn : settled.dueOn;
    // A window may be on a day when nobody works: it is asked for on the working day before.
    const opensAt = isInTime && isOnDay ? window?.from : undefined;
    const asked = opensAt === undefined ? opens : previousOpenDay(localDateOf(opensAt), context.closed);
    const all = phaseNotices(context, { phase, isPrecheck: precheck === phase.id }, asked, settled.dueOn);
    const notices = known.includes(phase.id) ? all.filter(({ kind }) => kind !== 'ask') : all;
    return [
      makeObligation(context, {
        id,
        strand: 'upgrade',
        owner: phase.owner,
        ...waitsFor,
        ...settled,
        opensOn: opens,
        ...(opensAt !== undefined && { opensAt }),
        notices,
      }),
    ];
  });
}

/**
 * The first of some days from which a phase that comes earlier than it was planned can be asked for: today's, or the one
 * on which it was asked for before.
 */
function notBefore(context: PlanContext, id: string, days: readonly LocalDate[]): number {
  const asked = previousOf(context, id)?.opensAt;
  const from = asked === undefined ? context.earliestDay : earlier(context.earliestDay, localDateOf(asked));
  const index = days.findIndex((day) => day >= from);
  return index < 0 ? days.length : index;
}

/** The window that its campaign gives the year's own upgrade, unless the customer agreed to another day. */
function windowOf(context: PlanContext, upgrade: string): PlannedWindow | undefined {
  const { progress } = context;
  const window = windowLeft(context);
  if (upgrade !== 'upgrade' || window === undefined) return undefined;
  const agreed = progress?.upgrades?.[upgrade]?.agreed;
  return agreed === undefined || agreed === localDateOf(window.from) ? window : undefined;
}

/** Where the first phase begins so that those of `lengths` are done before a day. @param begin where it would begin else */
const inTime = (begin: number, day: number, lengths: readonly number[]): number =>
  Math.max(0, Math.min(begin, day - lengths.reduce((sum, length) => sum + length, 0)));

/**
 * The place among some days of the day that the customer agreed to, or that the campaign proposes, if it is one of them
 * or comes before one.
 */
function agreedIn(
  { progress }: PlanContext,
  upgrade: string,
  days: readonly LocalDate[],
  window: PlannedWindow | undefined,
): number | undefined {
  const day = progress?.upgrades?.[upgrade]?.agreed ?? (window && localDateOf(window.from));
  const index = day === undefined ? -1 : days.findIndex((one) => one >= day);
  return index < 0 ? undefined : index;
}

/** A phase that waits for a day of a later year: nobody is asked for it in this one. */
function postponed(
  context: PlanContext,
  upgrade: string,
  phase: Phase,
  before: Phase | undefined,
): Obligation | undefined {
  const id = `${upgrade}/${phase.id}`;
  if (closedOf(context, id)) return undefined;
  return makeObligation(context, {
    id,
    strand: 'upgrade',
    owner: phase.owner,
    ...(before && { after: `${upgrade}/${before.id}` }),
    // Not before the next year: until then it is nobody's turn, and nothing pauses for it.
    opensOn: context.to,
    dueOn: context.lastDay,
    late: false,
    settled: { noDayLeft: true, nextYear: true },
    notices: [],
  });
}

const lastOfMonth = (day: LocalDate): LocalDate => addDays(addMonths(`${day.slice(0, 7)}-01`, 1), -1);

/** Open days from the beginning to the last phase that does not wait for a month's end. */
function totalOf(phases: readonly Phase[], lengths: readonly number[]): number {
  const waits = phases.findIndex(({ opens }) => opens === 'monthEnd');
  return lengths.slice(0, waits < 0 ? lengths.length : waits).reduce((sum, length) => sum + length, 0);
}

/**
 * Where the first phase begins: in its month, or earlier so that the upgrade ends within the window, if the rest of the
 * year has room for that, and within the year. Not before the year was planned.
 * @param total open days that it takes
 */
function beginOf(
  context: PlanContext,
  days: readonly LocalDate[],
  total: number,
): { index: number; late: boolean } {
  const { contract, yearNumber, terms, firstDay } = context;
  const { fromMonth, toMonth } = terms.upgrade.window;
  const month = addMonths(contract.startsOn, 12 * (yearNumber - 1) + fromMonth - 1);
  const afterWindow = addMonths(contract.startsOn, 12 * (yearNumber - 1) + toMonth);
  const inMonth = days.findIndex((day) => day >= month);
  const inWindow = days.filter((day) => day < afterWindow).length;
  const latest = Math.max(0, inWindow - total);
  const fromItsMonth = context.openDays.filter((day) => day >= month);
  const wouldHaveBegun = daysToUse(fromItsMonth, context.avoided.upgrade, 1)[0];
  const late = wouldHaveBegun !== undefined && wouldHaveBegun < firstDay;
  return { index: inMonth < 0 ? latest : Math.min(inMonth, latest), late };
}

function lengthOf({ contract }: PlanContext, phase: Phase): number {
  return phase.openDays + (phase.openDaysPerIntegration ?? 0) * contract.integrations.length;
}

function firstAfter(days: readonly LocalDate[], date: LocalDate): number {
  const index = days.findIndex((day) => day > date);
  return index < 0 ? days.length : index;
}

/** The mail that asks for a phase, by what the phase owes. */
const templateOf: Record<PlannedPhase['kind'], TemplateId> = {
  plan: 'upgrade-plan',
  checks: 'upgrade-phase',
  technical: 'upgrade-technical',
  integrations: 'upgrade-integrations',
  test: 'upgrade-test',
  approval: 'upgrade-approval',
  production: 'upgrade-phase',
};

/** A phase's mails. The owner is told when it opens; of the customer's test the consultant too, who leads it. */
function phaseNotices(
  context: PlanContext,
  { phase, isPrecheck }: { phase: Phase; isPrecheck: boolean },
  opensOn: LocalDate,
  dueOn: LocalDate,
): NoticeDraft[] {
  const { upgrade, notices } = context.terms;
  const { upgrade: upgradeRoles, test: testRoles } = notices.recipients;
  const { kind } = plannedPhase(phase);
  const template = isPrecheck ? 'upgrade-precheck' : templateOf[kind];
  const roles = kind === 'test' ? testRoles : upgradeRoles;
  const owner = addressed(phase.owner, roles);
  const start: NoticeDraft = { step: 'start', on: opensOn, kind: 'ask', template, ...owner };
  const lead: NoticeDraft = {
    step: 'start-consultant',
    on: opensOn,
    kind: 'ask',
    template,
    to: 'consultant',
  };
  const { reminders = upgrade.reminders, escalation = upgrade.escalation } = phase;
  return [
    start,
    ...(kind === 'test' && phase.owner === 'customer' ? [lead] : []),
    ...reminderNotices(
      reminders.map(({ openDaysBefore }) => ({
        day: addOpenDays(dueOn, -openDaysBefore, context.closed),
        to: phase.owner,
      })),
      'step-reminder',
      phase.owner,
      roles,
    ),
    ...(kind === 'test' && phase.owner === 'customer'
      ? [askForSession(reminderDay(context, reminders, dueOn))]
      : []),
    ...(kind === 'integrations' && othersOf(context.contract.integrations).length > 0
      ? [askForRisk(context, reminders, dueOn)]
      : []),
    ...escalationNotices(context, escalation.filter(isToParty), dueOn, roles),
    ...(phase.owner === 'customer' ? managementNotices(context, escalation, dueOn) : []),
  ];
}

const isToParty = (step: UpgradeEscalationStep): step is EscalationStep => step.to !== customerManagement;

/**
 * The mails to the customer's management that a phase of the customer's own is overdue, and that we wait. Our own delay is none of
 * theirs to mend.
 */
function managementNotices(
  { closed }: PlanContext,
  escalation: readonly UpgradeEscalationStep[],
  dueOn: LocalDate,
): NoticeDraft[] {
  return escalation
    .filter((step) => !isToParty(step))
    .map(({ openDaysAfter }, index) => ({
      step: `escalate-management${index === 0 ? '' : `-${index + 1}`}`,
      on: addOpenDays(dueOn, openDaysAfter, closed),
      kind: 'overdue',
      template: 'customer-escalation',
      to: 'customer',
      roles: ['management'],
    }));
}

/**
 * The question to the customer who takes the risk of integrations that we do not answer for and hear nothing of: when the
 * owner of the phase is reminded for the first time, or on its last day. The running year asks only where one is not reported.
 */
function askForRisk(
  context: PlanContext,
  reminders: Phase['reminders'] & object,
  dueOn: LocalDate,
): NoticeDraft {
  return {
    step: riskStep,
    on: reminderDay(context, reminders, dueOn),
    kind: 'remind',
    template: 'upgrade-risk',
    to: 'customer',
    roles: [...new Set([...context.terms.notices.recipients.upgrade, 'management' as const])],
  };
}

/** The reminder to the consultant who leads the customer's test. The running year sends it only where no session is booked. */
const askForSession = (on: LocalDate): NoticeDraft => ({
  ...{ step: sessionStep, on, kind: 'chase', template: 'step-reminder', to: 'consultant' },
});

/** The day on which the owner of a phase is reminded for the first time; its last one where the terms remind of nothing. */
function reminderDay(
  { closed }: PlanContext,
  reminders: Phase['reminders'] & object,
  dueOn: LocalDate,
): LocalDate {
  const before = reminders[0]?.openDaysBefore ?? 0;
  return before > 0 ? addOpenDays(dueOn, -before, closed) : dueOn;
}
