/** `serviceavtal decisions`: what the rules decided for an agreement, and whether it can be repeated. */
import type { Command } from 'commander';
import { findAgreement } from '../../activities/agreements/agreements';
import type { Decision } from '../../activities/agreements/decisions';
import { listDecisions, repeatDecision } from '../../activities/agreements/decisions';
import { showValue } from '../../templates/preview/document';
import { readConfiguration } from '../settings/configuration';
import { agreementNumber, asJson, say } from './terminal';
import { withStack } from '../processes/with-stack';

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
    .addHelpText('after', '\nExample:\n  npx serviceavtal decisions testbolaget-2027 --repeat')
    .action(async (number: string, { repeat, json }: Options) => {
      await withStack(readConfiguration(), async ({ db }) => {
        if (!(await findAgreement(db, number)))
          throw new Error(`expected a signed agreement, found none with number ${number}`);
        const decisions = await listDecisions(db, number);
        const differing = repeat
          ? await Promise.all(decisions.map((decision) => repeatDecision(db, decision)))
          : [];
        if (differing.some((differences) => differences.length > 0)) process.exitCode = 1;
        if (json)
          return void say(
            asJson(
              decisions.map((decision, at) => ({ ...decision, ...(repeat && { differs: differing[at] }) })),
            ),
          );
        if (decisions.length === 0) say(`Nothing has been decided for ${number} yet.`);
        for (const [at, decision] of decisions.entries()) say(told(decision, differing[at]));
      });
    });
}

function told(decision: Decision, differences: string[] | undefined): string {
  const { year, key, at, rulesetHash, matched, result } = decision;
  const changes = (result.changes ?? []).map(({ path, from, to, rule, file, line }) => {
    const by = rule === undefined ? '' : `  ${file ?? ''}:${line ?? ''} "${rule}"`;
    return `    ${path}: ${showValue(from, 'en')} → ${showValue(to, 'en')}${by}`;
  });
  const again =
    differences === undefined
      ? []
      : differences.length === 0
        ? ['    repeats']
        : differences.map((difference) => `    ! ${difference}`);
  return [
    `year ${year}  ${key.padEnd(9)} ${at.slice(0, 16).replace('T', ' ')} UTC  ruleset ${rulesetHash.slice(0, 8)}, ${matched.length} rules` +
      (result.reason === undefined ? '' : `: ${result.reason}`),
    ...changes,
    ...again,
  ].join('\n');
}
