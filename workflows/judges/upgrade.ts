/**
 * Messages about the annual upgrade (uppgradering): phases completed or failed, their parts checked, what the customer
 * decides. No phase closes over a part that failed or was never reported, unless somebody accepts it by name.
 */
import { postponing } from '../../rules/engine/upgrade/ways';
import { sentences } from '../../rules/engine/basics/sentences';
import type { Text } from '../../rules/engine/basics/text';
import { joined } from '../../rules/engine/basics/text';
import { addDays, later } from '../../rules/engine/calendar/dates';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { localIn } from '../../rules/engine/calendar/local-time';
import { begunFrom } from '../../rules/engine/plan/begun-from';
import { goesTo, upgradeOfKey } from '../../rules/engine/plan/goes-to';
import { misfitOf } from '../../rules/engine/releases/goes-with';
import { compareNumbers, compareVersions, lineOf } from '../../rules/engine/releases/versions';
import { shortId } from '../../rules/engine/basics/short-id';
import { monitorsIn } from '../../rules/engine/upgrade/monitored';
import type { Part, PartKind } from '../../rules/engine/upgrade/parts';
import { missingParts } from '../../rules/engine/upgrade/parts';
import { kinds, reasons, toLookAt } from '../../templates/ui/reasons';
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import type { Fields } from '../messages/fields';
import { clear, raise, record } from '../year/journal';
import { settleMonitored } from '../year/monitored';
import { replanSoon } from '../year/plan-year';
import type { Verdict } from '../year/steps';
import { tell } from '../year/tell';
import { knowsItIsUp } from '../year/told-once';
import type { Together } from '../year/together';
import { isSharedSystem, settleOnceInstalled, settleTogether, tellOthers } from '../year/together';
import type { RunningPhase } from '../year/upgrades';
import {
  alarmOf,
  isFinished,
  isTouched,
  phasesOfUpgrade,
  runningPhase,
  subjectOf,
  versionBefore,
} from '../year/upgrades';
import type { Year } from '../year/year';
import type { CheckState, Step } from '../year/year-state';
import { askOnceClosed, shownResults } from './approved-results';
import { judgeClosing, named } from './closing';
import { failedPhase } from './failed-phase';
import { followOn } from './follow-on';
import { isNoManager } from './hours';
import { needsReason } from './monitored';
import { newBegin, readProduction, replacedTime } from './production';
import { agreedDay, doubtfulBegin, doubtfulDay, doubtfulSession } from './upgrade-days';
import { doubtfulVersion, planForInstalled } from './upgrade-versions';
import { newsOfInstalled, tellCustomer } from './upgrade-news';
import { calledPart, testField, waysOn } from './ways-on';

/**
 * The obligation that a message means: of two upgrades the one that is open; without a name the first that is open.
 */
export function phaseIn(year: Year, fields: Fields): { id: string } | { rejected: Text } {
  const given = fields.text('phase');
  const all = year.obligations('upgrade').map(({ id }) => id);
  const meant = all.filter((id) => id === given || shortId(id) === given);
  const id = meant.find((one) => !year.isClosed(one)) ?? meant.at(-1) ?? given;
  return named(year, 'upgrade', 'phase', id);
}

