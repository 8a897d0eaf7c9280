import type { Release } from '../releases/release';
import type { Campaign } from '../rollout/campaign';
import type { Ruleset } from '../ruleset/read-ruleset';
import { diffTerms } from '../terms/running-terms';
import type { TermChange } from '../terms/running-terms';
import type { Rule } from '../ruleset/terms';

/** A rule, an ordinary price, a release, an installation or a campaign that came, went or changed between two rulesets. */
export interface RuleChange {
  change: 'added' | 'removed' | 'changed';
  /** Path relative to `rules/`. */
  file: string;
  /** The rule's name; of a price its service, currency and first day; of a release its product and version; of others their id. */
  rule: string;
  /** The values that differ: params by their topic, and `priority`, `conditions` and the like. */
  values: TermChange[];
}

/** What differs between two rulesets, rule by rule and file of data by file, in the order of files and then of names. */
export function diffRulesets(before: Ruleset, after: Ruleset): RuleChange[] {
  const [old, now] = [sayingsOf(before), sayingsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((key): RuleChange[] => {
    const [file = '', rule = ''] = key.split('\n');
    const [was, is] = [old.get(key), now.get(key)];
    const values = diffTerms(was ?? {}, is ?? {});
    if (was === undefined) return [{ change: 'added', file, rule, values }];
    if (is === undefined) return [{ change: 'removed', file, rule, values }];
    return values.length === 0 ? [] : [{ change: 'changed', file, rule, values }];
  });
}

function sayingsOf({ files, prices, releases, installations, campaigns }: Ruleset): Map<string, object> {
  const rules = Object.entries(files).flatMap(([file, { rules: inFile }]) =>
    inFile.map((rule) => [`${file}\n${rule.name}`, said(rule)] as const),
  );
  const listed = prices.map(
    ({ service, currency, from, pricePerHour }) =>
      [`prices.json\n${service} ${currency} ${from}`, { pricePerHour }] as const,
  );
  const released = releases.map(
    (release) =>
      [
        `releases/${release.product}-${release.version}.json\n${release.product} ${release.version}`,
        saidOfRelease(release),
      ] as const,
  );
  const installed = installations.map(
    ({ id, ...installation }) => [`installations/${id}.json\n${id}`, installation] as const,
  );
  const launched = campaigns.map(
    (campaign) => [`campaigns/${campaign.id}.json\n${campaign.id}`, saidOfCampaign(campaign)] as const,
  );
  return new Map<string, object>([...rules, ...listed, ...released, ...installed, ...launched]);
}

/** A rule's conditions stand as one value: they are shown as they are written. */
function said({ event, conditions, name: _, ...rest }: Rule): object {
  return { [event.type]: event.params, conditions: JSON.stringify(conditions), ...rest };
}

const byId = <T extends { id: string }>(items: readonly T[]): Record<string, unknown> =>
  Object.fromEntries(items.map(({ id, ...item }) => [id, item]));

/** A campaign's rounds by their ids, with their places: another order is a difference. */
function saidOfCampaign({ id: _, rounds, ...campaign }: Campaign): object {
  return { ...campaign, rounds: byId(rounds.map((round, index) => ({ ...round, place: index + 1 }))) };
}

/** A release's lists by the ids of what they hold, so that one more piece of news is one difference. */
function saidOfRelease({ product: _, version: __, ...release }: Release): object {
  return {
    ...release,
    news: byId(release.news),
    knownIssues: byId(release.knownIssues),
    checks: byId(release.checks),
    testScenarios: byId(release.testScenarios),
  };
}
