/** What the customer decides about the upgrade, and a year without a newer version. */
import type { UpgradeNews } from '../../activities/mail/notice';
import type { Text } from '../../rules/engine/basics/text';
import { addDays } from '../../rules/engine/calendar/dates';
import { takesSystemDown } from '../../rules/engine/upgrade/phases';
import { kinds, reasons } from '../../templates/ui/reasons';
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import type { Fields } from '../messages/fields';
import { record } from '../year/journal';
import { closeObligation } from '../year/obligations';
import { replanSoon } from '../year/plan-year';
import type { Verdict } from '../year/steps';
import { overOnceDown, settleTogether, tellOthers } from '../year/together';
import { forgetTold } from '../year/told-once';
import type { Year } from '../year/year';
import type { Step, UpgradeState } from '../year/year-state';
import { isFinished, phaseWithGo, phasesOfUpgrade, runningPhase } from '../year/upgrades';
import { openUpgrade } from './failed-phase';
import { callOffSessions } from './call-off-session';
import { tellCustomer } from './upgrade-news';

/** Days for which an upgrade can be postponed at most: the agreement promises one a year. */
const longestPostponement = 366;

/** The customer postpones the upgrade: its open phases are planned from the day on, in the next year if it lies there. */
export function judgePostponed(year: Year, fields: Fields): Verdict {
  const said = whoAndWhy(year, fields);
  if ('rejected' in said) return said;
  const until = fields.text('until');
  if (until === undefined) return { rejected: reasons.missing('until', kinds.date) };
  const today = year.today().on;
  const latest = addDays(today, longestPostponement);
  if (until <= today || until > latest)
    return { rejected: reasons.dayBetween('until', addDays(today, 1), latest, until) };
  return {
    accept: (step) => {
      const live = phaseWithGo(year, said.upgrade) !== undefined && { live: true as const };
      settle(
        year,
        step,
        said,
        { kind: 'postponed', on: until, ...live },
        { state: 'postponed', from: until },
      );
      // Once the system is upgraded each tests and approves its own: the others go on.
      if (!isInstalled(year, said.upgrade))
        tellOthers(year, step, { state: 'postponed', on: until, reason: said.reason });
      replanSoon(year, 'the upgrade was postponed');
      return { until, contact: said.contact, reason: said.reason };
    },
  };
}

/** Whether what people work in is upgraded. Plans made before tests had cases do not ask. */
const isInstalled = (year: Year, upgrade: string): boolean =>
  year.plan.upgrade?.cases !== undefined &&
  phasesOfUpgrade(year, upgrade).some((id) => {
    const planned = runningPhase(year, id)?.planned;
    return planned && takesSystemDown(planned) && year.state.closed[id]?.state === 'done';
  });

/** The customer does without this upgrade. */
export function judgeDeclinedUpgrade(year: Year, fields: Fields): Verdict {
  const said = whoAndWhy(year, fields);
  if ('rejected' in said) return said;
  if (phaseWithGo(year, said.upgrade) !== undefined) return { rejected: upgradeReasons.alreadyLive };
  return {
    accept: (step) => {
      for (const id of said.open) closeObligation(year, id, { state: 'declined', by: said.contact });
      tellOthers(year, step, { state: 'declined', reason: said.reason });
      settleTogether(year, overOnceDown);
      settle(year, step, said, { kind: 'declined' }, { state: 'declined' });
      return { contact: said.contact, reason: said.reason };
    },
  };
}

/** There is no newer version this year: the upgrade falls away, and the customer is told so. */
export function judgeNotNeeded(year: Year, fields: Fields): Verdict {
  const found = openUpgrade(year);
  if (!found || !year.plan.upgrade) return { rejected: reasons.nothingOpen('upgrade') };
  const reason = fields.text('reason');
  if (reason === undefined) return { rejected: reasons.missing('reason', kinds.text) };
  if (
    found.upgrade !== 'upgrade' ||
    year.obligations('upgrade').some(({ id }) => year.state.closed[id]?.state === 'done')
  )
    return { rejected: upgradeReasons.begun(phaseWithGo(year, found.upgrade) !== undefined) };
  const [newer] = Object.entries(year.plan.upgrade.targets ?? {});
  if (newer) return { rejected: upgradeReasons.isNewer(...newer) };
  return {
    accept: (step) => {
      const by = fields.text('by') ?? 'consultant';
      for (const id of found.open) closeObligation(year, id, { state: 'cancelled', by, note: reason });
      settleTogether(year, overOnceDown);
      const said = { ...found, contact: undefined, reason };
      settle(year, step, said, { kind: 'noRelease' }, { state: 'noRelease', by });
      return { reason };
    },
  };
}

interface Said {
  upgrade: string;
  open: string[];
  contact: string | undefined;
  reason: string;
}

/** Which upgrade is meant, who of the customer says so, and why; or what is missing. */
function whoAndWhy(year: Year, fields: Fields): (Said & { contact: string }) | { rejected: Text } {
  const found = openUpgrade(year);
  if (!found || !year.plan.upgrade) return { rejected: reasons.nothingOpen('upgrade') };
  const { approvers } = year.plan.upgrade;
  if (isFinished(year, found.upgrade)) return { rejected: upgradeReasons.approved };
  const contact = fields.text('contact');
  if (contact === undefined || !approvers.includes(contact))
    return { rejected: upgradeReasons.mayNotApprove(approvers, contact ?? '-') };
  const reason = fields.text('reason');
  return reason === undefined
    ? { rejected: reasons.missing('reason', kinds.text) }
    : { ...found, contact, reason };
}

/** Keeps how the upgrade stands, tells the customer in writing, and puts it on the next agenda. */
function settle(
  year: Year,
  step: Step,
  { upgrade, open, contact, reason }: Said,
  news: Pick<UpgradeNews, 'kind' | 'on' | 'live'>,
  stands: UpgradeState,
): void {
  const by = contact ?? stands.by;
  // What was lost by a restoration stays lost, and what an earlier year had closed is still to be done again.
  const { attempt, lostSince, again, untried } = year.state.upgrades[upgrade] ?? {};
  year.state.upgrades[upgrade] = {
    ...(attempt !== undefined && { attempt }),
    ...(lostSince !== undefined && { lostSince }),
    ...(again && { again }),
    ...(untried !== undefined && { untried }),
    ...stands,
    reason,
    ...(by !== undefined && { by }),
  };
  callOffSessions(year, step, upgrade);
  forgetTold(year, open);
  const [id = 'upgrade'] = open;
  tellCustomer(year, step, id, { ...news, reason, ...(contact !== undefined && { contact }) });
  const text = upgradeReasons.forTheMeeting(news.kind, reason, news.on)[year.input.language];
  const note = {
    id: `${year.number}-${step.number}`,
    kind: 'upgrade' as const,
    text,
    by: by ?? 'consultant',
    withdrawn: false,
  };
  step.note = note;
  record(year, { kind: 'row', ref: 'note', detail: {}, note });
}
