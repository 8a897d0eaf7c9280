/** Messages about parts of the upgrade: one check, one integration, what the customer has tested. The last one completes its phase. */
import type { Part, PartKind, ProductionPart } from '../../rules/engine/upgrade/parts';
import { missingParts, productionParts } from '../../rules/engine/upgrade/parts';
import { monitorsIn } from '../../rules/engine/upgrade/monitored';
import { kinds, reasons, toLookAt } from '../../templates/ui/reasons';
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import type { Fields } from '../messages/fields';
import { longestVersion } from '../messages/fields';
import { clear, raise } from '../year/journal';
import { settleMonitored } from '../year/monitored';
import { closeObligation, reopenObligation } from '../year/obligations';
import type { Detail, Verdict } from '../year/steps';
import { settleOwnSystems } from '../year/together';
import { tell } from '../year/tell';
import { noteAsked } from '../year/told-once';
import type { RunningPhase } from '../year/upgrades';
import { alarmOf, isUnderWay, phasesOfUpgrade, runningPhase, subjectOf } from '../year/upgrades';
import type { Year } from '../year/year';
import type { CheckState } from '../year/year-state';
import { named } from './closing';
import { askingAgain, judgeAnswered, judgeAsking, needsReason } from './monitored';
import { newBegin, readProductionPart, replacedTime } from './production';
import { approveAgain } from './approved-results';
import {
  acceptance,
  idsOf,
  mayNotAccept,
  oddVersion,
  phaseIn,
  problemOf,
  tellOfPhase,
  versionProblem,
} from './upgrade';
import { doubtfulBegin, doubtfulDay, doubtfulSession } from './upgrade-days';
import { doubtfulVersion } from './upgrade-versions';
import { calledPart, passing, waysOn } from './ways-on';

/** Reports one part of a phase. The last one that passes completes the phase. */
export function judgePart(year: Year, fields: Fields): Verdict {
  const found = phaseIn(year, fields);
  if ('rejected' in found) return found;
  const running = runningPhase(year, found.id);
  const named = fields.text('part');
  const own = running?.parts.find(
    (part) => part.id === named && productionParts.some((one) => one === named),
  );
  if (running && own) return judgeProduction(year, fields, running, own);
  // Plans without cases take the agreed day with its phase alone.
  const isDay = ({ kind }: Part): boolean =>
    kind === 'session' || (kind === 'date' && year.plan.upgrade?.cases !== undefined);
  const day = running?.parts.find((part) => part.id === named && isDay(part));
  if (running && day) return judgeDay(year, fields, running, day);
  const parts = running?.parts.filter(({ kind }) => /^(check|system|integration|module)$/.test(kind)) ?? [];
  const given = named ?? parts.find(({ key }) => year.state.checks[key]?.ok !== true)?.id;
  const part = parts.find(({ id }) => id === given);
  if (!part) return { rejected: reasons.oneOf('part', idsOf(parts), given ?? '-') };
  return judgeCheck(year, fields, { field: 'part', obligation: found.id, part });
}

/** Reports the day that the customer agreed to, or that on which we led them through the test; without a day, today. */
function judgeDay(year: Year, fields: Fields, running: RunningPhase, part: Part): Verdict {
  const isAgreed = part.kind === 'date';
  const on = fields.text('on') ?? (isAgreed ? undefined : year.today().on);
  if (on === undefined) return { rejected: reasons.missing('on', kinds.date) };
  if (isAgreed && fields.flag('ok') === false) return { rejected: upgradeReasons.noDay };
  const problem =
    problemOf(year, running.upgrade, part.kind, on) ??
    (isAgreed ? doubtfulDay(year, running.upgrade, on, fields) : doubtfulSession(year, running.id, fields));
  if (problem) return { rejected: problem };
  return judgeCheck(year, fields, {
    field: 'part',
    obligation: running.id,
    part,
    result: { on },
    told: { on },
  });
}

/** Reports when the production was stopped or let people in again, who tried it, or the decision to go. */
function judgeProduction(year: Year, fields: Fields, running: RunningPhase, part: Part): Verdict {
  const read = readProductionPart(year, running, part.kind as ProductionPart, fields);
  if ('rejected' in read) return read;
  const replaced = replacedTime(year, running, { [part.key]: read.result }, fields);
  if (replaced) return { rejected: replaced };
  const began = newBegin(year, running.parts, { [part.key]: read.result });
  const early = doubtfulBegin(year, running, began, fields);
  if (early) return { rejected: early };
  return judgeCheck(year, fields, { field: 'part', obligation: running.id, part, result: read.result });
}

/** Reports an integration, or asks its checks how it is. */
export function judgeIntegration(year: Year, fields: Fields): Verdict {
  if (fields.text('by') === 'partner' && !isUpgraded(year)) return { rejected: upgradeReasons.notUpgraded };
  return judgeOfKind(year, fields, 'integration', 'integration', year.plan.ids.integrations);
}

