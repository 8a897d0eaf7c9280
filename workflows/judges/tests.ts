/** Messages about the customer's tests: what was tested, our answer to what does not work, and who is invited to test. */
import { isTester, replacesUnseen } from '../../rules/engine/upgrade/test-cases';
import { parties } from '../../rules/engine/contract/contract';
import type { Text } from '../../rules/engine/basics/text';
import { kinds, reasons } from '../../templates/ui/reasons';
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import type { Fields } from '../messages/fields';
import { hold } from '../year/steps';
import type { Verdict } from '../year/steps';
import type { RunningPhase } from '../year/upgrades';
import { runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';
import type { Mail, Step } from '../year/year-state';
import { judgeClosing, named } from './closing';
import { idsOf, setResult } from './upgrade';
import { isComplete, judgeCheck, judgeOfKind, phaseOfKind, stillOwed } from './upgrade-parts';

/** The hash of a picture, by which the intake keeps it. */
const pictureHash = /^[0-9a-f]{64}$/;

/** Reports the test of a case or of all cases of a process; without either, that all is tested. */
export function judgeTested(year: Year, fields: Fields): Verdict {
  const ok = fields.flag('ok') ?? true;
  const given = fields.text('case') ?? fields.text('module');
  const phase = phaseOfKind(year, 'module');
  const running = runningPhase(year, phase);
  const stranger = running && isUnknown(year, fields.text('by'));
  if (stranger) return { rejected: stranger };
  if (given === undefined && ok) {
    const found = named(year, 'upgrade', 'phase', phase);
    if ('rejected' in found) return found;
    return running ? judgeAllTested(year, fields, running) : judgeClosing(year, phase, fields);
  }
  if (running && year.plan.upgrade?.cases) return judgeCase(year, fields, running, given);
  return judgeOfKind(year, fields, 'module', 'module', [...year.plan.ids.modules, 'all']);
}

/** Why nobody knows who has tested: it stands on the customer's pages and in the report. Plans without cases take any name. */
function isUnknown({ plan }: Year, by: string | undefined): Text | undefined {
  const { cases, acceptors = plan.ids.contacts } = plan.upgrade ?? {};
  const ours = [...parties, plan.ids.consultant];
  if (!cases || by === undefined || isTester(by) || acceptors.includes(by) || ours.includes(by))
    return undefined;
  return reasons.oneOf('by', acceptors, by);
}

/** Reports a case, or that all cases of a process passed. */
function judgeCase(year: Year, fields: Fields, running: RunningPhase, given: string | undefined): Verdict {
  const ok = fields.flag('ok') ?? true;
  const cases = casesOf(running);
  const ofProcess = cases.filter(({ id }) => given === 'all' || id.startsWith(`${given}.`));
  const one = cases.find(({ id }) => id === given) ?? (ofProcess.length === 1 ? ofProcess[0] : undefined);
  if (!one && ok && ofProcess.length > 0) return judgeAllTested(year, fields, running, ofProcess);
  if (!one)
    return { rejected: reasons.oneOf('case', idsOf(ofProcess.length > 0 ? ofProcess : cases), given ?? '-') };
  const pictures = fields.texts('pictures');
  const wrong = pictures.find((hash) => !pictureHash.test(hash));
  if (wrong !== undefined) return { rejected: upgradeReasons.noPicture(wrong) };
  const notApplicable = ok && fields.flag('notApplicable') === true;
  const [by, seen] = [fields.text('by'), fields.text('seen')];
  const now = { ok, ...(notApplicable && { notApplicable }), ...(by !== undefined && { by }) };
  if (seen !== undefined && replacesUnseen(year.state.checks[one.key], seen, now))
    return { rejected: upgradeReasons.reportedMeanwhile(one.id) };
  const verdict = judgeCheck(year, fields, {
    ...{ field: 'case', obligation: running.id, part: one },
    ...(notApplicable && { result: { notApplicable } }),
    told: {
      ...ofUpgrade(running),
      ...(notApplicable && { notApplicable }),
      ...(pictures.length > 0 && { pictures }),
    },
  });
  if ('rejected' in verdict || ok) return verdict;
  return {
    accept: (step) => {
      const detail = verdict.accept(step);
      tellReporter(year, running, { case: one.id, kind: 'received' }, by);
      return detail;
    },
  };
}

/** All cases, or those given, are tested: the phase is completed unless it owes something else. */
function judgeAllTested(
  year: Year,
  fields: Fields,
  running: RunningPhase,
  cases = casesOf(running),
): Verdict {
  const { id } = running;
  const closing = judgeClosing(year, id, fields);
  if ('rejected' in closing || year.isClosed(id)) return closing;
  return {
    accept: (step) => {
      const by = fields.text('by');
      // Who tested a case before stays who did, and one that failed is passed by its name alone.
      for (const part of cases)
        if (year.state.checks[part.key] === undefined || !year.plan.upgrade?.cases)
          setResult(year, id, part, { ok: true, at: year.now(), ...(by !== undefined && { by }) });
      const tested = cases.length === casesOf(running).length ? 'all' : idsOf(cases);
      return isComplete(year, running)
        ? closing.accept(step)
        : { obligation: id, tested, ...stillOwed(year, running, 'module') };
    },
  };
}

/** Answers who reported that a case does not work, and can ask for a retest. To a case that works the answer stands on the page alone. */
export function judgeTestAnswer(year: Year, fields: Fields, asksAboutSlips = (): boolean => true): Verdict {
  const running = runningPhase(year, phaseOfKind(year, 'module'));
  const cases = running && year.plan.upgrade?.cases ? casesOf(running) : [];
  if (!running || cases.length === 0) return { rejected: reasons.nothingOpen('upgrade') };
  const hasFailed = (key: string): boolean => year.state.checks[key]?.ok === false;
  const failed = cases.filter(({ key }) => hasFailed(key));
  const given = fields.text('case') ?? (failed.length === 1 ? failed[0]?.id : undefined);
  const one = cases.find(({ id }) => id === given);
  if (!one)
    return { rejected: reasons.oneOf('case', idsOf(failed.length > 0 ? failed : cases), given ?? '-') };
  const [note, retest = false] = [fields.text('note'), fields.flag('retest')];
  const before = year.state.checks[one.key];
  if (before === undefined || (retest && before.ok)) return { rejected: upgradeReasons.notFailed(one.id) };
  // A run that has taken a retest without a word stays as it decided.
  if (note === undefined && (!retest || asksAboutSlips())) return { rejected: upgradeReasons.noAnswer };
  return {
    accept: (step) => {
      if (retest) year.state.checks[one.key] = { ...before, retest: true };
      const kind = retest ? 'retest' : 'answered';
      if (!before.ok) tellReporter(year, running, { case: one.id, kind }, before.by, step);
      return {
        ...{ ...ofUpgrade(running), case: one.id },
        ...(note !== undefined && { note }),
        ...(retest && { retest }),
        ...(before.ok && { onPage: true }),
      };
    },
  };
}

/** The customer's system owner has invited somebody to test, on the page: a tester, or a contact. */
export function judgeInvitation(year: Year, fields: Fields): Verdict {
  const running = runningPhase(year, phaseOfKind(year, 'module'));
  const tester = fields.text('tester');
  if (!running || !year.plan.upgrade?.cases) return { rejected: reasons.nothingOpen('upgrade') };
  // A contact who is not asked by the terms gets the link, too.
  const isKnown = tester !== undefined && (isTester(tester) || year.plan.ids.contacts.includes(tester));
  if (!isKnown) return { rejected: reasons.missing('tester', kinds.text) };
  return {
    accept: () => {
      hold(year, undefined, {
        ...{ obligation: running.id, step: `invite-${tester}`, revision: year.state.sequence },
        ...{ template: 'test-invitation', to: 'customer', only: tester },
      });
      return { tester };
    },
  };
}

const casesOf = ({ parts }: RunningPhase): RunningPhase['parts'] =>
  parts.filter(({ kind }) => kind === 'module');

/** Tells cases of an upgrade that goes on past its year from those of the year's own, which may have the same ids. */
const ofUpgrade = ({ id, leftBy }: RunningPhase): { obligation?: string } =>
  leftBy === undefined ? {} : { obligation: id };

/**
 * Mails who reported a case: that it is received, answered, or to be tested again. Where one of ours did it for them, or nobody
 * is known, an answer goes to those who are told of the upgrade.
 * @param step whose mail waits while it can be undone
 */
function tellReporter(
  year: Year,
  { id }: RunningPhase,
  tested: NonNullable<Mail['tested']>,
  by: string | undefined,
  step?: Step,
): void {
  const isTheirs = by !== undefined && (isTester(by) || year.plan.ids.contacts.includes(by));
  if (tested.kind === 'received' && !isTheirs) return;
  hold(year, step, {
    ...{ obligation: id, step: `case-${tested.kind}-${tested.case}`, revision: year.state.sequence },
    ...{ template: 'test-case', to: 'customer', tested },
    ...(isTheirs ? { only: by } : { roles: year.plan.upgrade?.roles ?? [] }),
  });
}
