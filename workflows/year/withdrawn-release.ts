/** Asks our own people what becomes of an upgrade whose release was withdrawn. */
import { upgradeReasons } from '../../templates/ui/upgrade-reasons';
import { clear, raiseAnew } from './journal';
import { tell } from './tell';
import { phaseWithGo } from './upgrades';
import type { Year } from './year';

/**
 * An upgrade under way needs a decision; one that has not begun waits for another release.
 * @param before the targets before the year was planned again
 */
export function askAboutWithdrawn(year: Year, before: Readonly<Record<string, string>> = {}): void {
  const { withdrawn = {}, targets = {} } = year.plan.upgrade ?? {};
  const { language } = year.input;
  const left = Object.keys(withdrawn);
  for (const { subject } of year.state.attention.filter(({ code }) => code === 'release-withdrawn'))
    if (!left.includes(subject)) clear(year, 'release-withdrawn', subject);
  if (year.open('upgrade').length === 0) return;
  for (const [system, { version, reason, replacedBy }] of Object.entries(withdrawn)) {
    const begun = targets[system] === version;
    const live = phaseWithGo(year, 'upgrade');
    const of = { system, version, begun, live, reason: reason[language], replacedBy };
    const detail = upgradeReasons.withdrawn(of)[language];
    const id = year.open('upgrade')[0]?.id ?? 'upgrade';
    if (before[system] !== undefined && raiseAnew(year, 'release-withdrawn', system, detail))
      tell(year, id, 'release-withdrawn', detail, ['manager', 'consultant']);
  }
}