/** Whether a phase that upgrades the system is closed: a partner answers what it was asked after. Plans made before take any answer. */
function isUpgraded(year: Year): boolean {
  const upgrade = runningPhase(year, phaseOfKind(year, 'integration'))?.upgrade;
  if (upgrade === undefined || !year.plan.upgrade?.cases) return true;
  const carried = upgrade === 'upgrade' ? undefined : year.plan.upgrade.carried;
  const phases = (carried ?? year.plan.upgrade).phases.filter(({ kind }) =>
    /^(technical|production)$/.test(kind),
  );
  const isDone = (id: string): boolean =>
    year.obligation(`${upgrade}/${id}`)
      ? year.isClosed(`${upgrade}/${id}`)
      : carried?.closed.includes(id) === true;
  return phases.length === 0 || phases.some(({ id }) => isDone(id));
}

/** Takes what the checks of an integration say. */
export function judgeMonitored(year: Year, fields: Fields): Verdict {
  const running = runningPhase(year, phaseOfKind(year, 'integration'));
  const id = fields.text('integration');
  const part = running?.parts.find((one) => one.kind === 'integration' && one.id === id);
  return judgeAnswered(year, fields, { running, part }, () =>
    running && part
      ? judgeCheck(year, fields, { field: 'integration', obligation: running.id, part })
      : { rejected: reasons.nothingOpen('upgrade') },
  );
}

/**
 * The phase whose parts are of a kind: of two upgrades the one that is under way, though its phase may be closed already; else the
 * open one. In plans that do not tell parts, by its name.
 */
export function phaseOfKind(year: Year, kind: 'integration' | 'module'): string {
  const all = year.obligations('upgrade').flatMap(({ id }) => runningPhase(year, id) ?? []);
  const owing = all.filter(({ planned }) => planned.kind === (kind === 'module' ? 'test' : 'integrations'));
  const tellsCases = year.plan.upgrade?.cases !== undefined;
  const underWay = owing.filter(({ upgrade }) => tellsCases && isUnderWay(year, upgrade));
  const open = [...underWay, ...owing].find(({ id }) => !year.isClosed(id));
  const one = underWay.length === 1 ? underWay[0] : (open ?? owing.at(-1));
  return one?.id ?? (kind === 'module' ? 'upgrade/test' : 'upgrade/integrations');
}

/** Judges what is said of an integration or a module. */
export function judgeOfKind(
  year: Year,
  fields: Fields,
  kind: 'integration' | 'module',
  field: 'integration' | 'module',
  all: readonly string[],
): Verdict {
  const phase = phaseOfKind(year, kind);
  const keyOf = (id: string): string =>
    runningPhase(year, phase)?.parts.find((part) => part.kind === kind && part.id === id)?.key ??
    `${kind}/${id}`;
  const passed = (id: string): boolean => year.state.checks[keyOf(id)]?.ok === true;
  const given = fields.text(field) ?? all.find((one) => one !== 'all' && !passed(one));
  if (given === undefined && !all.includes('all')) return { rejected: reasons.allPassed(field, all) };
  const id = given ?? 'all';
  if (!all.includes(id)) return { rejected: reasons.oneOf(field, all, id) };
  const found = named(year, 'upgrade', 'phase', phase);
  if ('rejected' in found) return found;
  const part = { id, kind, key: keyOf(id) };
  if (kind === 'integration' && fields.flag('byMonitor') === true)
    return judgeAsking(year, runningPhase(year, phase), part);
  return judgeCheck(year, fields, { field, obligation: phase, part });
}

interface Checked {
  /** The message's field that names the part. */
  field: 'integration' | 'module' | 'case' | 'part';
  obligation: string;
  part: Part;
  /** What is kept of it beside. */
  result?: Partial<CheckState>;
  /** What the journal tells beside. */
  told?: Detail;
}

