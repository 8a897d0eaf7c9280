/** Messages about the annual upgrade (uppgradering): phases completed or failed, integrations checked, tests made. */
import { reasons, toLookAt } from '../../templates/ui/reasons';
import type { Fields } from '../messages/fields';
import { clear, raise } from '../year/journal';
import { closeObligation } from '../year/obligations';
import type { Verdict } from '../year/steps';
import { hold } from '../year/steps';
import type { Year } from '../year/year';
import { judgeClosing, named } from './closing';

const phaseId = (phase: string | undefined): string | undefined =>
  phase === undefined ? undefined : /^upgrade\//.test(phase) ? phase : `upgrade/${phase}`;

export function judgePhase(year: Year, fields: Fields): Verdict {
  const found = named(year, 'upgrade', 'phase', phaseId(fields.text('phase')));
  return 'rejected' in found ? found : judgeClosing(year, found.id, fields);
}

/** Reports that a phase went wrong: it stays open, and manager and consultant are told. */
export function judgePhaseFailed(year: Year, fields: Fields): Verdict {
  const found = named(year, 'upgrade', 'phase', phaseId(fields.text('phase')));
  if ('rejected' in found) return found;
  const { id } = found;
  const closed = year.state.closed[id];
  if (closed) return { rejected: reasons.closedAs(id, closed.state, closed.at.slice(0, 10)) };
  return {
    accept: () => {
      const reason = fields.text('reason') ?? toLookAt.noReason[year.input.language];
      if (raise(year, 'upgrade-failed', id, reason))
        tell(year, id, 'upgrade-failed', reason, ['manager', 'consultant']);
      return { obligation: id, reason };
    },
  };
}

export const judgeIntegration = (year: Year, fields: Fields): Verdict =>
  judgeCheck(year, fields, {
    field: 'integration',
    phase: 'upgrade/integrations',
    all: year.plan.ids.integrations,
    code: 'integration-failed',
  });

/** Reports the customer's test of a module; without a module, that all of it is tested. */
export function judgeTested(year: Year, fields: Fields): Verdict {
  const phase = 'upgrade/test';
  const ok = fields.flag('ok') ?? true;
  if (fields.text('module') === undefined && ok) {
    const found = named(year, 'upgrade', 'phase', phase);
    return 'rejected' in found ? found : judgeClosing(year, phase, fields);
  }
  return judgeCheck(year, fields, {
    field: 'module',
    phase,
    all: [...year.plan.ids.modules, 'all'],
    code: 'test-failed',
  });
}

interface Check {
  field: 'integration' | 'module';
  phase: string;
  /** All ids that can be named; when every one but `all` has passed, the phase is completed. */
  all: string[];
  /** Code of the attention that a failed one raises. */
  code: 'integration-failed' | 'test-failed';
}

function judgeCheck(year: Year, fields: Fields, check: Check): Verdict {
  const { field, phase, all, code } = check;
  const { checks } = year.state;
  const passed = (id: string): boolean => checks[`${field}/${id}`]?.ok === true;
  const given = fields.text(field) ?? all.find((one) => one !== 'all' && !passed(one));
  if (given === undefined && !all.includes('all')) return { rejected: reasons.allPassed(field, all) };
  const id = given ?? 'all';
  if (!all.includes(id)) return { rejected: reasons.oneOf(field, all, id) };
  const obligation = named(year, 'upgrade', 'phase', phase);
  if ('rejected' in obligation) return obligation;
  const ok = fields.flag('ok') ?? true;
  const before = year.obligation(phase)?.after;
  if (before !== undefined && !year.isClosed(before) && field === 'module')
    return { rejected: reasons.firstClose(before, phase) };
  return {
    accept: () => {
      const note = fields.text('note');
      checks[`${field}/${id}`] = { ok, at: year.now() };
      if (ok) clear(year, code, id);
      else if (raise(year, code, id, note ?? toLookAt.noReason[year.input.language]))
        tell(year, phase, code, `${id}: ${note ?? '-'}`, ['consultant']);
      const complete =
        all.every((one) => one === 'all' || passed(one)) &&
        !year.isClosed(phase) &&
        (before === undefined || year.isClosed(before));
      if (complete) closeObligation(year, phase, { state: 'done', by: fields.text('by') ?? 'consultant' });
      return {
        [field]: id,
        ok,
        ...(note === undefined ? {} : { note }),
        ...(complete ? { completed: phase } : {}),
      };
    },
  };
}

/** Mails our own people at once, each time anew: attention raised again after it was cleared is told again. */
function tell(
  year: Year,
  id: string,
  code: string,
  detail: string,
  parties: readonly ('consultant' | 'manager')[],
): void {
  for (const to of parties)
    hold(year, undefined, {
      obligation: id,
      step: `${code}-${to}`,
      revision: year.state.sequence,
      template: 'attention',
      to,
      attention: { code, detail },
    });
}
