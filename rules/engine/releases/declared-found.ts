/** What a contract says of versions, beside what checks found. */
import type { Contract, Instant } from '../contract/contract';
import { isVersion } from './versions';

/** A version that a check found. */
export interface SeenVersion {
  /** Id of the system, component or integration. */
  subject: string;
  /** The check that found it. */
  monitor: string;
  version: string;
  firstSeenAt: Instant;
  lastSeenAt: Instant;
  /** False if the check has found no version for an hour: what it found before may hold no longer. */
  isCurrent: boolean;
}

/** Something of a contract that has a version: what is declared, and what was found, if anything was. */
export interface DeclaredAndFound {
  subject: string;
  /** `unnamed`: a check of the rules found it, and the contract has nothing of that id. */
  kind: 'system' | 'component' | 'integration' | 'unnamed';
  /** Absent where the contract names it without a version. */
  declared?: string;
  found: SeenVersion[];
  /** Whether a check found another version than the contract declares, or one where it declares none. */
  differs: boolean;
}

/** All that has a version in a contract, systems with their components first, beside what was found of it. */
export function compareWithFound(
  { systems, integrations }: Pick<Contract, 'systems' | 'integrations'>,
  seen: readonly SeenVersion[],
): DeclaredAndFound[] {
  const declared: Omit<DeclaredAndFound, 'found' | 'differs'>[] = [
    ...Object.entries(systems).flatMap(([subject, { version, components = {} }]) => [
      { subject, kind: 'system' as const, declared: version },
      ...Object.entries(components).map(([id, of]) => ({
        subject: id,
        kind: 'component' as const,
        declared: of,
      })),
    ]),
    ...integrations.map(({ id, version }) => ({
      subject: id,
      kind: 'integration' as const,
      ...(version !== undefined && { declared: version }),
    })),
  ];
  const named: typeof declared = [
    ...declared,
    ...seen.map(({ subject }) => ({ subject, kind: 'unnamed' as const })),
  ];
  return named.filter(isFirst).map((one) => {
    const found = seen.filter(({ subject }) => subject === one.subject);
    return { ...one, found, differs: found.some((each) => isOther(one, each)) };
  });
}

/** One id may stand for a system and an integration: the first that has it is meant. */
const isFirst = (one: { subject: string }, index: number, all: readonly { subject: string }[]): boolean =>
  all.findIndex(({ subject }) => subject === one.subject) === index;

/** Whether what was found is another version than what is declared. */
export const isOther = ({ declared }: { declared?: string }, { version }: SeenVersion): boolean =>
  declared === undefined || !isVersion(declared, version);

/** The versions found that the contract does not declare, one by one. */
export const differencesIn = (all: readonly DeclaredAndFound[]): (SeenVersion & { declared?: string })[] =>
  all.flatMap((one) =>
    one.found
      .filter((each) => isOther(one, each))
      .map((each) => ({ ...each, ...(one.declared !== undefined && { declared: one.declared }) })),
  );