export function judgeCheck(
  year: Year,
  fields: Fields,
  { field, obligation, part, result, told }: Checked,
): Verdict {
  const ok = fields.flag('ok') ?? true;
  const before = year.obligation(obligation)?.after;
  const isReady = before === undefined || year.isClosed(before);
  if (!isReady && part.kind !== 'integration')
    return { rejected: reasons.firstClose(before, obligation, year.phaseNames) };
  const version = fields.text('version');
  if (version !== undefined && version.length > longestVersion)
    return { rejected: reasons.longest('version', longestVersion, version.length) };
  const accepted = year.plan.upgrade?.cases ? acceptance(fields) : undefined;
  const others = versionsSaid(year, obligation);
  const wrong =
    (accepted && mayNotAccept(year, fields)) ??
    (version === undefined
      ? undefined
      : (versionProblem(year, part, { version, accepted, others }) ??
        doubtfulVersion(year, part, version, fields)));
  if (wrong) return { rejected: wrong };
  const isOdd = accepted && version !== undefined && oddVersion(year, part, version, others) !== undefined;
  // Nobody takes for accepted what is not.
  if (accepted && !isOdd) return { rejected: upgradeReasons.notAsked('acceptedBy') };
  if (part.kind === 'system' && ok && version === undefined)
    return { rejected: reasons.missing('version', kinds.text) };
  const [note, by] = [fields.text('note'), fields.text('by')];
  const unreasoned = ok && part.kind === 'integration' ? needsReason(year, part, by, note) : undefined;
  if (unreasoned) return { rejected: unreasoned };
  return {
    accept: (step) => {
      const more = {
        ...(by !== undefined && { by }),
        ...(version !== undefined && { version }),
        ...(note !== undefined && { note }),
      };
      year.state.checks[part.key] = {
        ...{ ok, at: year.now() },
        ...(runningPhase(year, obligation) && more),
        ...(isOdd && { waived: accepted }),
        ...result,
      };
      const code = alarmOf(part.kind);
      const subject = subjectOf(obligation, part);
      if (part.kind === 'integration') clear(year, 'partner-silent', part.id);
      if (part.kind === 'integration') settleMonitored(year, part.id);
      if (ok && part.kind === 'integration') clear(year, 'partner-refuses', part.id);
      if (ok || tellsMore(year, part, note)) clear(year, code, subject);
      if (part.kind === 'system') settleOwnSystems(year, obligation);
      if (!ok && raise(year, code, subject, note ?? toLookAt.noReason[year.input.language])) {
        step.raised = { code, subject };
        const signal = monitorsIn(by) ? askingAgain(part) : passing(year, obligation, part);
        tell(year, obligation, code, saidOf(year, obligation, part, note), toldOf(year, part), {
          ...(runningPhase(year, obligation) && { signal }),
          ways: waysOn(year, obligation, note),
        });
      }
      if (!ok) openAgain(year, obligation);
      const approval = approveAgain(year, obligation, step);
      if (approval) tellOfPhase(year, approval, step, true);
      const complete = !year.isClosed(obligation) && isReady && isCompleteNow(year, obligation, part.kind);
      const running = runningPhase(year, obligation);
      if (complete) {
        closeObligation(year, obligation, { state: 'done', by: by ?? 'consultant' });
        if (running) tellOfPhase(year, running, step);
      }
      return {
        [field]: part.id,
        ok,
        ...(note === undefined ? {} : { note }),
        ...told,
        ...(complete ? { completed: obligation } : {}),
        ...(ok && running && !year.isClosed(obligation) && stillOwed(year, running, part.kind)),
      };
    },
  };
}

/** The versions of systems that were reported in a phase, by their ids. */
const versionsSaid = (year: Year, obligation: string): Record<string, string> =>
  Object.fromEntries(
    (runningPhase(year, obligation)?.parts ?? []).flatMap(({ kind, id, key }) => {
      const version = kind === 'system' ? year.state.checks[key]?.version : undefined;
      return version === undefined ? [] : [[id, version]];
    }),
  );

/** Which part failed and what was said of it; in plans that do not tell parts by its id: their mails stay as they were. */
function saidOf(year: Year, obligation: string, part: Part, note = '-'): string {
  const called = runningPhase(year, obligation) ? calledPart(year, obligation, part) : part.id;
  return `${called}: ${note}`;
}

/** Whether it is news how a case fails that had failed before: somebody else, or the same with more to say. */
const tellsMore = ({ plan }: Year, { kind }: Part, note: string | undefined): boolean =>
  kind === 'module' && plan.upgrade?.cases !== undefined && note !== undefined;

/** Who of ours is told at once that a part failed. */
const toldOf = ({ plan }: Year, { kind }: Part): readonly ('consultant' | 'manager')[] =>
  (kind === 'module' ? plan.upgrade?.tellFailedTests : undefined) ?? ['consultant'];

/** Opens a phase again of which a part fails after all, while its upgrade goes on: no phase stays closed over it. */
function openAgain(year: Year, obligation: string): void {
  const running = runningPhase(year, obligation);
  if (!running || year.state.closed[obligation]?.state !== 'done') return;
  const phases = phasesOfUpgrade(year, running.upgrade);
  if (phases.every((id) => year.isClosed(id))) return;
  if (year.plan.upgrade?.reopens)
    for (const id of phases.slice(phases.indexOf(obligation) + 1)) noteAsked(year, id);
  reopenObligation(year, obligation);
}

/** What a phase still owes where all parts of a kind have passed: the answer says it, so that nobody takes it for closed. */
export function stillOwed(
  year: Year,
  { parts }: Pick<RunningPhase, 'parts'>,
  kind: PartKind,
): { stillOwes?: string } {
  const { failed, unreported } = missingParts(parts, year.state.checks);
  const missing = [...failed, ...unreported];
  if (missing.length === 0 || missing.some((part) => part.kind === kind)) return {};
  return { stillOwes: upgradeReasons.listed(missing)[year.input.language] };
}

/** Whether nothing keeps a phase open. */
export function isComplete(year: Year, { parts }: RunningPhase): boolean {
  const { failed, unreported } = missingParts(parts, year.state.checks);
  return failed.length + unreported.length === 0;
}

/** The same; in plans that do not tell parts, whether all integrations or modules have passed. */
function isCompleteNow(year: Year, obligation: string, kind: PartKind): boolean {
  const running = runningPhase(year, obligation);
  if (running) return isComplete(year, running);
  const all = kind === 'module' ? year.plan.ids.modules : year.plan.ids.integrations;
  return all.every((id) => year.state.checks[`${kind}/${id}`]?.ok === true);
}