/** A phase is completed: with what it still owes, or by somebody who accepts that a part failed or is missing. */
export function judgePhase(year: Year, fields: Fields): Verdict {
  const found = phaseIn(year, fields);
  if ('rejected' in found) return found;
  const closing = judgeClosing(year, found.id, fields);
  const running = runningPhase(year, found.id);
  if ('rejected' in closing || !running) return closing;
  const stranger = mayNotAccept(year, fields);
  if (stranger) return { rejected: stranger };
  const reported = readReport(year, running, fields);
  if ('rejected' in reported) return reported;
  const { results } = reported;
  if (year.isClosed(found.id)) return judgeAgain(year, running, results, fields, closing);
  const early = tooEarly(year, running, fields);
  if (early) return { rejected: early };
  const { failed, unreported } = missingParts(running.parts, { ...year.state.checks, ...results });
  const missing = [...failed, ...unreported];
  const odd = running.parts.filter(({ kind, key }) => kind === 'system' && results[key]?.waived);
  const accepted = acceptance(fields);
  const shown = running.planned.kind === 'approval' ? shownResults(year, running.upgrade) : undefined;
  const seen = fields.text('shown');
  const monitored = failed.filter(({ key }) => monitorsIn(year.state.checks[key]?.by)).map(({ id }) => id);
  const words = { phaseNames: year.phaseNames, tests: testField(year), monitored };
  if (seen !== undefined && seen !== shown) return { rejected: upgradeReasons.resultsChanged };
  if (missing.length > 0 && (!accepted || mustBeGiven(missing).length > 0))
    return { rejected: upgradeReasons.phaseOwes(found.id, failed, unreported, words) };
  // One reason covers what it names: a case that failed beside it is named, too.
  const excepted = fields.texts('except');
  const unnamed = failed.filter(({ kind, id }) => kind === 'module' && !excepted.includes(id));
  if (accepted && excepted.length > 0 && unnamed.length > 0 && year.plan.upgrade?.cases)
    return { rejected: upgradeReasons.phaseOwes(found.id, unnamed, [], words) };
  if (accepted && missing.some(({ kind }) => kind === 'decision') && isNoManager(year, accepted.by))
    return { rejected: upgradeReasons.managerEnds(accepted.by) };
  const risky = missing.filter(({ kind, id }) => kind === 'integration' && isOthers(year, id));
  if (accepted && risky.length > 0 && !takesRisk(year, accepted.by))
    return { rejected: upgradeReasons.customerTakesRisk(risky, year.plan.ids.contacts, accepted.by) };
  return {
    accept: (step) => {
      for (const part of running.parts) {
        const result = results[part.key];
        const binds = part.kind === 'decision' && shown !== undefined;
        if (result) setResult(year, found.id, part, binds ? { ...result, shown } : result);
      }
      for (const part of missing) {
        year.state.checks[part.key] = {
          ...(year.state.checks[part.key] ?? { ok: false, at: year.now() }),
          ...(accepted && { waived: accepted }),
          ...(part.kind === 'decision' && shown !== undefined && { shown }),
        };
        // Settled: it stays on the page as accepted.
        clear(year, alarmOf(part.kind), subjectOf(found.id, part));
        if (part.kind === 'integration') settleMonitored(year, part.id);
      }
      const detail = closing.accept(step);
      tellOfPhase(year, running, step);
      return {
        ...detail,
        ...(missing.length + odd.length > 0 && {
          ...{ accepted: [...odd, ...missing].map(({ id }) => id), reason: accepted?.reason },
        }),
      };
    },
  };
}

/**
 * A message about a phase that is closed: a repeat if it says nothing new. The approval that a manager did without can still
 * come; anything else that is new would be lost.
 */
function judgeAgain(
  year: Year,
  { id, upgrade, planned, parts }: RunningPhase,
  results: Record<string, CheckState>,
  fields: Fields,
  closing: Verdict,
): Verdict {
  const { checks, closed } = year.state;
  const decision = parts.find(({ kind }) => kind === 'decision');
  const late = decision && checks[decision.key]?.waived ? results[decision.key] : undefined;
  if (planned.kind === 'approval' && decision && late?.contact !== undefined)
    return {
      accept: (step) => {
        const shown = shownResults(year, upgrade);
        setResult(year, id, decision, { ...late, ...(shown !== undefined && { shown }) });
        tellCustomer(year, step, id, { kind: 'approved', ...(late.contact && { contact: late.contact }) });
        return { obligation: id, contact: late.contact };
      },
    };
  const accepted = acceptance(fields);
  const isOther = ({ by, reason }: { by: string; reason: string }): boolean =>
    accepted !== undefined && (accepted.by !== by || accepted.reason !== reason);
  if (parts.some(({ key }) => checks[key]?.waived && isOther(checks[key].waived)))
    return { rejected: upgradeReasons.saysMore(id, (closed[id]?.at ?? '').slice(0, 10)) };
  const isNew = Object.entries(results).some(([key, { ok, version, on, time, contact }]) => {
    const before = checks[key];
    const isSame =
      (before?.ok === ok || before?.waived) &&
      (version ?? before?.version) === before?.version &&
      (on ?? before?.on) === before?.on &&
      (time ?? before?.time) === before?.time &&
      (contact ?? before?.contact) === before?.contact;
    return !isSame;
  });
  return isNew
    ? { rejected: upgradeReasons.saysMore(id, (closed[id]?.at ?? '').slice(0, 10), year.phaseNames) }
    : closing;
}

