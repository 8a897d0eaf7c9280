/** The agreement's page in the Web UI: details, and the search attributes it is found by. Codes and ids only. */
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { condition, upsertSearchAttributes } from '@temporalio/workflow';
import { begunFrom } from '../../rules/engine/plan/begun-from';
import { goesTo, upgradeOfKey } from '../../rules/engine/plan/goes-to';
import { neededOf } from '../../rules/engine/releases/goes-with';
import type { Instant } from '../../rules/engine/contract/contract';
import type { HourBalance } from '../../rules/engine/hours/hour-bank';
import { isOwedByPeople } from '../../rules/engine/plan/owed-by-people';
import { localIn, momentIn } from '../../rules/engine/calendar/local-time';
import type { Obligation } from '../../rules/engine/plan/plan';
import type { CheckedPart, NextStep, Overview } from '../../templates/ui/overview';
import { shortId } from '../../rules/engine/basics/short-id';
import { monitorsIn } from '../../rules/engine/upgrade/monitored';
import type { Part } from '../../rules/engine/upgrade/parts';
import { phaseOn } from '../../rules/engine/upgrade/phase-on';
import { phaseOfUpgrade, takesSystemDown } from '../../rules/engine/upgrade/phases';
import { cutBytes } from '../../templates/ui/text';
import { unmonitored } from '../../templates/ui/unmonitored';
import { currentDetails } from '../../templates/ui/wording';
import { alertsOf } from './alerts';
import { nameOfCheck } from './name-of-check';
import { examplesNow } from './message-examples';
import { askedSince, isUnseen, monitorsOf, whyUnmonitored } from './monitored';
import { restUntil } from './night-rest';
import type { Year } from './year';
import type { CheckState, Step } from './year-state';
import type { RunningPhase } from './upgrades';
import { bookedSession } from './test-session';
import { isFinished, phaseWithGo, runningPhase, supportsOf, versionBefore } from './upgrades';

const yearNumberKey = defineSearchAttributeKey('YearNumber', SearchAttributeType.INT);
const phaseKey = defineSearchAttributeKey('Phase', SearchAttributeType.KEYWORD);
const upgradePhaseKey = defineSearchAttributeKey('UpgradePhase', SearchAttributeType.KEYWORD);
const nextDueKey = defineSearchAttributeKey('NextDue', SearchAttributeType.DATETIME);
const attentionKey = defineSearchAttributeKey('Attention', SearchAttributeType.KEYWORD_LIST);

/** Most next steps, and most points for attention, that the page lists. */
const [shownNext, shownAttention] = [8, 20] as const;
/** Most bytes of a text that is shown. */
const mostBytes = 160;

/** The page as it is now, in Markdown. */
export function pageOf(year: Year): string {
  const local = (instant: string): string => momentIn(year.calendar, instant);
  return currentDetails(overviewOf(year), year.input.language, local);
}

/** Keeps the search attributes up to date while the run lives: one update for all that is changed at once. */
export async function keepSearchAttributes(year: Year): Promise<never> {
  for (;;) {
    await condition(() => year.changed && year.state.plan !== undefined);
    year.changed = false;
    showSearchAttributes(year);
  }
}

function showSearchAttributes(year: Year): void {
  const due = year.plan.obligations.find((owed) => isOwedByPeople(owed) && !year.isClosed(owed.id))?.dueAt;
  const codes = [...new Set(year.state.attention.map(({ code }) => code))].sort();
  const upgrade = upgradeUnderWay(year);
  const attributes = JSON.stringify([year.number, year.phase, due, codes, upgrade]);
  if (attributes === year.shownAttributes) return;
  year.shownAttributes = attributes;
  upsertSearchAttributes([
    { key: yearNumberKey, value: year.number },
    { key: phaseKey, value: year.phase },
    { key: nextDueKey, value: due === undefined ? null : new Date(due) },
    { key: attentionKey, value: codes },
    { key: upgradePhaseKey, value: upgrade ?? null },
  ]);
}

