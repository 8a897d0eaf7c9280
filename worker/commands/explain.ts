/** `serviceavtal explain`: the terms of an agreement, and where each value comes from. */
import path from 'node:path';
import type { Command } from 'commander';
import { findAgreement } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import { loadRuleset, requireRulesetInForce } from '../../activities/agreements/rulesets';
import { findPlan } from '../../activities/agreements/plans';
import { periodOf, yearNumberOn } from '../../rules/engine/calendar/agreement-period';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { explainTerms } from '../../rules/engine/terms/explain-terms';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import { runningTerms } from '../../rules/engine/terms/running-terms';
import { termsFor } from '../../rules/engine/terms/terms-for';
import type { Explanation } from '../../templates/preview/explain';
import { explanationText } from '../../templates/preview/explain';
import { languageOption } from './findings-output';
import { readConfiguration } from '../settings/configuration';
import { readRules } from '../files/rule-files';
import { agreementNumber, asJson, date, say } from './terminal';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { expectedFound } from '../../rules/engine/basics/text';
import { noAgreement } from '../../templates/words/no-agreement';
import { withStack } from '../processes/with-stack';
import { below } from './help-words';

interface ExplainOptions {
  on?: string;
  rules?: string;
  json?: boolean;
  language?: 'sv' | 'en';
}

export function registerExplain(program: Command): void {
  program
    .command('explain')
    .argument('<agreement>', "the agreement's number", agreementNumber)
    .description('the terms of an agreement: value by value, where each comes from and why')
    .option('--on <date>', "the terms of this day (today, or the agreement's first day)", date)
    .option('--rules <folder>', 'rule files to explain by (the ruleset in force)')
    .option('--json', 'print one document')
    .addOption(languageOption())
    .addHelpText('after', below(undefined, 'explain testbolaget-2027 --on 2028-01-01'))
    .action(async (number: string, options: ExplainOptions) => {
      const configuration = readConfiguration();
      const spoken = options.language ?? configuration.staffLanguage;
      const onDisk = options.rules ? readRules(path.resolve(options.rules), spoken).ruleset : undefined;
      await withStack(configuration, async ({ db }) => {
        const explanation = await explain(db, number, onDisk ?? (await inForce(db)), options.on);
        say(options.json ? asJson(explanation) : explanationText(explanation, spoken));
      });
    });
}

async function inForce(db: Db): Promise<Ruleset> {
  const hash = await requireRulesetInForce(db);
  return loadRuleset(db, hash);
}

async function explain(db: Db, number: string, ruleset: Ruleset, day?: string): Promise<Explanation> {
  const agreement = await findAgreement(db, number);
  if (!agreement) throw new BilingualError(noAgreement(number));
  const { contract } = agreement;
  const today = localDateOf(new Date().toISOString());
  const on = day ?? (today < contract.startsOn ? contract.startsOn : today);
  if (on < contract.startsOn)
    throw new BilingualError(
      expectedFound(
        {
          sv: `en dag från avtalets första (${contract.startsOn})`,
          en: `a day from the agreement's first (${contract.startsOn})`,
        },
        on,
      ),
    );
  const yearNumber = yearNumberOn(contract.startsOn, on);
  const decided = await termsFor(contract, ruleset, yearNumber, on);
  const plan = await findPlan(db, number, yearNumber);
  const fixed = contract.hourBank.discountPercent === undefined ? [] : ['hourBank.discountPercent'];
  return {
    agreement: number,
    customer: contract.customer.name,
    on,
    yearNumber,
    rulesetHash: ruleset.hash,
    facts: decided.facts,
    values: explainTerms(ruleset, decided.terms, decided.applied, decided.facts, fixed),
    kept: plan ? runningTerms(plan.terms, decided).waiting : [],
    periodEnds: periodOf(contract.startsOn, yearNumber).to,
  };
}