/** Why a phase cannot be completed yet: one before it is open again, or its month has not ended. */
function tooEarly(year: Year, { id, upgrade, planned }: RunningPhase, fields: Fields): Text | undefined {
  const phases = phasesOfUpgrade(year, upgrade);
  const open = phases.slice(0, phases.indexOf(id)).find((one) => !year.isClosed(one));
  if (open !== undefined) return reasons.firstClose(open, id, year.phaseNames);
  const opensAt = year.obligation(id)?.opensAt ?? '';
  if (planned.opens !== 'monthEnd' || opensAt <= year.now() || acceptance(fields)) return undefined;
  return upgradeReasons.opensLater(id, localIn(year.calendar, opensAt).on, year.phaseNames);
}

/** Parts that nobody can accept as missing: without a day there is nothing to tell the customer, and somebody decides to go. */
const mustBeGiven = (parts: readonly Part[]): Part[] =>
  parts.filter(({ kind }) => kind === 'date' || kind === 'go');

/** Whether somebody else answers for an integration. */
const isOthers = ({ plan }: Year, id: string): boolean => plan.upgrade?.others?.includes(id) === true;

/** Whether somebody may take a risk of the customer's: one of their contacts or, in their place, a manager. */
const takesRisk = (year: Year, by: string): boolean =>
  year.plan.ids.contacts.includes(by) || !isNoManager(year, by);

/** Who accepts what is missing, and why. */
export function acceptance(fields: Fields): { by: string; reason: string } | undefined {
  const [by, reason] = [fields.text('acceptedBy'), fields.text('reason')];
  return by === undefined || reason === undefined ? undefined : { by, reason };
}

/** Why somebody cannot accept it: nobody of the agreement is called that. Plans made before take any name. */
export function mayNotAccept(year: Year, fields: Fields): Text | undefined {
  const { acceptors } = year.plan.upgrade ?? {};
  const by = fields.text('acceptedBy');
  if (!acceptors || by === undefined || acceptors.includes(by) || by === year.plan.ids.consultant)
    return undefined;
  return reasons.oneOf('acceptedBy', acceptors, by);
}

/** Whether a word means all parts. */
const isAll = (given: readonly string[]): boolean =>
  given.length === 1 && /^(all|alla|allt)$/i.test(given[0] ?? '');

/** What a message says of a phase's parts, or why it cannot be read. */
function readReport(
  year: Year,
  { id: phase, parts, upgrade }: RunningPhase,
  fields: Fields,
): { results: Record<string, CheckState> } | { rejected: Text } {
  const reporter = fields.text('by');
  const said = { ok: true, at: year.now(), ...(reporter !== undefined && { by: reporter }) };
  const results: Record<string, CheckState> = {};
  const ticked = parts.filter(({ kind }) => /^(check|integration|module)$/.test(kind));
  const versions = fields.versions('versions');
  const [passed, except] = [fields.texts('passed'), fields.texts('except')];
  const unknown = (
    field: string,
    given: readonly string[],
    among: readonly Part[],
  ): { rejected: Text } | undefined => {
    const wrong = given.find((id) => !among.some((part) => part.id === id));
    return wrong === undefined ? undefined : { rejected: reasons.oneOf(field, idsOf(among), wrong) };
  };
  const versioned = parts.filter(({ kind }) => kind === 'system' || kind === 'integration');
  const accepted = acceptance(fields);
  const tellsCases = year.plan.upgrade?.cases !== undefined;
  const systems = parts.filter(({ kind }) => kind === 'system');
  const wrong =
    (isAll(passed) ? undefined : unknown('passed', passed, ticked)) ??
    unknown('except', except, tellsCases ? [...ticked, ...systems] : ticked) ??
    unknown('versions', Object.keys(versions), versioned);
  if (wrong) return wrong;
  const why = fields.text('note') ?? fields.text('reason');
  const overruled = ticked.filter(({ id }) => passed.includes(id) && !except.includes(id));
  const unreasoned = overruled.map((part) => needsReason(year, part, reporter, why)).find(Boolean);
  if (unreasoned) return { rejected: unreasoned };
  // "All" is what nobody has reported: that one passes now that failed is said by its name, and who tested one stays who did.
  const isReported = (key: string): boolean => year.state.checks[key] !== undefined;
  const isMonitored = (key: string): boolean => monitorsIn(year.state.checks[key]?.by) !== undefined;
  for (const { id, key } of ticked)
    if ((passed.includes(id) || (isAll(passed) && !isReported(key))) && !except.includes(id))
      results[key] = isMonitored(key) && why !== undefined ? { ...said, note: why } : said;
    else if (except.includes(id)) results[key] = { ...(year.state.checks[key] ?? said), ok: false };
  for (const part of versioned) {
    const { id, key, kind } = part;
    const version = versions[id];
    if (version === undefined) continue;
    // Who accepts something by its name has said nothing of the others.
    const covers = !tellsCases || except.length === 0 || except.includes(id) ? accepted : undefined;
    const problem =
      versionProblem(year, part, { version, accepted: covers, others: versions }) ??
      doubtfulVersion(year, part, version, fields);
    if (problem) return { rejected: problem };
    const isOdd = tellsCases && covers && oddVersion(year, part, version, versions) !== undefined;
    const isFailed = kind === 'system' && except.includes(id) && !isOdd;
    // A version alone does not say that an integration works.
    const result = results[key] ?? (kind === 'system' ? said : year.state.checks[key]);
    if (result)
      results[key] = { ...result, version, ...(isFailed && { ok: false }), ...(isOdd && { waived: covers }) };
  }
  for (const [kind, field] of [
    ['date', 'on'],
    ['session', 'session'],
    ['decision', 'contact'],
  ] as const) {
    const part = parts.find((one) => one.kind === kind);
    const value = fields.text(field);
    if (value === undefined) continue;
    if (!part) return { rejected: upgradeReasons.notAsked(field) };
    const problem =
      problemOf(year, upgrade, kind, value) ??
      (kind === 'date' ? doubtfulDay(year, upgrade, value, fields) : undefined) ??
      (kind === 'session' ? doubtfulSession(year, phase, fields) : undefined);
    if (problem) return { rejected: problem };
    results[part.key] = { ...said, ...(kind === 'decision' ? { contact: value } : { on: value }) };
  }
  const production = readProduction(year, parts, fields, said);
  if ('rejected' in production) return production;
  const replaced = replacedTime(year, { id: phase, parts }, production.results, fields);
  if (replaced) return { rejected: replaced };
  const early = doubtfulBegin(
    year,
    { id: phase, upgrade },
    newBegin(year, parts, production.results),
    fields,
  );
  return early ? { rejected: early } : { results: { ...results, ...production.results } };
}