/** The phase an upgrade is in, from the day its first one opens until its last one is closed. */
function upgradeUnderWay(year: Year): string | undefined {
  const all = year.obligations('upgrade');
  const isOpen = ({ id }: Obligation): boolean => !year.isClosed(id);
  if (!year.state.plan?.upgrade) {
    const first = all.find(isOpen);
    return first === undefined || (first === all[0] && first.opensAt > year.now())
      ? undefined
      : shortId(first.id);
  }
  // An agreed day may have put what comes next before what is done.
  const open = all.find((one) => isOpen(one) && (one.after === undefined || year.isClosed(one.after)));
  if (open === undefined || (all.every(isOpen) && open.opensAt > year.now())) return undefined;
  return shortId(open.id);
}

/** The agreement's state as data. */
export function overviewOf(year: Year): Overview {
  const { plan, closed, balance = plan?.balance, attention, rejected, last } = year.state;
  const strands = ['start', 'meetings', 'upgrade', 'renewal'] as const;
  const open = (plan?.obligations ?? []).filter((owed) => isOwedByPeople(owed) && !(owed.id in closed));
  return {
    agreement: year.agreement,
    ...(plan?.called && { customer: cutBytes(plan.called.customer, mostBytes) }),
    year: year.number,
    from: plan?.from ?? '',
    to: plan?.to ?? '',
    phase: year.phase,
    ruleset: plan?.rulesetHash ?? '',
    planRevision: plan?.revision ?? 0,
    next: open.slice(0, shownNext).map((owed) => nextStep(year, owed)),
    messages: examplesNow(year),
    alerts: alertsOf(year),
    contacts: (plan?.ids.contacts ?? []).map((id) => ({ id, roles: plan?.called?.roles[id] ?? [] })),
    checks: checksOf(year),
    ...standingUpgrades(year),
    ...upgradePhases(year),
    ...windowShown(year),
    ...waitsShown(year),
    ...hostShown(year),
    ...(Object.keys(year.phaseNames).length > 0 && { phaseNames: year.phaseNames }),
    ...freezeShown(year),
    ...(balance && { hours: hoursShown(balance) }),
    strands: strands.flatMap((strand) => {
      const all = (plan?.obligations ?? []).filter(
        (owed) => owed.strand === strand && closed[owed.id]?.state !== 'cancelled',
      );
      const done = all.filter(({ id }) => closed[id]?.state === 'done').length;
      return all.length === 0 ? [] : [{ strand, done, total: all.length }];
    }),
    ...agreedOn(year),
    attention: attention.slice(0, shownAttention),
    rejected,
    last,
    ...undoable(year),
  };
}

function nextStep(year: Year, obligation: Obligation): NextStep {
  const { id, owner, dueOn, dueAt, noDayLeft, nextYear } = obligation;
  return {
    id,
    owner,
    on: dueOn,
    ...meetingAt(year, obligation),
    overdue: dueAt < year.now(),
    ...(noDayLeft && { noDayLeft }),
    ...(nextYear && { nextYear }),
    ...(sharesDay(year, obligation) && { sharesDay: true }),
  };
}

/** Whether a late start leaves a phase of the upgrade no day of its own. */
const sharesDay = (year: Year, { id, strand, dueOn }: Obligation): boolean =>
  strand === 'upgrade' &&
  year
    .obligations('upgrade')
    .some((other) => other.id !== id && other.dueOn === dueOn && !year.isClosed(other.id));

/** When a meeting is, and where and for how long one that is booked. */
function meetingAt(year: Year, { id, strand, dueAt, booked, ...planned }: Obligation): Partial<NextStep> {
  if (strand !== 'meetings') return {};
  const at = localIn(year.calendar, dueAt).time;
  if (booked !== true) return { at, booked: false };
  const { place = planned.place, minutes = planned.minutes ?? year.plan.meetings.lengthMinutes } =
    year.state.meetings[id]?.booked ?? {};
  return { at, booked: true, minutes, ...(place === undefined ? {} : { place: cutBytes(place, mostBytes) }) };
}

