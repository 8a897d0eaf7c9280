import type { FactValue } from '../ruleset/facts';
import type { Home } from '../ruleset/ruleset-paths';
import type { JsonSource } from '../reading/read-json';
import type { PlacedRule } from './placed-rule';
import type { Domains } from './situations';
import contractSchema from '../../schemas/contract.schema.json';
import { termCatalogue } from '../ruleset/term-catalogue';

/** A rule file that passed the schema, in a folder for rule files. */
export interface PlacedFile {
  path: string;
  home: Home;
  source: JsonSource;
  rules: PlacedRule[];
}

/** What the checks get: the whole ruleset. */
export interface CheckContext {
  files: PlacedFile[];
  /** All levels that have a file, also one that cannot be read. */
  levels: string[];
}

const { enum: currencies } = (
  contractSchema as { properties: { hourBank: { properties: { currency: { enum: string[] } } } } }
).properties.hourBank.properties.currency;

/** Facts whose values the product fixes, with those values. */
export const knownValues: Domains = {
  currency: currencies.map((code) => code.toLowerCase()),
  monitorKinds: Object.keys(termCatalogue.monitoring.properties?.kinds?.properties ?? {}),
};

/** The values that facts can have in the agreements that a file's rules are for. */
export function domainsOf(home: Home, levels: readonly FactValue[]): Domains {
  return home.folder === 'levels'
    ? { ...knownValues, level: [home.level] }
    : { ...knownValues, ...(levels.length > 0 && { level: levels }), customer: [home.customer] };
}
