import type { Instant, LocalDate } from '../contract/contract';
import type { Notice, Obligation, YearPlan } from './plan';
import type { DigestTerms } from './plan-digests';
import { digestReaders, planDigests } from './plan-digests';
import { compare } from '../basics/compare';

/** An obligation that a re-plan adds, removes or moves. */
export interface ObligationChange {
  change: 'added' | 'removed' | 'moved';
  id: string;
  /** Due dates before and after. */
  from?: LocalDate;
  to?: LocalDate;
  /** Instants, given if the day stays and only the time of day moves. */
  fromAt?: Instant;
  toAt?: Instant;
  /** True if it falls due later than the terms say, because that day has passed. */
  late?: boolean;
}

/** A mail still to come that a re-plan adds, removes or moves. */
export interface MailChange {
  change: 'added' | 'removed' | 'moved';
  obligation: string;
  step: string;
  to: Notice['to'];
  template: Notice['template'];
  fromAt?: Instant;
  toAt?: Instant;
}

export interface PlanDiff {
  obligations: ObligationChange[];
  mails: MailChange[];
}

/** A planned year, and the terms it was planned by. */
export interface PlannedYear {
  plan: YearPlan;
  terms: DigestTerms;
}

/**
 * What becomes of a running year when it is planned again: of its open obligations, and of the mails still to come.
 *
 * @param closed ids of obligations that are closed: they stay as they are
 * @param asOf mails before this instant have gone out
 */
export function diffPlans(
  before: PlannedYear,
  after: PlannedYear,
  closed: ReadonlySet<string>,
  asOf: Instant,
): PlanDiff {
  const open = ({ plan }: PlannedYear): Map<string, Obligation> =>
    new Map(plan.obligations.filter(({ id }) => !closed.has(id)).map((one) => [one.id, one]));
  const [old, now] = [open(before), open(after)];
  const ids = [...new Set([...old.keys(), ...now.keys()])];
  return {
    obligations: ids
      .flatMap((id) => changeOf(id, old.get(id), now.get(id)) ?? [])
      .sort((a, b) => compare(a.to ?? a.from ?? '', b.to ?? b.from ?? '') || compare(a.id, b.id)),
    mails: [
      ...ids.flatMap((id) => mailChanges(id, old.get(id)?.notices, now.get(id)?.notices, asOf)),
      ...mailChanges('agreement', digestsAfter(before, asOf), digestsAfter(after, asOf), asOf),
    ].sort(
      (a, b) =>
        compare(a.toAt ?? a.fromAt ?? '', b.toAt ?? b.fromAt ?? '') || compare(a.obligation, b.obligation),
    ),
  };
}

/** The digests of both readers from an instant on. */
function digestsAfter({ plan: { from, to }, terms }: PlannedYear, since: Instant): Notice[] {
  return digestReaders.flatMap((reader) => planDigests({ from, to, since, terms }, reader));
}

function changeOf(id: string, old?: Obligation, now?: Obligation): ObligationChange | undefined {
  const late = now?.late === true && old?.late !== true ? { late: true } : {};
  if (old === undefined) return now && { change: 'added', id, to: now.dueOn, ...late };
  if (now === undefined) return { change: 'removed', id, from: old.dueOn };
  if (old.dueOn !== now.dueOn) return { change: 'moved', id, from: old.dueOn, to: now.dueOn, ...late };
  if (old.dueAt === now.dueAt) return undefined;
  return { change: 'moved', id, from: old.dueOn, to: now.dueOn, fromAt: old.dueAt, toAt: now.dueAt };
}

/** Changes of one obligation's mails still to come. A mail that went out and goes out again for a new date is added. */
function mailChanges(
  obligation: string,
  old: readonly Notice[] | undefined,
  now: readonly Notice[] | undefined,
  asOf: Instant,
): MailChange[] {
  const toCome = (notices: readonly Notice[] = []): Map<string, Notice> =>
    new Map(notices.filter(({ at }) => at >= asOf).map((notice) => [notice.step, notice]));
  const [before, after] = [toCome(old), toCome(now)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((step): MailChange[] => {
    const [was, is] = [before.get(step), after.get(step)];
    const known = (is ?? was) as Notice;
    const mail = { obligation, step, to: known.to, template: known.template };
    if (was === undefined) return [{ change: 'added', ...mail, toAt: known.at }];
    if (is === undefined) return [{ change: 'removed', ...mail, fromAt: known.at }];
    return was.at === is.at ? [] : [{ change: 'moved', ...mail, fromAt: was.at, toAt: is.at }];
  });
}
