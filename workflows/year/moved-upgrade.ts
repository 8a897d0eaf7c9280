/** Carries what was said of an upgrade's parts over to the phases that it moves to. */
import type { StoredPlan } from '../../rules/engine/plan/plan';
import { phaseInPlan } from '../../rules/engine/plan/phase-in-plan';
import type { Part } from '../../rules/engine/upgrade/parts';
import { clear, raise } from './journal';
import { clearSettled } from './obligations';
import { writePart } from './projection';
import { alarmOf, subjectOf } from './upgrades';
import type { Year } from './year';
import type { CheckState } from './year-state';

interface PartInPlan {
  obligation: string;
  part: Part;
}

const partsIn = (plan: StoredPlan): PartInPlan[] =>
  plan.obligations
    .filter(({ strand }) => strand === 'upgrade')
    .flatMap(({ id }) => (phaseInPlan(plan, id)?.parts ?? []).map((part) => ({ obligation: id, part })));

/** Whether it is the same thing that is reported: a check by its words, which may have another number. */
const isSame = (one: PartInPlan, other: PartInPlan): boolean =>
  one.part.kind === 'check'
    ? one.obligation === other.obligation &&
      JSON.stringify(one.part.words) === JSON.stringify(other.part.words)
    : one.part.key === other.part.key;

/**
 * Takes a plan with other phases. Results of parts that there still are stay, also where a check has another number; the
 * others are taken back, with their alarms. What was done before cannot be undone any more: it may name what is gone.
 */
export function takeMovedPlan(year: Year, plan: StoredPlan): void {
  const { checks } = year.state;
  const after = partsIn(plan);
  const moved: { one: PartInPlan; to: PartInPlan | undefined; result: CheckState }[] = [];
  for (const one of partsIn(year.plan)) {
    const result = checks[one.part.key];
    const to = after.find((other) => isSame(one, other));
    if (result && to?.part.key !== one.part.key) moved.push({ one, to, result });
  }
  for (const { one } of moved) {
    delete checks[one.part.key];
    writePart(year, one.part.key);
  }
  const gone = year
    .obligations('upgrade')
    .filter(({ id }) => !plan.obligations.some((other) => other.id === id));
  year.state.plan = plan;
  for (const { one, to, result } of moved) {
    const code = alarmOf(one.part.kind);
    const alarm = year.state.attention.find(
      (item) => item.code === code && item.subject === subjectOf(one.obligation, one.part),
    );
    if (alarm) clear(year, code, alarm.subject);
    if (!to) continue;
    checks[to.part.key] = result;
    writePart(year, to.part.key);
    if (alarm) raise(year, code, subjectOf(to.obligation, to.part), alarm.detail);
  }
  for (const { id } of gone) clearSettled(year, id);
  year.state.steps = [];
}