/**
 * The parts of the upgrade: of the phase that is on all, of others what is reported, which stays visible to the end.
 */
function checksOf(year: Year): CheckedPart[] {
  if (!year.state.plan) return [];
  if (!year.plan.upgrade) return checksUntold(year);
  return year.obligations('upgrade').flatMap((owed): CheckedPart[] => {
    const running = runningPhase(year, owed.id);
    if (!running) return [];
    const isOn = !year.isClosed(owed.id) && isReady(year, owed);
    const told = supportsOf(year, running.upgrade, running.planned).filter(
      ({ key }) => year.state.checks[key],
    );
    return [...running.parts, ...told].flatMap((part) => {
      const result = year.state.checks[part.key];
      const monitored = part.kind === 'integration' && monitoredPart(year, running, part);
      const booked = part.kind === 'session' && !result && bookedShown(year, running);
      const isShown = isOn || result !== undefined || (booked && booked.booked);
      return isShown ? [{ ...checkedPart(year, owed.id, part, result), ...monitored, ...booked }] : [];
    });
  });
}

/** When the session of a test is, or that it is not booked; nothing in plans that tell no cases. */
function bookedShown(year: Year, running: RunningPhase): Pick<CheckedPart, 'booked'> {
  if (!year.plan.upgrade?.cases) return {};
  const { time, note } = bookedSession(year, running) ?? {};
  if (time === undefined) return { booked: null };
  return { booked: { at: time, ...(note !== undefined && { place: cutBytes(note, mostBytes) }) } };
}

function checkedPart(year: Year, phase: string, part: Part, result: CheckState | undefined): CheckedPart {
  const { kind, id, words } = part;
  const from = versionBefore(year, part);
  const of = kind === 'support' ? id.replace(/^support-/, '') : id;
  const checked = { phase, kind, id: of, name: words ?? year.plan.called?.integrations[of] ?? of };
  const target = kind === 'system' ? targetShown(year, part) : undefined;
  if (!result)
    return {
      ...checked,
      ...(from !== undefined && { from }),
      ...(target !== undefined && { version: target }),
    };
  const { ok, version, waived, on: day, time, contact, by, at } = result;
  return {
    ...checked,
    ...(from !== undefined && { from }),
    ...(version !== undefined && { version }),
    ok,
    ...(waived && { waived: { by: cutBytes(waived.by, 60), reason: cutBytes(waived.reason, mostBytes) } }),
    ...(day !== undefined && { day }),
    ...(time !== undefined && { time }),
    ...(contact !== undefined && { contact }),
    ...(by !== undefined && { by: cutBytes(by, 60) }),
    on: localIn(year.calendar, at).on,
  };
}

/** The version that a system goes to or, where no release is its own, those that go with the release of the others. */
function targetShown({ plan, input }: Year, { id, key }: Part): string | undefined {
  const upgrade = upgradeOfKey(key);
  const { targets, goesWith } = goesTo(plan.upgrade, upgrade);
  return targets[id] ?? neededOf(goesWith, id, begunFrom(plan.upgrade, upgrade).systems)?.[input.language];
}

/** What the monitoring has to do with an integration. */
function monitoredPart(
  year: Year,
  running: RunningPhase,
  part: Part,
): Pick<CheckedPart, 'monitored' | 'asked' | 'unmonitored'> {
  const called = (ids: readonly string[]): string =>
    cutBytes(ids.map((id) => nameOfCheck(year, id).name ?? id).join(', '), mostBytes);
  const result = year.state.checks[part.key];
  const [at, by] = [askedSince(year, running, part), monitorsIn(result?.by)];
  const asked = at !== undefined && { asked: { checks: called(monitorsOf(year, part.id)), at } };
  if (result) return { ...asked, ...(by && { monitored: { checks: called(by), at: result.at } }) };
  if (monitorsOf(year, part.id).length === 0) return { unmonitored: unmonitored.none };
  if (isUnseen(year, running)) return { unmonitored: unmonitored.onCopy };
  const why = whyUnmonitored(year, part.id);
  return { ...asked, ...(why !== undefined && { unmonitored: cutBytes(why, mostBytes) }) };
}

