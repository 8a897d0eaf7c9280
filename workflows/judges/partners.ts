/** What a partner says of its integration before the upgrade: whether it is supported, and whether the date suits. */
import { supportOf } from '../../rules/engine/upgrade/parts';
import { reasons, toLookAt } from '../../templates/ui/reasons';
import { postponing } from '../../rules/engine/upgrade/ways';
import type { Fields } from '../messages/fields';
import { clear, raise } from '../year/journal';
import type { Verdict } from '../year/steps';
import { tell } from '../year/tell';
import type { Year } from '../year/year';
import { openUpgrade } from './failed-phase';

/** A yes clears what a no or silence raised; a no is told to the consultant at once. */
export function judgeSupported(year: Year, fields: Fields): Verdict {
  const partners = year.plan.upgrade?.partners ?? [];
  const found = openUpgrade(year);
  if (!found || partners.length === 0) return { rejected: reasons.nothingOpen('upgrade') };
  const keyOf = (id: string): string => supportOf(found.upgrade, id).key;
  const id =
    fields.text('integration') ?? partners.find((one) => year.state.checks[keyOf(one)]?.ok !== true) ?? '-';
  if (!partners.includes(id)) return { rejected: reasons.oneOf('integration', partners, id) };
  const ok = fields.flag('ok') ?? true;
  return {
    accept: (step) => {
      const [note, by] = [fields.text('note'), fields.text('by')];
      year.state.checks[keyOf(id)] = {
        ...{ ok, at: year.now() },
        ...(by !== undefined && { by }),
        ...(note !== undefined && { note }),
      };
      clear(year, 'partner-silent', id);
      if (ok) clear(year, 'partner-refuses', id);
      else if (raise(year, 'partner-refuses', id, note ?? toLookAt.noReason[year.input.language])) {
        step.raised = { code: 'partner-refuses', subject: id };
        const [on = 'upgrade'] = found.open;
        const passes = { name: 'integrationSupported', fields: { integration: id, ok: true } } as const;
        const [called, ways] = [year.plan.called?.integrations[id] ?? id, [postponing]];
        const said = `${called === id ? id : `${called} (${id})`}: ${note ?? '-'}`;
        tell(year, on, 'partner-refuses', said, ['consultant'], { signal: passes, ways });
      }
      return { integration: id, ok, ...(note !== undefined && { note }) };
    },
  };
}
