import type { LocalDate } from '../contract/contract';
import { checkBands } from './check-bands';
import type { CheckContext, PlacedFile } from './check-context';
import { checkDoubtful } from './check-doubtful';
import { checkEffects, noEffects, watchEffects } from './check-effect';
import { checkEqualPriority } from './check-equal-priority';
import { checkHomes } from './check-homes';
import { checkKnownValues } from './check-known-values';
import { checkMergedTerms } from './check-merged-terms';
import { checkNames } from './check-names';
import { checkOwners } from './check-owners';
import { checkPausedPhases } from './check-paused-phases';
import { checkPromises } from './check-promises';
import { checkReachable } from './check-reachable';
import { checkSchedules } from './check-schedules';
import { checkSigned } from './check-signed';
import type { SignedAgreement } from './check-signed';
import { outcomesOf, scopesOf } from './outcomes';
import { placedRules } from './placed-rule';
import type { Finding } from '../reading/finding';
import { explainAt } from '../reading/explain-at';
import { checkSchemaLine } from '../reading/check-schema-line';
import { readJson } from '../reading/read-json';
import { readRuleset } from '../ruleset/read-ruleset';
import type { OrdinaryPrice } from '../ruleset/read-prices';
import { doubtsOfRollout } from '../ruleset/read-rollout';
import type { Ruleset } from '../ruleset/read-ruleset';
import { homeOf, isDataPath, levelsOf } from '../ruleset/ruleset-paths';
import type { RulesetFiles } from '../ruleset/terms';
import { compare } from '../basics/compare';

/** The result of checking a ruleset. */
export interface CheckedRuleset {
  /** Absent if a file does not pass its schema. */
  ruleset?: Ruleset;
  /** By file and place. The ruleset may go into force if none is an error. */
  findings: Finding[];
  files: number;
  rules: number;
}

/**
 * Checks all that can be known of a ruleset before it is in force: first the shape of each file, then what the rules
 * mean together, for every level, customer and day and all facts their conditions can tell apart.
 *
 * @param unread paths of files that exist but could not be read: the checks do not take them for absent
 * @param signed the agreements that there are, to warn of rules for none of them
 * @param today to warn of what has ended
 */
export function checkRuleset(
  files: RulesetFiles,
  unread: readonly string[] = [],
  signed: readonly SignedAgreement[] = [],
  today?: LocalDate,
): CheckedRuleset {
  const { ruleset, findings: found } =
    Object.keys(files).length === 0 && unread.length > 0 ? { findings: [] } : readRuleset(files);
  const findings = found.filter((finding) => !isToldByName(finding));
  const misshapen = new Set(found.map(({ file }) => file));
  const placed = placeFiles(files, misshapen);
  const paths = [...Object.keys(files), ...unread];
  const levels = levelsOf(paths);
  const context = { files: placed, levels };
  const owners = checkOwners(context);
  const homes = checkHomes(Object.keys(files), levels);
  const local = [
    ...homes,
    ...Object.keys(files).flatMap((path) => checkSchema(files, path)),
    ...checkNames(context),
    ...checkBands(context),
    ...owners,
    ...checkKnownValues(context),
    ...checkPausedPhases(context),
    ...checkSchedules(context),
    ...checkPromises(context),
    ...without(owners, checkReachable(context)),
    ...checkEqualPriority(context),
    ...checkSigned(paths, context, signed),
    ...doubtsOfRollout(files, {
      agreements: signed.map(({ agreement }) => agreement),
      ...(today !== undefined && { today }),
    }),
  ];
  const unsure = new Set([...misshapen, ...[...homes, ...owners].map(({ file }) => file)]);
  const all = [...findings, ...local, ...checkTogether(context, unsure, ruleset?.prices ?? [])];
  return {
    ...(ruleset && { ruleset }),
    findings: inOrder(all),
    files: Object.keys(files).length,
    rules: placed.reduce((sum, { rules }) => sum + rules.length, 0),
  };
}