/** Upgrades that do not simply go on: postponed, declined, rolled back, or in a further attempt. */
function standingUpgrades(year: Year): Pick<Overview, 'upgrades'> {
  const all = Object.values(year.state.upgrades).map(({ state, attempt, from, reason, lostSince }) => ({
    ...(state && { state }),
    ...(attempt !== undefined && { attempt }),
    ...(from !== undefined && { from }),
    ...(reason !== undefined && { reason: cutBytes(reason, mostBytes) }),
    ...(lostSince !== undefined && { lostSince }),
  }));
  const told = all.filter((one) => Object.keys(one).length > 0);
  return told.length > 0 ? { upgrades: told } : {};
}

/** A host that has not said yes, as long as something of the upgrade is open. */
function hostShown(year: Year): Pick<Overview, 'noConsent'> {
  const { noConsent } = year.state.plan?.upgrade ?? {};
  const isOpen = noConsent !== undefined && year.open('upgrade').length > 0;
  return isOpen ? { noConsent: cutBytes(noConsent, mostBytes) } : {};
}

/** What rests, from the planning of an upgrade until the system is up again; then that changes are stopped until the approval. */
function freezeShown(year: Year): Pick<Overview, 'freeze' | 'noChanges'> {
  const { upgrade } = year.state.plan ?? {};
  const isToCome = (owed: Obligation): boolean => {
    const running = runningPhase(year, owed.id);
    if (!running || !takesSystemDown(running.planned) || year.isClosed(owed.id)) return false;
    return phaseWithGo(year, running.upgrade) === undefined;
  };
  const all = year.state.plan ? year.obligations('upgrade') : [];
  const isOn = all.some((owed) => year.isClosed(owed.id) || isReady(year, owed)) && all.some(isToCome);
  if (!upgrade?.freeze) return {};
  if (isOn) return { freeze: upgrade.freeze };
  const isUp = ({ id }: Obligation): boolean => {
    const running = runningPhase(year, id);
    if (!running || !takesSystemDown(running.planned) || isFinished(year, running.upgrade)) return false;
    return year.state.closed[id]?.state === 'done' || phaseWithGo(year, running.upgrade) === id;
  };
  return all.some(isUp) ? { noChanges: true } : {};
}

/** When the system goes down for the year's own upgrade, and with whom that is shared, until it has. */
function windowShown(year: Year): Pick<Overview, 'upgradeWindow'> {
  const { window, installation } = year.state.plan?.upgrade ?? {};
  if (!window && !installation) return {};
  const isUp = phaseWithGo(year, 'upgrade') !== undefined;
  const down = isUp ? undefined : year.open('upgrade').find(({ opensAt }) => opensAt === window?.from);
  return {
    upgradeWindow: {
      ...(down && window && { window: { from: window.from, to: window.to } }),
      ...(installation && { shared: installation.with }),
    },
  };
}

/** The withdrawn releases in whose place an upgrade waits for another. */
function waitsShown(year: Year): Pick<Overview, 'waitsForRelease'> {
  const { upgrade } = year.state.plan ?? {};
  const all = [upgrade?.carried, upgrade].flatMap((one) =>
    Object.entries(one?.withdrawn ?? {}).filter(([system]) => one?.targets?.[system] === undefined),
  );
  if (all.length === 0 || year.open('upgrade').length === 0) return {};
  return { waitsForRelease: all.map(([system, { version, on }]) => ({ system, version, on })) };
}

/** The phase that each upgrade is in, from the day it is really on. */
function upgradePhases(year: Year): Pick<Overview, 'upgradePhases'> {
  if (!year.state.plan?.upgrade) return {};
  const owed = year
    .obligations('upgrade')
    .map((one) => ({ ...one, closedAt: year.state.closed[one.id]?.at }));
  const upgrades = [...new Set(owed.flatMap(({ id }) => phaseOfUpgrade(id)?.upgrade ?? []))];
  const all = upgrades.flatMap((name) => {
    const on = phaseOn(owed.filter(({ id }) => phaseOfUpgrade(id)?.upgrade === name));
    if (!on || on.phase.nextYear || on.since > year.now()) return [];
    const { id, owner, dueOn } = on.phase;
    const since = localIn(year.calendar, on.since).on;
    return [{ phase: shortId(id), since, today: year.today().on, owner, dueOn }];
  });
  return all.length > 0 ? { upgradePhases: all } : {};
}

