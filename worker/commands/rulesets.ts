/** `serviceavtal rulesets`: lists which ruleset was in force when, by whom and why; shows one, or compares two. */
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { counted } from '../../rules/engine/basics/counted';
import type { Command } from 'commander';
import type { Db } from '../../activities/db';
import {
  findRulesetHash,
  listPublications,
  loadRuleset,
  storedRuleFiles,
} from '../../activities/agreements/rulesets';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { expectedFound } from '../../rules/engine/basics/text';
import { diffRulesets } from '../../rules/engine/change/diff-rulesets';
import type { RulesetFiles } from '../../rules/engine/ruleset/terms';
import { showValue } from '../../templates/preview/document';
import { inWords, spoken } from '../basics/spoken';
import { languageOption } from './findings-output';
import { readConfiguration } from '../settings/configuration';
import { asJson, say } from './terminal';
import { withStack } from '../processes/with-stack';
import { below } from './help-words';
import { makeFolder } from '../files/make-folder';

interface Options {
  out?: string;
  json?: boolean;
}

/** Writes a ruleset's files to a new folder, never over existing files. @returns a line about it */
function written(texts: RulesetFiles, folder: string): string {
  if (existsSync(folder))
    throw new BilingualError(
      expectedFound({ sv: 'en mapp som inte finns än', en: 'a folder that does not exist yet' }, folder),
    );
  for (const [file, text] of Object.entries(texts)) {
    makeFolder(path.dirname(path.join(folder, file)), {
      sv: 'en mapp för reglerna',
      en: 'a folder for the rules',
    });
    writeFileSync(path.join(folder, file), text);
  }
  const count = Object.keys(texts).length;
  return inWords({
    sv: `${counted(count, ['fil är skriven', 'filer är skrivna'])} till ${folder}.`,
    en: `${counted(count, ['file is', 'files are'])} written to ${folder}.`,
  });
}

const usingDb = (work: (db: Db) => Promise<void>): Promise<void> =>
  withStack(readConfiguration(), ({ db }) => work(db));

export function registerRulesets(program: Command): void {
  const rulesets = program.command('rulesets').description('rulesets that are or were in force');
  rulesets
    .command('list', { isDefault: true })
    .description('when each came into force, by whom and why; the newest first')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(({ json }: Options) =>
      usingDb(async (db) => {
        const published = await listPublications(db);
        if (json) return void say(asJson(published));
        if (published.length === 0)
          say(
            inWords({
              sv: 'Inga regler är i kraft än. Den första `npm start` publicerar dem.',
              en: 'No ruleset is in force yet. The first `npm start` publishes one.',
            }),
          );
        for (const [index, { hash, at, author, message }] of published.entries())
          say(
            `${index === 0 ? '*' : ' '} ${hash.slice(0, 8)}  ${at.slice(0, 16).replace('T', ' ')} UTC  ${author || '-'}  ${message}`.trimEnd(),
          );
      }),
    );
  rulesets
    .command('show')
    .argument('<hash>', 'the beginning of its hash')
    .description('the rule files of a ruleset, as they were written')
    .option('--out <folder>', 'write the files there instead, into a folder that does not exist yet')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .addHelpText('after', below(undefined, 'rulesets show 77e1cc87 --out rules-before'))
    .action((beginning: string, { json, out }: Options) =>
      usingDb(async (db) => {
        const hash = await findRulesetHash(db, beginning);
        const texts = await storedRuleFiles(db, hash);
        if (out !== undefined) return void say(written(texts, path.resolve(out)));
        if (json) return void say(asJson({ hash, files: texts }));
        for (const [file, text] of Object.entries(texts)) say(`# rules/${file}\n${text.trimEnd()}\n`);
      }),
    );
  rulesets
    .command('diff')
    .argument('<from>', 'the beginning of a hash')
    .argument('<to>', 'the beginning of another')
    .description('rules that came, went or changed between two rulesets')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action((from: string, to: string, options: Options) =>
      usingDb(async (db) => {
        const load = async (beginning: string) => loadRuleset(db, await findRulesetHash(db, beginning));
        const changes = diffRulesets(await load(from), await load(to));
        if (options.json) return void say(asJson(changes));
        if (changes.length === 0) say(inWords({ sv: 'De säger detsamma.', en: 'They say the same.' }));
        for (const { change, file, rule, values } of changes) {
          say(`${{ added: '+', removed: '-', changed: '~' }[change]} rules/${file} "${rule}"`);
          for (const value of values)
            say(`    ${value.path}: ${showValue(value.from, spoken())} → ${showValue(value.to, spoken())}`);
        }
      }),
    );
}
