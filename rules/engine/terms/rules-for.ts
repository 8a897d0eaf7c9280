import type { Ruleset } from '../ruleset/read-ruleset';
import type { Rule } from '../ruleset/terms';

/** A rule and its place. */
export interface PlacedRule {
  /** Path relative to `rules/`. */
  file: string;
  /** Its place in the file's `rules`. */
  index: number;
  source: Rule;
}

interface Grouped {
  shared: PlacedRule[];
  ofCustomer: Map<string, PlacedRule[]>;
}

const known = new WeakMap<Ruleset, Grouped>();

/** The rules that can concern a customer: those for everybody, and those in `customers/<id>/`. */
export function rulesFor(ruleset: Ruleset, customer: string): PlacedRule[] {
  const { shared, ofCustomer } = grouped(ruleset);
  return [...shared, ...(ofCustomer.get(customer) ?? [])];
}

function grouped(ruleset: Ruleset): Grouped {
  const before = known.get(ruleset);
  if (before !== undefined) return before;
  const found: Grouped = { shared: [], ofCustomer: new Map() };
  for (const [file, { rules }] of Object.entries(ruleset.files)) {
    const [folder, customer = ''] = file.split('/');
    const placed = rules.map((source, index) => ({ file, index, source }));
    if (folder !== 'customers') found.shared.push(...placed);
    else found.ofCustomer.set(customer, [...(found.ofCustomer.get(customer) ?? []), ...placed]);
  }
  known.set(ruleset, found);
  return found;
}