export const idsOf = (parts: readonly Part[]): string[] => parts.map(({ id }) => id);

/** Why a version is none, or one that nobody upgrades to and nobody has accepted. */
export function versionProblem(
  year: Year,
  part: VersionedPart,
  { version, accepted, others = {} }: GivenVersion,
): Text | undefined {
  if (!/^v?\d[\w. -]*$/i.test(version)) return upgradeReasons.noVersion(part.id, version);
  const odd = accepted ? undefined : oddVersion(year, part, version, others);
  return odd && upgradeReasons.acceptVersion(part.id, odd);
}

type VersionedPart = Pick<Part, 'id' | 'kind' | 'key'>;

/** A version as a message says it, with who accepts it as it is and the versions of other systems that it says. */
interface GivenVersion {
  version: string;
  accepted?: object | undefined;
  others?: Readonly<Record<string, string>>;
}

/** Why somebody has to accept a version of a system. */
export function oddVersion(
  year: Year,
  { id, kind, key }: VersionedPart,
  version: string,
  others: Readonly<Record<string, string>>,
): Text | undefined {
  if (kind !== 'system') return undefined;
  const { cases } = year.plan.upgrade ?? {};
  const upgrade = upgradeOfKey(key);
  const { targets, goesWith } = goesTo(year.plan.upgrade, upgrade);
  const { systems } = begunFrom(year.plan.upgrade, upgrade);
  const declared = versionBefore(year, { id, kind, key });
  const compared =
    declared === undefined
      ? undefined
      : (compareVersions(version, declared) ?? compareNumbers(version, declared));
  if (declared !== undefined && (compared ?? 0) < 0)
    return upgradeReasons.lowerVersion(id, declared, version);
  const misfit = misfitOf(goesWith, id, version, { ...systems, ...others });
  if (misfit) return joined(`${id}: `, misfit);
  const target = targets[id];
  if (declared === undefined || target === undefined || target === version) return undefined;
  if (compared === 0) return upgradeReasons.sameVersion(id, declared, target);
  // A correction of the target is the target; a newer line was neither planned for nor may be used yet.
  const isNewer = cases !== undefined && (compareVersions(lineOf(version), lineOf(target)) ?? 0) > 0;
  return isNewer ? upgradeReasons.newerVersion(id, version, target) : undefined;
}

