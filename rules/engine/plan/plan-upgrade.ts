import { addOpenDays, localDateOf } from '../calendar/calendar';
import { addMonths, later } from '../calendar/dates';
import type { LocalDate } from '../contract/contract';
import { addressed, escalationNotices, reminderNotices } from './notice-steps';
import { makeObligation } from './make-obligation';
import type { NoticeDraft } from './place-notices';
import type { Obligation, TemplateId } from './plan';
import { closedOf } from './plan-context';
import type { PlanContext } from './plan-context';
import { chooseDate } from './choose-date';
import { shortenToFit } from './shorten-to-fit';
import { phaseOrder } from '../ruleset/phases';
import type { UpgradePhaseId } from '../ruleset/phases';
import type { UpgradePhaseTerms, UpgradeTerms } from '../ruleset/terms';
import { daysToUse } from '../terms/working-days';

type Phase = UpgradePhaseTerms & { id: UpgradePhaseId };

/**
 * The annual upgrade ("årligen sker en uppgradering"), phase after phase in working days outside those to avoid.
 * It begins in the first month of its window, or earlier if it would otherwise not end within the window and the year.
 * Phases that follow one closed late are moved; the others keep their days.
 */
export function planUpgrade(context: PlanContext): Obligation[] {
  const phases = phasesOf(context.terms.upgrade);
  const firstDay = context.previous?.takenOver?.upgradeFrom ?? context.firstDay;
  const left = context.openDays.filter((day) => day >= firstDay);
  const days = daysToUse(left, context.avoided.upgrade, phases.length);
  const lengths = phases.map((phase) => lengthOf(context, phase));
  const minimums = phases.map(({ minimumOpenDays }) => minimumOpenDays ?? 1);
  const begin = beginOf(context, days, lengths);
  let { late } = begin;
  let next = begin.index;
  let after: string | undefined;
  return phases.flatMap((phase, index) => {
    const id = `upgrade/${phase.id}`;
    const waitsFor = after === undefined ? {} : { after };
    after = id;
    const closed = closedOf(context, id);
    if (closed !== undefined) {
      const closedOn = localDateOf(closed.closedAt);
      late ||= closed.was.late || closedOn > closed.was.dueOn;
      next = firstAfter(days, later(closedOn, closed.was.dueOn));
      return [];
    }
    const length = shortenToFit(lengths.slice(index), minimums.slice(index), days.length - next)[0] ?? 1;
    const opensOn = days[next] ?? context.lastDay;
    const wanted = days[next + length - 1] ?? context.lastDay;
    const settled = chooseDate(context, id, wanted, late || next >= days.length, context.avoided.upgrade);
    late = settled.late;
    next = firstAfter(days, settled.dueOn);
    const opens = settled.dueOn === wanted ? opensOn : settled.dueOn;
    const notices = phaseNotices(context, phase, opens, settled.dueOn);
    return [
      makeObligation(context, {
        id,
        strand: 'upgrade',
        owner: phase.owner,
        ...waitsFor,
        ...settled,
        opensOn: opens,
        notices,
      }),
    ];
  });
}

/** The phases the terms ask for, in the order of the agreement text. */
function phasesOf({ phases }: UpgradeTerms): Phase[] {
  return phaseOrder.flatMap((id) => {
    const phase = phases[id];
    return phase === undefined ? [] : [{ ...phase, id }];
  });
}

/**
 * Where the first phase begins: in its month, or earlier so that the upgrade ends within the window, if the rest of the
 * year has room for that, and within the year. Not before the year was planned; if it should have begun when the
 * agreement was taken over, then on that day.
 */
function beginOf(
  context: PlanContext,
  days: readonly LocalDate[],
  lengths: number[],
): { index: number; late: boolean } {
  const { contract, yearNumber, terms, firstDay, previous } = context;
  if (previous?.takenOver?.upgradeFrom !== undefined) return { index: 0, late: true };
  const { fromMonth, toMonth } = terms.upgrade.window;
  const month = addMonths(contract.startsOn, 12 * (yearNumber - 1) + fromMonth - 1);
  const afterWindow = addMonths(contract.startsOn, 12 * (yearNumber - 1) + toMonth);
  const inMonth = days.findIndex((day) => day >= month);
  const inWindow = days.filter((day) => day < afterWindow).length;
  const total = lengths.reduce((sum, length) => sum + length, 0);
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

/** A phase's mails. The owner is told when it opens; of the customer's test the consultant too, who leads it. */
function phaseNotices(
  context: PlanContext,
  phase: Phase,
  opensOn: LocalDate,
  dueOn: LocalDate,
): NoticeDraft[] {
  const { upgrade, notices } = context.terms;
  const { upgrade: upgradeRoles, test: testRoles } = notices.recipients;
  const template: TemplateId = `upgrade-${phase.id}`;
  const roles = phase.id === 'test' ? testRoles : upgradeRoles;
  const owner = addressed(phase.owner, roles);
  const start: NoticeDraft = { step: 'start', on: opensOn, kind: 'ask', template, ...owner };
  const lead: NoticeDraft = {
    step: 'start-consultant',
    on: opensOn,
    kind: 'ask',
    template,
    to: 'consultant',
  };
  return [
    start,
    ...(phase.id === 'test' && phase.owner === 'customer' ? [lead] : []),
    ...reminderNotices(
      upgrade.reminders.map(({ openDaysBefore }) => ({
        day: addOpenDays(dueOn, -openDaysBefore, context.closed),
        to: phase.owner,
      })),
      'step-reminder',
      phase.owner,
      roles,
    ),
    ...escalationNotices(context, upgrade.escalation, dueOn, roles),
  ];
}
