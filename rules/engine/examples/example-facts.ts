import { factNames } from '../ruleset/facts';
import type { FactName, Facts } from '../ruleset/facts';

/** The facts of a manager's example unless it gives others: a small agreement of the level Guld. */
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

/** A fact's default, for the schema to show to whoever writes an example. */
export function defaultOf(fact: FactName): Facts[FactName] {
  return defaults[fact]!;
}

/**
 * All facts of an example: those given, those that follow from them (the number of integrations from their list, the
 * systems from the versions), and defaults for the others.
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
