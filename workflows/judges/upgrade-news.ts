/** Tells the customer how an upgrade goes: before the system is down, when it is up again, approved, or put off. */
import type { UpgradeNews } from '../../activities/mail/notice';
import type { ContactRole, Party } from '../../rules/engine/contract/contract';
import type { PlannedPhase } from '../../rules/engine/upgrade/phases';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import { restUntil } from '../year/night-rest';
import { hold, withdraw } from '../year/steps';
import type { Year } from '../year/year';
import type { HeldMail, Mail, Step } from '../year/year-state';

/** News with a risk, or an end, that the customer's management hears of as well. */
const forManagement: readonly UpgradeNews['kind'][] = [
  'approved',
  'live',
  'restored',
  'unapproved',
  'completed',
  'postponed',
  'declined',
  'noRelease',
];

/** What the customer is told when a phase is completed that installs the new version. On a copy nobody works: nothing. */
export function newsOfInstalled({ kind, installs }: PlannedPhase): 'upgraded' | 'live' | undefined {
  if (kind === 'production') return 'live';
  return kind === 'technical' && installs !== 'copy' ? 'upgraded' : undefined;
}

/** Who of our own people gets the news, which bring the report. A manager hears of an upgrade that the customer has not approved. */
const forUs: Partial<Record<UpgradeNews['kind'], readonly Party[]>> = {
  approved: ['consultant'],
  unapproved: ['consultant', 'manager'],
  completed: ['consultant'],
};

/** News of what has happened to the system: what comes after does not make it untrue. */
const staysTrue: readonly UpgradeNews['kind'][] = ['rolledBack', 'restored'];

/**
 * Has the customer told; the mail waits while the step can be undone.
 * @param step none where the system tells the year what happened elsewhere
 * @param id the obligation it is about
 */
export function tellCustomer(year: Year, step: Step | undefined, id: string, news: UpgradeNews): void {
  const own = year.plan.upgrade?.roles ?? [];
  const roles: ContactRole[] = forManagement.includes(news.kind)
    ? [...new Set([...own, 'management' as const])]
    : own;
  const upgrade = phaseOfUpgrade(id)?.upgrade;
  const isOutdated = ({ mail }: HeldMail): boolean =>
    mail.template === 'upgrade-news' &&
    !staysTrue.includes(mail.news?.kind ?? 'planned') &&
    phaseOfUpgrade(mail.obligation)?.upgrade === upgrade;
  // What still waits is not true any more, but at the end; undoing this step has it wait again.
  if (news.kind !== 'completed') withdraw(year, step, isOutdated);
  const mail: Mail = {
    obligation: id,
    // Said again after a new attempt, it is a mail of its own.
    step: `news-${news.kind}-${step?.number ?? `with-${year.state.sequence}`}`,
    revision: year.obligation(id)?.revision ?? 1,
    template: 'upgrade-news',
    to: 'customer',
    roles,
    news,
  };
  // Also what another agreement's step causes waits: that step can be undone as long.
  hold(year, step, mail, restUntil(year, mail, year.heldUntil()));
  const { roles: _customers, ...ours } = mail;
  for (const to of (year.plan.upgrade?.reports && forUs[news.kind]) || [])
    hold(year, step, { ...ours, to }, year.heldUntil());
}
