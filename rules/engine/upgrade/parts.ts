/** What each phase of an upgrade owes, part by part, and what is still missing. */
import type { Text } from '../basics/text';
import type { ContactRole, Instant, LocalDate } from '../contract/contract';
import type { PlannedPhase } from './phases';
import type { PlannedCase } from './test-cases';
import { changesProduction } from './phases';

/**
 * - `check`: one of the phase's own checks, by its number
 * - `system`: a system of the contract, with the version it was upgraded to
 * - `integration`: an integration
 * - `module`: what the customer tests: a case or, in plans without cases, a system or an integration
 * - `date`: the day that is agreed with the customer
 * - `session`: the day on which we led the customer through the tests
 * - `decision`: the contact who approves
 * - `began`, `ended`: when the system was taken down, and when people were let into it again
 * - `smokeTested`: the key user who tried it before that
 * - `go`: who decided that the new version stays, and when
 * - `booked`: the time that is booked for the session; told, and owed by no phase
 * - `support`: what a partner says of its integration before the upgrade; told, and owed by no phase
 */
export type PartKind =
  | 'check'
  | 'system'
  | 'integration'
  | 'module'
  | 'date'
  | 'session'
  | 'decision'
  | 'support'
  | 'booked'
  | 'lapsed'
  | ProductionPart;

/** What changing the production owes, in the order in which it happens. */
export const productionParts = ['began', 'smokeTested', 'go', 'ended'] as const;
export type ProductionPart = (typeof productionParts)[number];

/** Parts that there is one of in a phase; messages name them by their kind. */
export const isSinglePart = (kind: PartKind): boolean =>
  /^(date|session|decision)$/.test(kind) || productionParts.some((part) => part === kind);

export interface Part {
  /** By which it is named in messages: `2`, `visma-business`, `session`. Unique within its phase. */
  id: string;
  kind: PartKind;
  /** Under which its result is kept. */
  key: string;
  /** What a check or a test case says. */
  words?: Text;
}

/** What was last said of a part. */
export interface PartResult {
  ok: boolean;
  /** The version it has now. */
  version?: string;
  /** The agreed day, or the day of the session. */
  on?: LocalDate;
  /** When it began or ended, or was decided; of a booked session, when it begins. */
  time?: Instant;
  /** How long a booked session is. */
  minutes?: number;
  /** The contact who approved or tried it, or who decided. */
  contact?: string;
  note?: string;
  /** What is to be tested does not concern the customer; it counts as passed. */
  notApplicable?: true;
  /** It failed, and the customer is asked to test it again. */
  retest?: true;
  /** Of a decision: the hash of the results that it stands for. */
  shown?: string;
  /** Who accepted that it failed or was never reported, and why. */
  waived?: { by: string; reason: string };
}

/** Ids of the contract that parts are made of. */
export interface PartIds {
  systems: readonly string[];
  integrations: readonly string[];
  /** What is tested: systems and integrations. */
  modules: readonly string[];
  /** What is tested instead, where the plan tells it case by case. */
  cases?: readonly PlannedCase[] | undefined;
}

/**
 * The parts of a phase, in the order in which they are told.
 * @param upgrade the upgrade it belongs to: `upgrade`, or `upgrade-1` for one that year 1 left
 */
export function partsOf(upgrade: string, phase: PlannedPhase, ids: PartIds): Part[] {
  const before = upgrade === 'upgrade' ? '' : `${upgrade}:`;
  const of = (kind: PartKind, all: readonly string[]): Part[] =>
    all.map((id) => ({ id, kind, key: `${before}${kind}/${id}` }));
  const tested = (cases: readonly PlannedCase[]): Part[] =>
    cases.map((one) => ({ kind: 'module', key: `${before}module/${one.id}`, ...one }));
  const single = (kind: PartKind): Part => ({ id: kind, kind, key: `${before}${kind}/${phase.id}` });
  const checks = phase.checks.map((words, index): Part => ({
    id: String(index + 1),
    kind: 'check',
    key: `${before}check/${phase.id}/${index + 1}`,
    words,
  }));
  const inProduction = (installed: Part[]): Part[] =>
    changesProduction(phase)
      ? [single('began'), ...installed, single('smokeTested'), single('go'), single('ended')]
      : installed;
  switch (phase.kind) {
    case 'plan':
      return [single('date'), ...checks];
    case 'technical':
      return inProduction([...of('system', ids.systems), ...checks]);
    case 'production':
      return inProduction(checks);
    case 'integrations':
      return [...of('integration', ids.integrations), ...checks];
    case 'test':
      return [single('session'), ...(ids.cases ? tested(ids.cases) : of('module', ids.modules)), ...checks];
    case 'approval':
      return [single('decision'), ...checks];
    case 'checks':
      return checks;
  }
}

