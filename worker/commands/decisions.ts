/** `serviceavtal decisions`: what the rules decided for an agreement, and whether it can be repeated. */
import { counted } from '../../rules/engine/basics/counted';
import type { Command } from 'commander';
import { findAgreement } from '../../activities/agreements/agreements';
import type { Decision } from '../../activities/agreements/decisions';
import { listDecisions } from '../../activities/agreements/decisions';
import { repeatDecision } from '../../activities/hours/repeat-decision';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import type { Text } from '../../rules/engine/basics/text';
import { showValue } from '../../templates/preview/document';
import { noAgreement } from '../../templates/words/no-agreement';
import { spoken } from '../basics/spoken';
import { languageOption } from './findings-output';
import { readConfiguration } from '../settings/configuration';
import { agreementNumber, asJson, say } from './terminal';
import { withStack } from '../processes/with-stack';
import { below } from './help-words';

interface Options {
  repeat?: boolean;
  json?: boolean;
}

export function registerDecisions(program: Command): void {
  program
    .command('decisions')
    .argument('<agreement>', "the agreement's number", agreementNumber)
    .description('what the rules decided: when, by which ruleset and rules, from which facts')
    .option('--repeat', 'decide each again from what was kept; exit with 1 if one comes out differently')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .addHelpText('after', below(undefined, 'decisions testbolaget-2027 --repeat'))
    .action(async (number: string, { repeat, json }: Options) => {
      await withStack(readConfiguration(), async ({ db }) => {
        if (!(await findAgreement(db, number))) throw new BilingualError(noAgreement(number));
        const decisions = await listDecisions(db, number);
        const differing = repeat
          ? await Promise.all(decisions.map((decision) => repeatDecision(db, number, decision)))
          : [];
        if (differing.some((differences) => differences.length > 0)) process.exitCode = 1;
        if (json)
          return void say(
            asJson(
              decisions.map((decision, at) => ({
                ...decision,
                ...(repeat && { differs: differing[at]?.map(({ en }) => en) }),
              })),
            ),
          );
        if (decisions.length === 0) say(said[spoken()].nothing(number));
        for (const [at, decision] of decisions.entries()) say(told(decision, differing[at]));
      });
    });
}

const said = {
  sv: {
    nothing: (number: string) => `Inget är bestämt för ${number} än.`,
    repeats: 'blir detsamma igen',
    by: (year: number, key: string, at: string, ruleset: string, rules: number) =>
      `år ${year}  ${key} ${at} UTC  regler ${ruleset}, ${counted(rules, ['regel', 'regler'])}`,
  },
  en: {
    nothing: (number: string) => `Nothing has been decided for ${number} yet.`,
    repeats: 'repeats',
    by: (year: number, key: string, at: string, ruleset: string, rules: number) =>
      `year ${year}  ${key} ${at} UTC  ruleset ${ruleset}, ${counted(rules, ['rule', 'rules'])}`,
  },
} as const;

/** The reasons that are kept with decisions, in English. What follows the words is kept as it is. */
const reasonsInSwedish: [english: RegExp, swedish: string][] = [
  [/^a new agreement year$/, 'ett nytt avtalsår'],
  [/^tried again$/, 'ett nytt försök'],
  [/^the contract changed \(no number\)$/, 'kontraktet ändrades'],
  [/^the contract changed \(/, 'kontraktet ändrades ('],
  [/^the rules changed \(/, 'reglerna ändrades ('],
  [/^an extra meeting was asked for$/, 'ett extra möte begärdes'],
  [/ was moved$/, ' flyttades'],
  [/ was booked$/, ' bokades'],
  [/ was cancelled$/, ' ställdes in'],
  [/ was held on another day$/, ' hölls en annan dag'],
  [/ was undone$/, ' ångrades'],
];

const inSwedish = (reason: string): string =>
  reasonsInSwedish.reduce((text, [english, swedish]) => text.replace(english, swedish), reason);

function told(decision: Decision, differences: Text[] | undefined): string {
  const { year, key, at, rulesetHash, matched, result } = decision;
  const language = spoken();
  const words = said[language];
  const changes = (result.changes ?? []).map(({ path, from, to, rule, file, line }) => {
    const by = rule === undefined ? '' : `  ${file ?? ''}:${line ?? ''} "${rule}"`;
    return `    ${path}: ${showValue(from, language)} → ${showValue(to, language)}${by}`;
  });
  const again =
    differences === undefined
      ? []
      : differences.length === 0
        ? [`    ${words.repeats}`]
        : differences.map((difference) => `    ! ${difference[language]}`);
  const when = at.slice(0, 16).replace('T', ' ');
  const { reason } = result;
  return [
    words.by(year, key.padEnd(9), when, rulesetHash.slice(0, 8), matched.length) +
      (reason === undefined ? '' : `: ${language === 'sv' ? inSwedish(reason) : reason}`),
    ...changes,
    ...again,
  ].join('\n');
}
