import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { periodOf } from '../../rules/engine/calendar/agreement-period';
import type { Contract } from '../../rules/engine/contract/contract';
import type {
  Booking,
  CarriedUpgrade,
  Obligation,
  PlannedWindow,
  Progress,
  YearPlan,
} from '../../rules/engine/plan/plan';
import { planYear } from '../../rules/engine/plan/plan-year';
import { readContract } from '../../rules/engine/contract/read-contract';
import type { Release } from '../../rules/engine/releases/release';
import { readRuleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Terms } from '../../rules/engine/ruleset/terms';
import { termsFor } from '../../rules/engine/terms/terms-for';
import type { YearPrices } from '../../rules/engine/hours/year-prices';

const root = join(__dirname, '../..');

export function fileText(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** What was read once, as JSON, from which each caller gets a copy of its own: property tests ask thousands of times. */
const known = new Map<string, string>();

function once<T>(name: string, read: () => T): T {
  const text = known.get(name) ?? JSON.stringify(read());
  known.set(name, text);
  return JSON.parse(text) as T;
}

export function exampleContract(name = 'testbolaget'): Contract {
  return once(name, () => {
    const { contract, findings } = readContract(fileText(`examples/${name}.json`), name);
    if (contract === undefined) throw new Error(JSON.stringify(findings));
    return contract;
  });
}

export function guldRuleset(): Ruleset {
  return once('guld', () => {
    const { ruleset, findings } = readRuleset({ 'levels/guld.json': fileText('rules/levels/guld.json') });
    if (ruleset === undefined) throw new Error(JSON.stringify(findings));
    return ruleset;
  });
}

export async function guldTerms(contract = exampleContract(), yearNumber = 1): Promise<Terms> {
  const { from } = periodOf(contract.startsOn, yearNumber);
  return (await termsFor(contract, guldRuleset(), yearNumber, from)).terms;
}

/** The same for people who want no digests: they are reminded of each thing. */
export function withoutDigests(terms: Terms): Terms {
  const digests = { consultant: 'never', manager: 'never' } as const;
  return { ...terms, notices: { ...terms.notices, digests } };
}

/**
 * The same with the upgrade in five phases, in the order they have where the rules give none: what a test asks of days
 * and mails does not change with the level's own phases, which `upgrade/guld-phases.test.ts` has.
 */
export function fivePhases(terms: Terms): Terms {
  const { plan: _plan, 'after-check': _after, ...phases } = structuredClone(terms.upgrade.phases);
  for (const phase of Object.values(phases)) delete phase.order;
  return { ...terms, upgrade: { ...terms.upgrade, phases } };
}

export interface Situation {
  contract?: Contract;
  terms: Terms;
  yearNumber?: number;
  asOf?: string;
  progress?: Progress;
  carried?: CarriedUpgrade;
  prices?: YearPrices;
  releases?: readonly Release[];
  window?: PlannedWindow;
}

/** Testbolaget's first year, planned when it was signed, unless the situation says otherwise. */
export function plan(situation: Situation): YearPlan {
  return planYear({
    contract: exampleContract(),
    yearNumber: 1,
    asOf: '2026-12-01T12:00:00.000Z',
    rulesetHash: 'hash',
    ...situation,
  });
}

/** As `plan`, and then a meeting booked: as it was planned, once the consultant was called, unless said otherwise. */
export function planBooked(situation: Situation, id: string, how: Partial<Booking> = {}): YearPlan {
  const previous = plan(situation);
  const booked = bookingOf(previous, id, how);
  const progress = { previous, closed: {}, meetings: { [id]: { booked, called: true as const } } };
  return plan({ ...situation, asOf: booked.since, progress });
}

/** A booking of a meeting as it is planned, unless said otherwise. */
export function bookingOf(of: YearPlan, id: string, how: Partial<Booking> = {}): Booking {
  const { dueOn, revision } = obligation(of, id);
  const time = of.meetings?.startTime ?? '10:00';
  return { on: dueOn, time, since: '2027-01-13T09:00:00.000Z', revision: revision + 1, ...how };
}

export function obligation(of: YearPlan, id: string): Obligation {
  const found = of.obligations.find((one) => one.id === id);
  if (found === undefined)
    throw new Error(`no ${id} among ${of.obligations.map((one) => one.id).join(', ')}`);
  return found;
}

/** The steps of an obligation with their instants to the minute. */
export function steps(of: Obligation): Record<string, string> {
  return Object.fromEntries(of.notices.map(({ step, at }) => [step, at.slice(0, 16)]));
}
