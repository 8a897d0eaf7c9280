/** `npx serviceavtal check`: finds all errors in the rule files, before anybody depends on them. */
import type { Command } from 'commander';
import { signedAgreements } from '../../activities/agreements/list-agreements';
import { counted } from '../../rules/engine/basics/counted';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { checkRuleset } from '../../rules/engine/lint/check-ruleset';
import { readProfile } from '../../rules/engine/imports/read-profile';
import type { Finding } from '../../rules/engine/reading/finding';
import { readExport } from '../../rules/engine/invoicing/read-export';
import { readMapping } from '../../rules/engine/signing/read-mapping';
import type { FolderTexts } from '../files/rule-folder';
import { readExportTexts, readMappingTexts, readProfileTexts, readRulesetTexts } from '../files/rule-folder';
import { inFolder } from '../files/rule-files';
import { askRunningStack } from '../processes/ask-running-stack';
import { readConfiguration } from '../settings/configuration';
import type { CheckOptions } from './findings-output';
import { say } from './terminal';
import { countOf, languageOption, printFindings, rulesOption, settled, summaryOf } from './findings-output';
import { below } from './help-words';

const help = {
  sv: `Varje fynd står på en egen rad, som redigerare gör klickbar:

  $ npx serviceavtal check
  rules/levels/guld.json:15:11 rules[0].event.params.perYaer: förväntade ett av perYear, …; menade du "perYear"?
  1 fil, 10 regler: 1 fel, 0 varningar

Där \`npm start\` körs varnas för regler för en kund som inget avtal har, för avtal på en nivå utan fil, och för
avtal i en installation eller utrullning som ingen har tecknat.
Ett fel ger slutkoden 1, en varning gör det inte. Inget startas och inget ändras.`,
  en: `Every finding stands on a line of its own, as editors make it clickable:

  $ npx serviceavtal check --language en
  rules/levels/guld.json:15:11 rules[0].event.params.perYaer: expected one of perYear, …; did you mean "perYear"?
  1 file, 10 rules: 1 error, 0 warnings

Where \`npm start\` runs, rules for a customer that no agreement has are warned of, agreements at a level without a file, and
agreements of an installation or a campaign that nobody has signed.
An error makes the exit code 1, a warning does not. Nothing is started and nothing is changed.`,
};

const words = {
  sv: { files: ['fil', 'filer'], rules: ['regel', 'regler'] },
  en: { files: ['file', 'files'], rules: ['rule', 'rules'] },
} as const;

/** Finds all errors in files that are read one by one: mappings of signing services, profiles of imports and exports. */
function checkEach(
  { texts, findings, unread }: FolderTexts,
  read: (text: string, file: string) => { findings: Finding[] },
): { files: number; findings: Finding[] } {
  const wrong = Object.entries(texts).flatMap(([file, text]) => read(text, `rules/${file}`).findings);
  return { files: Object.keys(texts).length + unread.length, findings: [...findings, ...wrong] };
}

export function registerCheck(program: Command): void {
  program
    .command('check')
    .description('checks the rule files, mappings and profiles: their shape, and what they mean together')
    .addOption(rulesOption())
    .option('--json', 'print one document')
    .addOption(languageOption())
    .addHelpText('after', below(help))
    .action(async (options: CheckOptions) => {
      const { rulesDir, language } = settled(options);
      const onDisk = readRulesetTexts(rulesDir);
      const signed = await askRunningStack(readConfiguration(), signedAgreements);
      const {
        findings,
        files: ruleFiles,
        rules,
      } = checkRuleset(onDisk.texts, onDisk.unread, signed, localDateOf(new Date().toISOString()));
      const mappings = checkEach(readMappingTexts(rulesDir), readMapping);
      const profiles = checkEach(readProfileTexts(rulesDir), readProfile);
      const exports = checkEach(readExportTexts(rulesDir), readExport);
      const beside = [mappings, profiles, exports];
      const files = beside.reduce((sum, one) => sum + one.files, ruleFiles);
      const found = [...onDisk.findings, ...findings, ...beside.flatMap((one) => one.findings)];
      const all = inFolder(found, rulesDir);
      const errors = countOf(all, 'error');
      if (options.json)
        say(
          JSON.stringify({ files, rules, errors, warnings: countOf(all, 'warning'), findings: all }, null, 2),
        );
      else {
        printFindings(all, language);
        const word = words[language];
        say(`${counted(files, word.files)}, ${counted(rules, word.rules)}: ${summaryOf(all, language)}`);
      }
      if (errors > 0) process.exitCode = 1;
    });
}
