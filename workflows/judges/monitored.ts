/** What checks of the monitoring say of an integration, and asking them again. */
import type { Text } from '../../rules/engine/basics/text';
import { monitorsIn } from '../../rules/engine/upgrade/monitored';
import type { Part } from '../../rules/engine/upgrade/parts';
import { reasons, toLookAt } from '../../templates/ui/reasons';
import { unmonitored } from '../../templates/ui/unmonitored';
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import type { Fields } from '../messages/fields';
import {
  askMonitors,
  askedSince,
  isUnseen,
  leaveToPeople,
  monitorsAnswered,
  monitorsOf,
} from '../year/monitored';
import type { Verdict } from '../year/steps';
import type { Passing } from '../year/tell';
import type { RunningPhase } from '../year/upgrades';
import type { Year } from '../year/year';

/** Asks the checks of an integration again: it is as was last said until they answer. */
export function judgeAsking(year: Year, running: RunningPhase | undefined, part: Part): Verdict {
  const before = year.obligation(running?.id ?? '')?.after;
  if (running && before !== undefined && !year.isClosed(before))
    return { rejected: reasons.firstClose(before, running.id, year.phaseNames) };
  if (!running || monitorsOf(year, part.id).length === 0)
    return { rejected: upgradeReasons.noMonitor(part.id, Object.keys(year.plan.upgrade?.monitors ?? {})) };
  if (isUnseen(year, running)) return { rejected: unmonitored.onCopy };
  return {
    accept: () => {
      askMonitors(year, part);
      return { integration: part.id, asked: monitorsOf(year, part.id).join(', ') };
    },
  };
}

/**
 * Takes what the checks of an integration say. What was asked before the last time, or before a person said how it is, counts for
 * nothing; without `ok` it is left to people.
 * @param judge judges it as it does what people say
 */
export function judgeAnswered(
  year: Year,
  fields: Fields,
  { running, part }: { running: RunningPhase | undefined; part: Part | undefined },
  judge: () => Verdict,
): Verdict {
  const asked = running && part && askedSince(year, running, part);
  if (!part || asked === undefined || asked !== fields.text('asked'))
    return { accept: () => ({ ...fields.optional({ integration: 'integration' }), repeat: true }) };
  const verdict = fields.flag('ok') === undefined ? undefined : judge();
  // A version that cannot be read, or a phase before that is open again: a person looks at it.
  const why = verdict && 'rejected' in verdict ? verdict.rejected[year.input.language] : undefined;
  return {
    accept: (step) => {
      monitorsAnswered(year, part.key);
      if (verdict && 'accept' in verdict) return verdict.accept(step);
      const reason = why ?? fields.text('note') ?? toLookAt.noReason[year.input.language];
      leaveToPeople(year, part.id, reason);
      return { integration: part.id, reason };
    },
  };
}

/**
 * Why somebody cannot say that an integration works: its checks have failed it, and no reason is given.
 * @param by who says it; the partner who answers for it, and the checks themselves, need none
 */
export function needsReason(
  year: Year,
  { id, key }: Part,
  by: string | undefined,
  why?: string,
): Text | undefined {
  const before = year.state.checks[key];
  if (before?.ok !== false || !monitorsIn(before.by) || why !== undefined) return undefined;
  return by === 'partner' || monitorsIn(by)
    ? undefined
    : upgradeReasons.monitorFailed(id, before.note ?? '-');
}

/** The message that has the checks of an integration made again. */
export const askingAgain = ({ id }: Part): Passing => ({
  name: 'integrationChecked',
  fields: { integration: id, byMonitor: true },
});
