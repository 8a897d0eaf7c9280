/** What a version that starts does about the ruleset in force. */

export type RulesetAtStart = 'publish-first' | 'replace' | 'keep' | 'refuse-newer' | 'refuse-unreadable';

/**
 * Decides whether a version that starts puts its own rule files in force: only if none are, or if an earlier version
 * wrote those in force and this one can no longer read them. The older of two versions side by side does nothing.
 *
 * @param inForce the ruleset in force: the format it was written in and, if this version cannot read it, why not
 * @param format the format that this version writes
 */
export function decideRulesetAtStart(
  inForce: { format: number; unreadable?: string | undefined } | undefined,
  format: number,
): RulesetAtStart {
  if (inForce === undefined) return 'publish-first';
  if (inForce.format > format) return 'refuse-newer';
  if (inForce.unreadable === undefined) return 'keep';
  return inForce.format < format ? 'replace' : 'refuse-unreadable';
}