/** What a partner says of its integration before an upgrade: is it supported, and does the date suit? */
export const supportOf = (upgrade: string, integration: string): Part => ({
  id: `support-${integration}`,
  kind: 'support',
  key: `${upgrade === 'upgrade' ? '' : `${upgrade}:`}support/${integration}`,
});

/** The time that is booked for the session of a test: `time` when it begins, `note` where it is. */
export const bookingOf = (upgrade: string, phase: string): Part => ({
  id: 'booked',
  kind: 'booked',
  key: `${upgrade === 'upgrade' ? '' : `${upgrade}:`}booked/${phase}`,
});

/** Under which an approval is kept that the results have changed since: it holds again if they come back to what it stands for. */
export const lapsedKey = (upgrade: string): string =>
  `${upgrade === 'upgrade' ? '' : `${upgrade}:`}lapsed/approval`;

/** Who of us told an approval; nobody where it was given on the customer's page, by whoever approves. */
export const approvalToldBy = ({
  by = 'consultant',
  contact,
}: {
  by?: string;
  contact?: string;
}): string | undefined => (by === contact ? undefined : by);

/** The approval that the results have changed since. */
export const lapsedOf = (upgrade: string): Part => ({
  id: 'lapsed',
  kind: 'lapsed',
  key: lapsedKey(upgrade),
});

/** The parts that keep a phase open: those that failed and those nobody reported. One that somebody accepted does not. */
export function missingParts(
  parts: readonly Part[],
  results: Readonly<Record<string, PartResult>>,
): { failed: Part[]; unreported: Part[] } {
  return {
    failed: parts.filter(({ key }) => results[key]?.ok === false && !results[key].waived),
    unreported: parts.filter(({ key }) => results[key] === undefined),
  };
}

/** Who of the customer tries the new version before people are let in: somebody who tests, or who owns the system. */
export function keyUserOf(
  contacts: readonly { id: string; roles: readonly ContactRole[] }[],
): string | undefined {
  const first = (role: ContactRole): string | undefined =>
    contacts.find(({ roles }) => roles.includes(role))?.id;
  return first('tester') ?? first('system-owner') ?? contacts[0]?.id;
}

/** What is known when a phase is completed. */
export interface KnownOfPhase {
  versions: Readonly<Record<string, string>>;
  next: LocalDate;
  last: LocalDate;
  /** When the system was taken down and people were let in again, and when that was decided. */
  began?: string;
  ended?: string;
  goAt?: string;
  /** Who may approve, who decided that the new version stays, and who tried it. */
  contact?: string;
  decidedBy?: string;
  keyUser?: string;
}

/**
 * The message that completes a phase with everything passed, to be sent as it is or with what was otherwise.
 * @param known versions the systems are upgraded to, times and people, as far as they are known; the next working day and the
 *   last one. What nobody knows is left blank, and asked for while it is
 */
export function completingMessage(
  phase: PlannedPhase,
  parts: readonly Part[],
  known: KnownOfPhase,
): Record<string, unknown> {
  const has = (kind: PartKind): boolean => parts.some((part) => part.kind === kind);
  const systems = parts.filter(({ kind }) => kind === 'system');
  const versions = systems.flatMap(({ id }) => {
    const version = known.versions[id];
    return version === undefined ? [] : [[id, version]];
  });
  return {
    phase: phase.id,
    ...(has('date') && { on: known.next }),
    ...(has('session') && { session: known.last }),
    ...(has('decision') && { contact: known.contact ?? '' }),
    ...(has('began') && { began: known.began ?? '' }),
    ...(has('smokeTested') && { smokeTested: known.keyUser ?? '' }),
    ...(has('go') && { go: known.decidedBy ?? '', goAt: known.goAt ?? '' }),
    ...(has('ended') && { ended: known.ended ?? '' }),
    // A version that nobody knows is left out: it has to be filled in.
    ...(versions.length > 0 && { versions: Object.fromEntries(versions) }),
    ...(parts.some(({ kind }) => /^(check|system|integration|module)$/.test(kind)) && { passed: 'all' }),
  };
}

/** Fields of a message that are left blank for somebody to fill in; a note may stay blank. */
export const blankFields = (message: Readonly<Record<string, unknown>>): string[] =>
  Object.keys(message).filter((field) => message[field] === '' && field !== 'note');
