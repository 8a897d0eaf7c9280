import { expectedFound } from '../basics/text';
import type { Text } from '../basics/text';
import { discountedRate, toMinorUnits } from '../hours/price';
import type { Finding } from '../reading/finding';
import { mergeParams } from '../terms/merge-params';
import type { OrdinaryPrice } from '../ruleset/read-prices';
import type { PhaseKind } from '../ruleset/phases';
import type { HourBankTerms, InvoicingTerms, UpgradeTerms } from '../ruleset/terms';
import { topicProblems } from '../ruleset/topic-problems';
import { phasesOf, plannedPhase, takesSystemDown } from '../upgrade/phases';
import type { Outcome } from './outcomes';
import type { PlacedRule } from './placed-rule';
import { findingIn } from './placed-rule';

/** A value that may be given, and hardly is what was meant. */
interface Doubt {
  /** The value that the rule gives, within the topic's terms; of several the one that was given last. */
  path: string[];
  orElse?: string[][];
  /** Where in it the doubt lies. */
  within: string[];
  message: Text;
}

/**
 * Finds values that contradict nothing and make no sense: a package that costs more than an hour of the bank, days before an
 * instalment that comes after its period, an approval before the test, a system that goes down before that is planned.
 *
 * @returns warnings, each with a key that is the same for the same value in another situation
 */
export function checkDoubtful(
  topic: string,
  outcomes: readonly Outcome[],
  prices: readonly OrdinaryPrice[],
): { key: string; finding: Finding }[] {
  return outcomes.flatMap(({ applied }) => {
    const merged = applied.reduce<Record<string, unknown>>(
      (below, { rule }) => mergeParams(below, rule.event.params),
      {},
    );
    return doubtsAbout(topic, merged, prices).flatMap(({ path, orElse = [], within, message }) => {
      const rule = lastToGive([path, ...orElse], applied);
      if (!rule) return [];
      const given = [path, ...orElse].find((one) => gives(one, rule)) ?? path;
      const finding = findingIn(rule, ['event', 'params', ...given, ...within], message, {
        severity: 'warning',
      });
      return [{ key: `${finding.file}:${finding.line}:${finding.column} doubtful`, finding }];
    });
  });
}

function doubtsAbout(topic: string, terms: object, prices: readonly OrdinaryPrice[]): Doubt[] {
  if (topic === 'hourBank') return dearPackages(terms, prices);
  if (topic === 'upgrade') return oddOrder(terms);
  return topic === 'invoicing' ? needlessDays(terms) : [];
}

/** Whoever buys a package at an hour's price or less loses nothing; above it, they would do better without. */
function dearPackages(
  { packages = [], discountPercent }: Partial<HourBankTerms>,
  prices: readonly OrdinaryPrice[],
): Doubt[] {
  if (discountPercent === undefined) return [];
  return packages.flatMap(({ pricePerHour, currency = 'SEK' }, index) => {
    const ordinary = newest(prices, currency);
    if (!ordinary) return [];
    const price = discountedRate(toMinorUnits(ordinary.pricePerHour), discountPercent) / 100;
    if (pricePerHour <= price) return [];
    const expected = {
      sv: `högst priset för en timme i timbanken, ${price} ${currency} (${ordinary.pricePerHour} med ${discountPercent} % rabatt)`,
      en: `at most the price of an hour of the hour bank, ${currency} ${price} (${ordinary.pricePerHour} with ${discountPercent} % discount)`,
    };
    const within = [String(index), 'pricePerHour'];
    return [{ path: ['packages'], within, message: expectedFound(expected, String(pricePerHour)) }];
  });
}

/** The ordinary price of consulting that begins last: the bank's hours cost that much before discount. */
const newest = (prices: readonly OrdinaryPrice[], currency: string): OrdinaryPrice | undefined =>
  prices
    .filter((price) => price.service === 'consulting' && price.currency === currency)
    .reduce<OrdinaryPrice | undefined>(
      (last, price) => (last === undefined || price.from > last.from ? price : last),
      undefined,
    );

function needlessDays({ when, daysBefore }: Partial<InvoicingTerms>): Doubt[] {
  if (when !== 'arrears' || daysBefore === undefined) return [];
  const expected = {
    sv: 'daysBefore bara med "when": "advance"',
    en: 'daysBefore only with "when": "advance"',
  };
  const found = {
    sv: `${daysBefore} med "arrears", där det inte har någon verkan`,
    en: `${daysBefore} with "arrears", where it has no effect`,
  };
  return [{ path: ['daysBefore'], within: [], message: expectedFound(expected, found) }];
}

/** Kinds of which one that comes first is hardly meant: what is not upgraded is not tested, and not approved. */
const hardlyBefore: readonly [PhaseKind, PhaseKind][] = [
  ['approval', 'test'],
  ['approval', 'technical'],
  ['test', 'technical'],
];

/** Phases in an order that makes no sense. */
function oddOrder(terms: Partial<UpgradeTerms>): Doubt[] {
  if (terms.phases === undefined || topicProblems('upgrade', terms).length > 0) return [];
  const phases = phasesOf({ ...terms, phases: terms.phases } as UpgradeTerms).map(plannedPhase);
  const places = hardlyBefore.map(([first, then]) => [
    phases.findIndex(({ kind }) => kind === first),
    phases.findLastIndex(({ kind }) => kind === then),
  ]);
  // Later planning may agree on more; the day on which the system goes down is agreed by the first.
  const planned = [phases.findIndex(takesSystemDown), phases.findIndex(({ kind }) => kind === 'plan')];
  return [...places, planned].flatMap(([early = -1, late = -1]) => {
    const [one, other] = [phases[early]?.id, phases[late]?.id];
    if (late < early || one === undefined || other === undefined) return [];
    const expected = { sv: `${one} efter ${other}`, en: `${one} after ${other}` };
    const found = { sv: 'det omvända', en: 'the reverse' };
    const given = [one, other].flatMap((id) => [
      ['phases', id, 'order'],
      ['phases', id, 'kind'],
    ]);
    const [path = [], ...orElse] = given;
    return [{ path, orElse, within: [], message: expectedFound(expected, found) }];
  });
}

const gives = (path: readonly string[], { leaves }: PlacedRule): boolean =>
  leaves.some((leaf) => leaf.path.join('.') === path.join('.'));

const lastToGive = (
  paths: readonly (readonly string[])[],
  applied: readonly PlacedRule[],
): PlacedRule | undefined => applied.findLast((rule) => paths.some((path) => gives(path, rule)));
