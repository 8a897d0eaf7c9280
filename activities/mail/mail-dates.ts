/** The dated things of a plan, as mails list them. */
import type { Instant } from '../../rules/engine/contract/contract';
import type { Obligation } from '../../rules/engine/plan/plan';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { phaseOfUpgrade } from '../../rules/engine/upgrade/phases';
import type { MailDate } from '../../templates/mails/mail-data';
import { addMinutes } from '../../rules/engine/calendar/dates';

/** The parts of an obligation's id that wording depends on. */
export interface Named {
  number?: number;
  extra?: true;
  phase?: string;
  step?: string;
}

export function named(id: string): Named {
  const [strand, rest] = id.split('/');
  const upgrade = phaseOfUpgrade(id);
  const number = upgrade ? undefined : /-(\d+)$/.exec(id)?.[1];
  return {
    ...(number === undefined ? {} : { number: Number(number) }),
    ...(isExtra(id) ? { extra: true } : {}),
    ...(upgrade && { phase: upgrade.phase }),
    ...(upgrade?.leftBy !== undefined && { leftBy: upgrade.leftBy }),
    ...(strand === 'start' && rest ? { step: rest } : {}),
  };
}

/** True for a meeting beyond those that the contract promises. */
export function isExtra(id: string): boolean {
  return id.startsWith('meeting-extra-');
}

/** When a meeting ends, as it is booked or as the terms say; other things have no end of their own. */
export function endsAt({ strand, dueAt, minutes }: Obligation, terms: Terms): { endsAt?: Instant } {
  return strand === 'meetings' ? { endsAt: addMinutes(dueAt, minutes ?? terms.meetings.lengthMinutes) } : {};
}

export function dateOf(obligation: Obligation, terms: Terms): MailDate {
  const { id, strand, dueOn, dueAt } = obligation;
  return { id, strand, ...named(id), on: dueOn, at: dueAt, ...endsAt(obligation, terms) };
}