/** Integrations and modules where the plan does not tell parts, from the day their phase opens or the first is reported. */
function checksUntold(year: Year): CheckedPart[] {
  const { ids, called } = year.plan;
  const kinds = [
    { kind: 'integration', phase: 'upgrade/integrations', all: ids.integrations },
    { kind: 'module', phase: 'upgrade/test', all: ids.modules },
  ] as const;
  return kinds.flatMap(({ kind, phase, all }) => {
    const results = all.map((id) => ({ id, result: year.state.checks[`${kind}/${id}`] }));
    const owed = year.obligation(phase);
    const isOpen = owed !== undefined && !year.isClosed(phase) && isReady(year, owed);
    if (!isOpen && results.every(({ result }) => result === undefined)) return [];
    return results.map(({ id, result }) => ({
      kind,
      id,
      name: called?.integrations[id] ?? id,
      ...(result && { ok: result.ok, on: localIn(year.calendar, result.at).on }),
    }));
  });
}

/** Whether a phase can be acted on: its day has come, and the phase before it is closed. */
const isReady = (year: Year, { opensAt, after }: Obligation): boolean =>
  opensAt <= year.now() && (after === undefined || year.isClosed(after));

/** Actions that are not done, open improvements, and monitoring that is paused. */
function agreedOn(year: Year): Pick<Overview, 'actions' | 'improvements' | 'paused'> {
  const { actions, improvements, pauses } = year.state;
  const today = year.today().on;
  return {
    actions: Object.entries(actions)
      .filter(([, { done }]) => done !== true)
      .map(([id, { what, owner, dueOn }]) => ({
        ...{ id, owner, dueOn, overdue: dueOn < today },
        what: cutBytes(what, mostBytes),
      }))
      .sort((a, b) => (a.dueOn < b.dueOn ? -1 : Number(a.dueOn > b.dueOn))),
    improvements: Object.entries(improvements).flatMap(([id, { title, state }]) =>
      state === 'proposed' || state === 'accepted' ? [{ id, title: cutBytes(title, mostBytes), state }] : [],
    ),
    paused: Object.entries(pauses)
      .filter(([, { until }]) => until >= today)
      .map(([monitor, pause]) => ({ monitor, ...nameOfCheck(year, monitor), ...pause })),
  };
}

/** When mails go out to the customer that wait because of a step: those held, and the invitation to what it booked. */
function waitingForCustomer(year: Year, { number, at }: Step): Instant[] {
  const { heldMails, meetings } = year.state;
  const held = heldMails.filter(({ step, mail }) => step === number && mail.to === 'customer');
  const invitations = Object.entries(meetings).filter(
    ([, { booked, invited }]) => booked?.since === at && invited !== booked.revision,
  );
  return [
    ...held.map((each) => each.at),
    ...invitations.map(([obligation]) => restUntil(year, { obligation, to: 'customer' }, year.heldUntil(at))),
  ];
}

/** The step that can be undone, and how long its mails to the customer wait. */
function undoable(year: Year): Pick<Overview, 'undo'> {
  const last = year.state.steps.at(-1);
  if (!last) return {};
  const { number, name, at } = last;
  const [heldUntil] = waitingForCustomer(year, last).sort();
  const waits = heldUntil !== undefined && heldUntil > year.now();
  return { undo: { step: number, name, at, ...(waits && { heldUntil }) } };
}

function hoursShown({ contracted, rolledIn, added, used }: HourBalance): NonNullable<Overview['hours']> {
  return { contracted, rolledIn, ...(added !== undefined && { added }), used };
}
