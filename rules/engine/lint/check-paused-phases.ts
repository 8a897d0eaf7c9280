import { didYouMean } from '../basics/did-you-mean';
import { expectedFound, joined } from '../basics/text';
import { oneOf } from '../reading/explain-schema-error';
import type { Finding } from '../reading/finding';
import type { MonitoringTerms, UpgradeTerms } from '../ruleset/terms';
import type { CheckContext, PlacedFile } from './check-context';
import { findingIn } from './placed-rule';

/**
 * Warns of phases during which monitoring is to rest and that no rule gives: it would not rest at all. A customer's rules know
 * the phases of all levels and their own, a level's those of its customers too.
 */
export function checkPausedPhases({ files }: CheckContext): Finding[] {
  return files.flatMap((file) => {
    const known = [...new Set(files.filter((other) => concerns(file, other)).flatMap(phasesIn))];
    return file.rules.flatMap((placed) => {
      const { type, params } = placed.rule.event;
      if (type !== 'monitoring') return [];
      const { pauseDuringUpgrade = [] } = params as Partial<MonitoringTerms>;
      return pauseDuringUpgrade.flatMap((id, index) => {
        if (known.includes(id)) return [];
        const message = joined(expectedFound(oneOf(known), `"${id}"`), didYouMean(id, known));
        const at = ['event', 'params', 'pauseDuringUpgrade', String(index)];
        return [findingIn(placed, at, message, { severity: 'warning' })];
      });
    });
  });
}

function concerns({ home }: PlacedFile, { home: other }: PlacedFile): boolean {
  if (home.folder === 'levels') return other.folder === 'customers' || other.level === home.level;
  return other.folder === 'levels' || other.customer === home.customer;
}

const phasesIn = ({ rules }: PlacedFile): string[] =>
  rules.flatMap(({ rule: { event } }) => {
    if (event.type !== 'upgrade') return [];
    const { phases = {} } = event.params as Partial<UpgradeTerms>;
    return Object.entries(phases).flatMap(([id, { omitted }]) => (omitted === true ? [] : [id]));
  });
