import { factNames } from '../ruleset/facts';
import type { FactName, Facts } from '../ruleset/facts';

/** What an example of a manager is about where it says nothing else: a small agreement of the level Guld. */
const defaults: Facts = {
  level: 'guld',
  customer: 'annan-kund',
  agreement: 'annat-avtal',
  language: 'sv',
  currency: 'sek',
  date: '2027-01-01',
  yearNumber: 1,
  contractedHours: 50,
  integrationCount: 0,
  integrations: [],
  systems: ['visma-business'],
  systemVersions: [],
  monitorKinds: [],
};

/** A fact's default, as the schema tells it to whoever writes an example. */
export function defaultOf(fact: FactName): Facts[FactName] {
  return defaults[fact]!;
}

/**
 * All facts of an example. Facts that follow from others are filled from them: the number of integrations from their
 * list, systems from those with a version.
 */
export function exampleFacts(given: Partial<Facts>): Facts {
  const derived: Partial<Facts> = {
    ...(given.integrations && { integrationCount: given.integrations.length }),
    ...(given.systemVersions && {
      systems: [...new Set(given.systemVersions.map((version) => version.split(' ')[0] ?? ''))].sort(),
    }),
  };
  return Object.fromEntries(
    factNames.map((fact) => [fact, given[fact] ?? derived[fact] ?? defaults[fact]]),
  ) as Facts;
}
