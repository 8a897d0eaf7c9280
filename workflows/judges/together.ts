/**
 * What becomes of an installation that agreements share, as the year of one of them tells the others: it is upgraded once, and
 * rolled back once; each tests and approves its own companies.
 */
import type { ToldTogether } from '../../activities/years/upgrade-together';
import { localIn, momentIn } from '../../rules/engine/calendar/local-time';
import type { Instant, LocalDate } from '../../rules/engine/contract/contract';
import type { PartKind } from '../../rules/engine/upgrade/parts';
import { reasons } from '../../templates/ui/reasons';
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import { lostLine } from '../../templates/ui/upgrade-standing';
import type { Fields } from '../messages/fields';
import { raiseAnew, record } from '../year/journal';
import { closeObligation } from '../year/obligations';
import { replanSoon } from '../year/plan-year';
import type { Verdict } from '../year/steps';
import type { LookedAt } from '../year/together';
import { isSharedSystem, lookedAt, settleOnceInstalled, settleTogether, shared } from '../year/together';
import type { RunningPhase } from '../year/upgrades';
import { tell } from '../year/tell';
import { isFinished, isTouched, phasesOfUpgrade, runningPhase } from '../year/upgrades';
import type { Year } from '../year/year';
import type { CheckState, HeldMail } from '../year/year-state';
import { attemptTogether, beginAnew, openAnew, openUpgrade, replanAnew, rollBack } from './failed-phase';
import { followOn } from './follow-on';
import { momentField } from './production';
import { setResult } from './upgrade';
import { newsOfInstalled, tellCustomer } from './upgrade-news';
import { planForInstalled } from './upgrade-versions';

const states: readonly ToldTogether['state'][] = [
  ...(['planned', 'upgraded', 'rolledBack', 'postponed', 'declined', 'undone'] as const),
];

export function judgeTogether(year: Year, fields: Fields): Verdict {
  const given = fields.text('state');
  const state = states.find((one) => one === given);
  if (!state) return { rejected: reasons.oneOf('state', states, given ?? '-') };
  const of = fields.text('of') ?? '-';
  return {
    accept: () => {
      if (state === 'upgraded') return { of, state, ...upgradedWith(year, of, fields) };
      if (state === 'rolledBack') return { of, state, ...rolledBackWith(year, of, fields) };
      if (state === 'undone' && fields.text('what') === 'upgraded')
        return { of, state, ...undoneWith(year, of) };
      return { of, state, ...look(year, of, state, fields.text('on') ?? fields.text('reason')) };
    },
  };
}

/** The phases of the open upgrade up to the one in which the system is upgraded. */
function untilUpgraded(year: Year, kind: string): { upgrade: string; phases: RunningPhase[] } | undefined {
  const found = openUpgrade(year);
  if (!found) return undefined;
  const phases = phasesOfUpgrade(year, found.upgrade).flatMap((id) => runningPhase(year, id) ?? []);
  const upgraded = phases.findIndex(({ planned }) => planned.kind === kind);
  return { upgrade: found.upgrade, phases: phases.slice(0, upgraded + 1) };
}

/** The system is upgraded: what precedes that cannot be done any more, and stands as accepted with the other agreement. */
function upgradedWith(year: Year, of: string, fields: Fields): Record<string, unknown> {
  const { phases = [] } = untilUpgraded(year, fields.text('kind') ?? 'technical') ?? {};
  const open = phases.filter(({ id }) => !year.isClosed(id));
  const [last] = open.slice(-1);
  if (!last) return { repeat: true };
  // What its own customer has not approved does not go live with another's word.
  if (last.planned.kind === 'production' && open.length > 1) return look(year, of, 'upgraded');
  const versions = fields.versions('versions');
  const reason = upgradeReasons.upgradedWith(of)[year.input.language];
  for (const { id, parts } of open) {
    for (const part of parts) {
      const known = year.state.checks[part.key];
      if (known?.ok) continue;
      const version = isSharedSystem(year, part.id) ? versions[part.id] : undefined;
      const isDone = id === last.id && (part.kind !== 'system' || version !== undefined);
      const on = part.kind === 'date' && { on: dayThere(year, fields) };
      const time = timeThere(year, part.kind, fields);
      const result: CheckState = {
        ...{
          ok: isDone || part.kind === 'date',
          at: year.now(),
          by: of,
          ...on,
          ...(time !== undefined && { time }),
        },
        ...(isDone ? version !== undefined && { version } : { waived: { by: of, reason } }),
      };
      setResult(year, id, part, result);
    }
    closeObligation(year, id, { state: 'done', by: of });
  }
  settleOnceInstalled(year, last);
  planForInstalled(year, last, 'another agreement');
  const news = newsOfInstalled(last.planned);
  if (news) tellCustomer(year, undefined, last.id, { kind: news });
  if (last.planned.kind === 'production' && isFinished(year, last.upgrade))
    record(year, { kind: 'row', ref: last.upgrade, detail: {}, upgraded: { upgrade: last.upgrade } });
  followOn(year, last);
  const own = last.parts.filter(({ kind, id, key }) => {
    return kind === 'system' && !isSharedSystem(year, id) && year.state.checks[key]?.waived?.by === of;
  });
  const unsaid = own.map(({ id }) => upgradeReasons.ownSystem(last.id, id)[year.input.language]).join('; ');
  return {
    closed: open.map(({ id }) => id),
    ...(open.length > 1 && look(year, of, 'upgraded')),
    ...(own.length > 0 && look(year, of, 'ownSystems', unsaid)),
  };
}