/** Days ahead, or back, that a day of an upgrade can be at most. */
const farthestDay = 366;

/** What is wrong with an agreed day, the day of a session, or with who approves. */
export function problemOf(year: Year, upgrade: string, kind: PartKind, value: string): Text | undefined {
  const today = year.today().on;
  if (kind === 'session') {
    const first = addDays(today, -farthestDay);
    return value > today || value < first ? reasons.dayBetween('session', first, today, value) : undefined;
  }
  if (kind === 'date') {
    const { from: postponed = '' } = year.state.upgrades[upgrade] ?? {};
    const from = later(year.plan.from, postponed);
    const latest = addDays(today, farthestDay);
    if (value < from || value > latest) return reasons.dayBetween('on', from, latest, value);
    const { window, installation } = year.plan.upgrade ?? {};
    // One that has passed binds nobody: the installation was rolled back since.
    const isAhead = window !== undefined && installation !== undefined && window.from > year.now();
    const shared = isAhead ? localIn(year.calendar, window.from).on : undefined;
    return shared === undefined || shared === value
      ? undefined
      : upgradeReasons.sharedWindow(installation?.with ?? [], shared, value);
  }
  const approvers = year.plan.upgrade?.approvers ?? [];
  return approvers.includes(value) ? undefined : upgradeReasons.mayNotApprove(approvers, value);
}

/** Keeps what was said of a part. One that passes clears its own alarm, one that failed raises it. */
export function setResult(year: Year, obligation: string, part: Part, result: CheckState): void {
  year.state.checks[part.key] = result;
  if (result.ok || result.waived) clear(year, alarmOf(part.kind), subjectOf(obligation, part));
  if (part.kind === 'integration') settleMonitored(year, part.id);
}

/**
 * Tells the customer of a phase that is completed, where that changes something for them, and writes down the versions.
 * @param again it is the approval, and holds again
 */
export function tellOfPhase(year: Year, running: RunningPhase, step: Step, again?: true): void {
  const { id, upgrade, planned, parts } = running;
  const { checks } = year.state;
  const resultOf = (kind: PartKind): CheckState | undefined => {
    const part = parts.find((one) => one.kind === kind);
    return part && checks[part.key];
  };
  const on = resultOf('date')?.on;
  const approval = askOnceClosed(year, id, step);
  const { contact, waived } = resultOf('decision') ?? {};
  // A day that has passed when it is reported is news to nobody.
  if (planned.kind === 'plan' && on !== undefined) replanSoon(year, 'the day of the upgrade was agreed');
  if (planned.kind === 'plan' && on !== undefined && on >= year.today().on)
    tellCustomer(year, step, id, { kind: 'planned', on });
  if (planned.kind === 'plan' && on !== undefined) {
    tellOthers(year, step, { state: 'planned', on });
    settleTogether(year, ['planned', 'rolledBack', 'undone']);
  }
  if (planned.installs || isFinished(year, upgrade)) settleOnceInstalled(year, { planned, upgrade });
  const installed = newsOfInstalled(planned);
  if (installed && !knowsItIsUp(year, id)) tellCustomer(year, step, id, { kind: installed });
  if (planned.kind === 'technical' || planned.kind === 'production')
    tellOthers(year, step, {
      ...{ state: 'upgraded', kind: planned.kind, versions: sharedVersions(year, parts) },
      ...daysOf(year, upgrade, resultOf),
    });
  planForInstalled(year, running);
  if (/^(approval|production)$/.test(planned.kind) && isFinished(year, upgrade))
    record(year, { kind: 'row', ref: upgrade, detail: {}, upgraded: { upgrade } });
  const goesLive = planned.kind === 'approval' ? goLiveAfter(year, upgrade) : {};
  // We do not approve our own work: without the customer's word it is ended, and told as that.
  if (planned.kind === 'approval' && waived)
    tellCustomer(year, step, id, { kind: 'unapproved', reason: waived.reason, ...goesLive });
  if (planned.kind === 'approval' && contact !== undefined)
    tellCustomer(year, step, id, { kind: 'approved', contact, ...goesLive, ...(again && { again }) });
  if (approval) tellOfPhase(year, approval, step, true);
  const isLast = phasesOfUpgrade(year, upgrade).every((one) => year.isClosed(one));
  if (year.plan.upgrade?.reports && planned.kind !== 'approval' && isLast && isFinished(year, upgrade))
    tellCustomer(year, step, id, { kind: 'completed' });
  followOn(year, { id, upgrade });
}