/** Whether a rule's unknown topic is the one that the file is named by: the finding about the name says it already. */
function isToldByName({ file, message }: Finding): boolean {
  const home = homeOf(file.replace(/^rules\//, ''));
  return (
    home?.folder === 'customers' &&
    /^rules\[\d+\]\.event\.type: /.test(message) &&
    message.includes(`found "${home.topic}"`)
  );
}

/** The way to the schema that an editor goes, also in a file whose shape is wrong. */
function checkSchema(files: RulesetFiles, path: string): Finding[] {
  const { source } = readJson(files[path] ?? '', `rules/${path}`);
  return source === undefined ? [] : checkSchemaLine(source, schemaOf(path));
}

function schemaOf(path: string): string {
  if (isDataPath(path)) return path.replace(/s\/.*/, '.schema.json');
  return homeOf(path) === undefined ? path.replace('.json', '.schema.json') : 'rules.schema.json';
}

function placeFiles(files: RulesetFiles, misshapen: ReadonlySet<string>): PlacedFile[] {
  // Levels first: customers' rules are exceptions from them.
  const levelsFirst = (path: string): string => `${Number(!path.startsWith('levels/'))}${path}`;
  return Object.keys(files)
    .sort((a, b) => compare(levelsFirst(a), levelsFirst(b)))
    .flatMap((path) => {
      const home = homeOf(path);
      const file = `rules/${path}`;
      if (home === undefined || misshapen.has(file)) return [];
      const { source } = readJson(files[path] ?? '', file);
      return source === undefined ? [] : [{ path, home, source, rules: placedRules(source, home) }];
    });
}

/** Checks merged terms and the effects of rules, except in unsure files: they have errors that lead to further ones. */
function checkTogether(
  context: CheckContext,
  unsure: ReadonlySet<string>,
  prices: readonly OrdinaryPrice[],
): Finding[] {
  const scopes = scopesOf(context).filter(
    ({ levelFile, customerFile }) =>
      !unsure.has(`rules/${levelFile.path}`) && !(customerFile && unsure.has(`rules/${customerFile.path}`)),
  );
  const merged = new Map<string, Finding>();
  const effects = noEffects();
  const sampled = new Set<PlacedFile>();
  for (const scope of scopes) {
    const { outcomes, exact } = outcomesOf(scope, context, scopes.length);
    const asked = scope.customerFile ?? scope.levelFile;
    for (const { key, finding } of checkMergedTerms(scope, outcomes))
      if (!merged.has(key)) merged.set(key, finding);
    for (const { key, finding } of checkDoubtful(scope.topic, outcomes, prices))
      if (!merged.has(key)) merged.set(key, finding);
    if (exact) watchEffects(effects, outcomes, ({ source }) => source === asked.source);
    else {
      sampled.add(asked);
      for (const placed of asked.rules)
        if (placed.rule.event.type === scope.topic) effects.untried.add(placed);
    }
  }
  return [...merged.values(), ...checkEffects(effects), ...[...sampled].map(sampledFinding)];
}

/** Tells that not all situations of a file were tried. */
function sampledFinding({ source }: PlacedFile): Finding {
  return explainAt(
    source,
    ['rules'],
    {
      sv: 'villkoren skiljer fler fall än som hinner prövas: fakta varierades två och två, allt är inte prövat',
      en: 'the conditions tell apart more cases than can be tried: facts were varied in pairs, not all was tried',
    },
    { severity: 'info' },
  );
}

/** Those of the findings whose rule has no finding among the others. */
function without(others: readonly Finding[], findings: readonly Finding[]): Finding[] {
  const ruleOf = ({ file, message }: Finding): string =>
    `${file} ${/^rules\[\d+\]/.exec(message)?.[0] ?? ''}`;
  const known = new Set(others.map(ruleOf));
  return findings.filter((finding) => !known.has(ruleOf(finding)));
}

function inOrder(findings: Finding[]): Finding[] {
  return findings.sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column);
}