/** The day of the upgrade as the other agreement has it: the agreed one, or that on which the system was taken down. */
function dayThere(year: Year, fields: Fields): LocalDate {
  const began = momentField(year, fields, 'began');
  return fields.text('on') ?? localIn(year.calendar, began ?? year.now()).on;
}

/** When something was done there that is done once for all. */
function timeThere(year: Year, kind: PartKind, fields: Fields): Instant | undefined {
  if (kind === 'go') return momentField(year, fields, 'goAt');
  return kind === 'began' || kind === 'ended' ? momentField(year, fields, kind) : undefined;
}

/** The system is as before: this agreement begins anew as well, unless nothing of its upgrade is done or it has done so. */
function rolledBackWith(year: Year, of: string, fields: Fields): Record<string, unknown> {
  const found = openUpgrade(year);
  const reason = fields.text('reason') ?? '';
  const lostSince = momentField(year, fields, 'lostSince');
  if (!found) return lookRolledBack(year, of, reason, lostSince);
  const { upgrade, open } = found;
  const phases = phasesOfUpgrade(year, upgrade);
  const [first = '', last = first] = [phases[0], open[0]];
  const standing = year.state.upgrades[upgrade];
  const attempt = fields.number('attempt') ?? 2;
  const known = attemptTogether(standing);
  if (known >= attempt) return { repeat: true };
  if (!isTouched(year, upgrade)) {
    // Its customer was told of nothing that could be taken back, and here nothing was tried.
    const untried = (standing?.untried ?? 0) + attempt - known;
    year.state.upgrades[upgrade] = { ...standing, untried };
    return lookRolledBack(year, of, reason, lostSince);
  }
  beginAnew(year, upgrade, last);
  const running = runningPhase(year, last);
  const restored = { by: of, ...(lostSince !== undefined && { lostSince }) };
  if (running) rollBack(year, undefined, running, reason, restored);
  replanAnew(year, `the installation was rolled back with ${of}`);
  return lookRolledBack(year, of, reason, lostSince);
}

/** Has our own people look at what was rolled back or, where people had worked in it, restored, and what is lost by that. */
function lookRolledBack(
  year: Year,
  of: string,
  reason: string,
  lostSince: Instant | undefined,
): Record<string, unknown> {
  if (lostSince === undefined) return look(year, of, 'rolledBack', reason);
  const since = momentIn(year.calendar, lostSince);
  return look(year, of, 'rolledBack', `${reason} (${lostLine(since, year.input.language)})`, 'restored');
}

/** It was not upgraded after all: what was closed because of it is open again. */
function undoneWith(year: Year, of: string): Record<string, unknown> {
  const all = year.obligations('upgrade').map(({ id }) => id);
  const closed = all.filter((id) => year.state.closed[id]?.by === of);
  for (const id of closed) {
    const { parts = [] } = runningPhase(year, id) ?? {};
    const before = parts.flatMap(({ key }) => {
      const result = year.state.checks[key];
      return result && result.by !== of ? [[key, result] as const] : [];
    });
    openAnew(year, id);
    for (const [key, result] of before) year.state.checks[key] = result;
  }
  const isOfIt = ({ mail }: HeldMail): boolean => mail.news !== undefined && closed.includes(mail.obligation);
  year.state.heldMails = year.state.heldMails.filter((held) => !isOfIt(held));
  if (closed.length > 0) replanSoon(year, `the installation was not upgraded with ${of} after all`);
  return { opened: closed, ...look(year, of, 'undone') };
}

/** Has our own people look at it. */
function look(
  year: Year,
  of: string,
  state: LookedAt,
  more = '',
  words: LookedAt | 'restored' = state,
): Record<string, unknown> {
  // What an agreement says takes the place of what it said before; its own systems are told beside.
  if (state !== 'ownSystems')
    settleTogether(
      year,
      lookedAt.filter((one) => one !== state),
      of,
    );
  const detail = upgradeReasons.together(words, of, more)[year.input.language];
  const id = year.open('upgrade')[0]?.id ?? 'upgrade';
  if (raiseAnew(year, shared, `${of} ${state}`, detail))
    tell(year, id, shared, detail, ['manager', 'consultant']);
  return { told: state };
}