/** The day on which what is approved on a copy goes live; none that has passed, or is only planned for today. */
function goLiveAfter(year: Year, upgrade: string): { on?: LocalDate; onCopy?: true } {
  const next = phasesOfUpgrade(year, upgrade).find(
    (id) => !year.isClosed(id) && runningPhase(year, id)?.planned.kind === 'production',
  );
  const opensAt = next === undefined ? undefined : year.obligation(next)?.opensAt;
  if (opensAt === undefined) return {};
  const [on, today] = [localIn(year.calendar, opensAt).on, year.today().on];
  const isToCome = on > today || (on === today && agreedDay(year, upgrade) === on);
  return isToCome ? { on } : { onCopy: true };
}

/** The agreed day, and when it was carried out, for the agreements that share the installation. */
function daysOf(
  year: Year,
  upgrade: string,
  resultOf: (kind: PartKind) => CheckState | undefined,
): Pick<Together, 'on' | 'began' | 'goAt' | 'ended'> {
  const on = agreedDay(year, upgrade);
  const [began, goAt, ended] = (['began', 'go', 'ended'] as const).map((kind) => resultOf(kind)?.time);
  return {
    ...(on !== undefined && { on }),
    ...(began !== undefined && { began }),
    ...(goAt !== undefined && { goAt }),
    ...(ended !== undefined && { ended }),
  };
}

/** The versions that were reported of what the installation shares, by system. */
const sharedVersions = (year: Year, parts: readonly Part[]): Record<string, string> =>
  Object.fromEntries(
    parts.flatMap(({ kind, id, key }) => {
      const isShared = kind === 'system' && isSharedSystem(year, id);
      const version = isShared ? year.state.checks[key]?.version : undefined;
      return version === undefined ? [] : [[id, version]];
    }),
  );

/** Reports that a phase went wrong: it is tried again, or goes back as the message or the rules say. */
export function judgePhaseFailed(year: Year, fields: Fields): Verdict {
  const found = phaseIn(year, fields);
  if ('rejected' in found) return found;
  const { id } = found;
  const closed = year.state.closed[id];
  if (closed)
    return { rejected: reasons.closedAs(id, closed.state, closed.at.slice(0, 10), year.phaseNames) };
  const running = runningPhase(year, id);
  const before = running ? phasesOfUpgrade(year, running.upgrade) : [];
  const open = before.slice(0, before.indexOf(id)).find((one) => !year.isClosed(one));
  if (open !== undefined) return { rejected: reasons.firstClose(open, id, year.phaseNames) };
  const { from } = year.plan;
  if (running && year.plan.upgrade?.cases && year.today().on < from && !isTouched(year, running.upgrade))
    return { rejected: upgradeReasons.yearToCome(from) };
  const failing = failedPhase(year, id, fields);
  if ('rejected' in failing) return failing;
  // The customer reads why something is done again.
  if (failing.next && year.plan.upgrade?.cases && fields.text('reason') === undefined)
    return { rejected: reasons.missing('reason', kinds.text) };
  return {
    accept: (step) => {
      const reason = fields.text('reason') ?? toLookAt.noReason[year.input.language];
      if (raise(year, 'upgrade-failed', id, reason)) {
        step.raised = { code: 'upgrade-failed', subject: id };
        const said = sentences(reason, ...failedIn(year, running));
        // The mail is about the phase that comes next: which one failed is said.
        const { language } = year.input;
        const told = failing.next
          ? sentences(
              upgradeReasons.phaseSays(id, said, year.phaseNames)[language],
              failing.next.told[language],
            )
          : said;
        // Where it goes back the way is taken: what is left is to wait.
        const ways = failing.next ? [postponing] : waysOn(year, id, reason, 'again');
        tell(year, failing.next?.id ?? id, 'upgrade-failed', told, ['manager', 'consultant'], {
          ways: running ? ways : [],
        });
      }
      return { obligation: id, reason, ...failing.go(step, reason, fields.text('by')) };
    },
  };
}

/** Parts of a phase that failed, in words. */
function failedIn(year: Year, running: RunningPhase | undefined): string[] {
  const { failed = [] } = running ? missingParts(running.parts, year.state.checks) : {};
  const said = upgradeReasons.failedParts[year.input.language];
  const called = failed.map((part) => calledPart(year, running?.id ?? '', part)).join(', ');
  return failed.length > 0 ? [`${said}: ${called}`] : [];
}
