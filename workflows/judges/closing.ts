/** Judges messages that close an obligation: a step of the start, a phase of the upgrade, a meeting. */
import type { Strand } from '../../rules/engine/plan/plan';
import { shortId } from '../../rules/engine/basics/short-id';
import type { Text } from '../../rules/engine/basics/text';
import { reasons } from '../../templates/ui/reasons';
import type { Fields } from '../messages/fields';
import { closeObligation } from '../year/obligations';
import type { Verdict } from '../year/steps';
import type { Year } from '../year/year';

/** The obligation a message names; without a name the strand's first open one. */
export function named(
  year: Year,
  strand: Strand,
  field: string,
  id: string | undefined,
): { id: string } | { rejected: Text } {
  const all = year.obligations(strand).map((obligation) => obligation.id);
  const found = id ?? year.open(strand)[0]?.id;
  if (found === undefined) return { rejected: reasons.nothingOpen(strand) };
  if (all.includes(found)) return { id: found };
  const ids = all.map(shortId);
  return {
    rejected:
      (field === 'phase' || field === 'step') && ids.length > 0
        ? reasons.oneOfNamed(field, field, ids, shortId(found))
        : reasons.oneOf(field, ids, shortId(found)),
  };
}

/**
 * Judges whether an obligation can be closed as done; closing it twice is harmless.
 *
 * @param more what else an accepted message does; its result joins what is written down
 */
export function judgeClosing(
  year: Year,
  id: string,
  fields: Fields,
  more?: (accept: Parameters<Extract<Verdict, { accept: unknown }>['accept']>[0]) => Record<string, unknown>,
): Verdict {
  const closed = year.state.closed[id];
  if (closed && closed.state !== 'done')
    return { rejected: reasons.closedAs(id, closed.state, closed.at.slice(0, 10), year.phaseNames) };
  if (closed) return { accept: () => ({ obligation: id, repeat: true }) };
  const before = year.obligation(id)?.after;
  if (before !== undefined && !year.isClosed(before))
    return { rejected: reasons.firstClose(before, id, year.phaseNames) };
  return {
    accept: (step) => {
      const note = fields.text('note');
      closeObligation(year, id, {
        state: 'done',
        by: fields.text('by') ?? 'consultant',
        ...(note === undefined ? {} : { note }),
      });
      return { obligation: id, ...more?.(step) };
    },
  };
}
