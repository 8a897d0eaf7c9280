/** Messages about the next agenda: notes, and improvements, which stay on it until they are decided. */
import { centihoursOrNaN, mostHours } from '../../rules/engine/hours/hour-bank';
import type { Text } from '../../rules/engine/basics/text';
import { kinds, reasons } from '../../templates/ui/reasons';
import type { Fields } from '../messages/fields';
import { clean, longestText } from '../messages/fields';
import { noteKinds } from '../messages/note-kinds';
import { record } from '../year/journal';
import type { Verdict } from '../year/steps';
import type { Year } from '../year/year';
import type { ImprovementState } from '../year/year-state';

/** Most open improvements (proposed or accepted): what a run hands on has a size limit. */
const mostImprovements = 30;
/** Where titles were cut before; what a run decided of two that differ only beyond stays decided. */
const longestBefore = 100;

export function judgeNote(year: Year, fields: Fields): Verdict {
  const given = fields.text('kind') ?? 'other';
  const kind = noteKinds.find((one) => one === given);
  const text = fields.text('text');
  if (!kind) return { rejected: reasons.oneOf('kind', noteKinds, given) };
  if (text === undefined) return { rejected: reasons.missing('text', kinds.text) };
  return {
    accept: (step) => {
      const by = fields.text('by') ?? 'consultant';
      const note = { id: `${year.number}-${step.number}`, kind, text, by, withdrawn: false };
      step.note = note;
      record(year, { kind: 'row', ref: 'note', detail: {}, note });
      return { kind, text };
    },
  };
}

export function judgeImprovement(year: Year, fields: Fields, asks = (): boolean => true): Verdict {
  const title = fields.text('title');
  if (title === undefined) return { rejected: reasons.missing('title', kinds.text) };
  if (fields.lengthOf('title') > longestText && asks())
    return { rejected: reasons.longest('title', longestText, fields.lengthOf('title')) };
  const given = fields.number('hours');
  if (given !== undefined && !(given > 0 && given <= mostHours))
    return { rejected: reasons.above('hours', mostHours, String(given)) };
  const hours = given === undefined ? undefined : centihoursOrNaN(given);
  if (hours !== undefined && Number.isNaN(hours))
    return { rejected: reasons.decimals('hours', String(given)) };
  const { improvements, counters } = year.state;
  const open = Object.values(improvements).filter(
    ({ state }) => state === 'proposed' || state === 'accepted',
  );
  const isSame = (one: string): boolean =>
    one === title || (clean(one, longestBefore) === clean(title, longestBefore) && !asks());
  const known = Object.entries(improvements).find(([, one]) => one.state === 'proposed' && isSame(one.title));
  if (known) return { accept: () => ({ improvement: known[0], repeat: true }) };
  if (open.length >= mostImprovements)
    return {
      rejected: reasons.tooMany({ sv: 'öppna förbättringar', en: 'open improvements' }, mostImprovements),
    };
  return {
    accept: (step) => {
      counters.improvement += 1;
      const id = String(counters.improvement);
      const note = fields.text('note');
      improvements[id] = {
        title,
        ...(hours === undefined ? {} : { hours }),
        state: 'proposed',
      };
      if (note !== undefined) step.texts = { note };
      return { improvement: id, title };
    },
  };
}

export function judgeDecision(year: Year, fields: Fields): Verdict {
  const decision = fields.text('decision');
  const state = decision === 'yes' ? 'accepted' : decision === 'no' ? 'rejected' : undefined;
  if (state === undefined) return { rejected: reasons.oneOf('decision', ['yes', 'no'], decision ?? '-') };
  return judgeChange(year, fields, 'proposed', state);
}

export const judgeImproved = (year: Year, fields: Fields): Verdict =>
  judgeChange(year, fields, 'accepted', 'done');

const noneToChange = {
  proposed: { sv: 'ingen förbättring väntar på beslut', en: 'no improvement waits for a decision' },
  accepted: {
    sv: 'ingen beslutad förbättring är kvar att göra',
    en: 'no improvement that was accepted is left to do',
  },
} satisfies Partial<Record<ImprovementState['state'], Text>>;

function judgeChange(
  year: Year,
  fields: Fields,
  from: keyof typeof noneToChange,
  to: ImprovementState['state'],
): Verdict {
  const { improvements } = year.state;
  const open = Object.entries(improvements).flatMap(([id, { state }]) => (state === from ? [id] : []));
  const id = fields.text('improvement') ?? (open.length === 1 ? open[0] : undefined) ?? '-';
  const known = improvements[id];
  if (known?.state === to) return { accept: () => ({ improvement: id, repeat: true }) };
  if (!known || known.state !== from)
    return {
      rejected:
        open.length === 0
          ? reasons.noneOpen('improvement', noneToChange[from])
          : reasons.oneOf('improvement', open, id),
    };
  return {
    accept: () => {
      improvements[id] = { ...known, state: to };
      return { improvement: id, state: to, ...fields.optional({ note: 'note' }) };
    },
  };
}
