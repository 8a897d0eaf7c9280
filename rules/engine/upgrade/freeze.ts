/** The freeze (ändringsstopp): what is stopped before an upgrade and started after it, in order, and by whom. */
import type { Text } from '../basics/text';
import type { Contract, Integration, Party } from '../contract/contract';
import type { UpgradeTerms } from '../ruleset/terms';

/** Something that rests while the system is upgraded. */
export interface FrozenLine {
  what: Text;
  /** Who stops and starts it. */
  by: Party | 'partner';
}

/** What rests, in the order in which it is stopped; it is started in the reverse order. */
export function freezeOf(
  { freeze = {} }: Pick<UpgradeTerms, 'freeze'>,
  { integrations }: Pick<Contract, 'integrations'>,
): FrozenLine[] {
  return Object.entries(freeze)
    .filter(([, { omitted }]) => omitted !== true)
    .sort(([a, one], [b, other]) => one.order - other.order || (a < b ? -1 : 1))
    .flatMap(([, { sv, en, by, each }]): FrozenLine[] =>
      each === 'integration'
        ? integrations.map(({ name, owner }) => ({
            what: { sv: `${sv} ${name}`, en: `${en} ${name}` },
            by: owner === 'supplier' ? by : owner,
          }))
        : [{ what: { sv, en }, by }],
    );
}

/** Integrations that somebody else answers for, by their ids. */
export const othersOf = (integrations: readonly Integration[]): string[] =>
  integrations.filter(({ owner }) => owner !== 'supplier').map(({ id }) => id);
