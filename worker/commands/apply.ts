/** `serviceavtal apply`: puts the rule files in force, after a look and a question. */
import { userInfo } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import type { Db } from '../../activities/db';
import type { PlacedCampaign } from '../../activities/years/campaign-candidates';
import { campaignCalendars } from '../../activities/years/campaign-candidates';
import { keepWindows } from '../../activities/years/upgrade-windows';
import {
  applyRuleset,
  beginLooking,
  findRulesetHash,
  loadRuleset,
  lookAtRulesetInForce,
  OvertakenError,
  requireRulesetInForce,
} from '../../activities/agreements/rulesets';
import { moveUpgradesOf, readMoves } from '../../activities/agreements/upgrade-moves';
import type { AgreementMoves } from '../../activities/agreements/upgrade-moves';
import type { Language } from '../../rules/engine/basics/text';
import { inWords } from '../basics/spoken';
import { rulesetFormat } from '../../rules/engine/ruleset/read-ruleset';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { PreviewTotals } from '../../templates/preview/document';
import { moveLine } from '../../templates/preview/document';
import { previewWords } from '../../templates/preview/wording';
import { languageOption } from './findings-output';
import { readConfiguration } from '../settings/configuration';
import { readRules, requireExamples } from '../files/rule-files';
import { asJson, confirmed, refuse, say, tell } from './terminal';
import type { UsedStack } from '../processes/with-stack';
import { withStack } from '../processes/with-stack';
import type { PlanOptions } from './plan';
import { campaignsMove, preview } from './plan';
import { below } from './help-words';

interface ApplyOptions extends Pick<PlanOptions, 'rules' | 'all' | 'json' | 'language'> {
  yes?: boolean;
  message?: string;
  author?: string;
  rollback?: string;
  moveUpgrades?: boolean;
}

const help = {
  sv: `Löpande år får veta det, behåller det som är gjort och flyttar det som är öppet. Pris och rabatt, och det som en regel
skjuter upp med "appliesFrom": "nextPeriod", väntar till nästa period.`,
  en: `Running years hear of it, keep what is done and move what is open. Price and discount, and what a rule puts
off with "appliesFrom": "nextPeriod", wait for the next period.`,
};

export function registerApply(program: Command): void {
  program
    .command('apply')
    .description('checks and tests the rule files, shows what they change, asks, and puts them in force')
    .option('--rules <folder>', 'rule files to apply (the working files)')
    .option(
      '--rollback <hash>',
      'put a ruleset in force again that was so before, named by the beginning of its hash',
    )
    .option(
      '--move-upgrades',
      'give upgrades under way the new phases where what is done of them fits; also of rules that are in force',
    )
    .option('--message <why>', 'why; kept with the ruleset')
    .option('--author <who>', 'who decides (the user of this machine)')
    .option('--yes', 'do not ask')
    .option('--all', 'draw every changed agreement')
    .option('--json', 'print one document; asks nothing, so it takes --yes')
    .addOption(languageOption())
    .addHelpText(
      'after',
      below(
        help,
        `apply --message "${inWords({ sv: 'fem möten från 2028', en: 'five meetings from 2028' })}"`,
        'apply --rollback 77e1cc87',
      ),
    )
    .action(applyAction);
}

async function applyAction(options: ApplyOptions): Promise<void> {
  const configuration = readConfiguration();
  const spoken = options.language ?? configuration.staffLanguage;
  const words = previewWords[spoken];
  if (options.json && !options.yes)
    throw new Error(
      inWords({
        sv: 'förväntade --yes med --json: då ställs ingen fråga',
        en: 'expected --yes with --json: no question is asked then',
      }),
    );
  if (options.rollback !== undefined && options.rules !== undefined)
    throw new Error(
      inWords({
        sv: 'förväntade antingen --rules eller --rollback, hittade båda',
        en: 'expected either --rules or --rollback, found both',
      }),
    );
  const rulesDir = options.rules ? path.resolve(options.rules) : configuration.rulesDir;
  const onDisk = options.rollback === undefined ? readRules(rulesDir, spoken).ruleset : undefined;
  if (onDisk) await requireExamples(onDisk, rulesDir, spoken);
  await withStack(configuration, async ({ db, running }) => {
    const ruleset = onDisk ?? (await stored(db, options.rollback ?? ''));
    const hash = await requireRulesetInForce(db);
    const since = await beginLooking(db);
    const moves = options.moveUpgrades ? await readMoves(db, ruleset, new Date().toISOString()) : [];
    const moving = moves
      .filter(({ moves: each }) => each.some(({ why }) => !why))
      .map(({ agreement }) => agreement);
    const campaigns = await campaignCalendars(db, ruleset, new Date().toISOString());
    if (hash === ruleset.hash && !(await campaignsMove(db, campaigns)))
      return moveOnly({ db, running }, options, hash, moves, moving);
    const { totals, running: changed } = await look(db, hash, ruleset, campaigns, options, words);
    if (totals !== undefined && (totals.broken > 0 || totals.unusable > 0)) {
      if (options.json) say(asJson({ applied: false, inForce: hash, totals }));
      return refuse(words.stays(hash.slice(0, 8)));
    }
    if (!options.json) sayMoves(moves, spoken);
    const name = ruleset.hash.slice(0, 8);
    if (!options.yes && !(await confirmed(words.question(name), words.choice)))
      return refuse(words.unchanged);
    const publication = {
      author: options.author ?? userInfo().username,
      message: options.message ?? (options.rollback === undefined ? '' : `back to ${name}`),
    };
    try {
      const calendars = campaigns.map(({ calendar }) => calendar);
      const told = await applyRuleset(
        db,
        ruleset,
        publication,
        changed,
        { hash, since },
        {
          moving,
          besides: (tx) => keepWindows(tx, calendars, new Date().toISOString()),
        },
      );
      if (options.json)
        return void say(
          asJson({
            applied: true,
            inForce: ruleset.hash,
            told,
            totals,
            ...(options.moveUpgrades && { moves }),
          }),
        );
      say(words.applied(name));
      if (told > 0) say(words.told(told, running));
      if (moving.length > 0) say(words.moved(moving.length, running));
    } catch (error) {
      if (!(error instanceof OvertakenError)) throw error;
      refuse(words.overtaken);
    }
  });
}

/** The rules are in force already: nothing is left but upgrades under way that can take their phases. */
async function moveOnly(
  { db, running }: Pick<UsedStack, 'db' | 'running'>,
  { moveUpgrades, json, yes, language }: ApplyOptions,
  hash: string,
  moves: readonly AgreementMoves[],
  moving: readonly string[],
): Promise<void> {
  const spoken = language ?? readConfiguration().staffLanguage;
  const words = previewWords[spoken];
  if (!moveUpgrades) return void say(json ? asJson({ applied: false, inForce: hash }) : words.none);
  if (!json) sayMoves(moves, spoken);
  if (moving.length === 0)
    return void say(json ? asJson({ applied: false, inForce: hash, moves }) : words.noneMoves);
  if (!yes && !(await confirmed(words.moveQuestion(moving.length), words.choice)))
    return refuse(words.unchanged);
  const told = await moveUpgradesOf(db, moving, hash);
  say(json ? asJson({ applied: false, inForce: hash, told, moves }) : words.moved(told, running));
}

/** Says which upgrades under way move, and which keep their phases, and why. */
function sayMoves(moves: readonly AgreementMoves[], spoken: Language): void {
  if (moves.length === 0) return;
  say(`\n${previewWords[spoken].running}`);
  for (const { agreement, customer, moves: each } of moves)
    for (const move of each)
      say(`  ${move.why ? '!' : '~'} ${customer} (${agreement}): ${moveLine(move, true, spoken)}`);
}

/** Previews the ruleset. If the one in force cannot be read, nothing is compared and all agreements are signalled. */
async function look(
  db: Db,
  hash: string,
  ruleset: Ruleset,
  campaigns: PlacedCampaign[],
  options: ApplyOptions,
  words: (typeof previewWords)[Language],
): Promise<{ totals?: PreviewTotals; running: string[] | 'all' }> {
  const inForce = await lookAtRulesetInForce(db);
  if (inForce?.unreadable === undefined || inForce.format > rulesetFormat)
    return preview(db, hash, ruleset, campaigns, { ...options, quiet: options.json === true });
  tell(words.cannotCompare(hash.slice(0, 8), inForce.unreadable));
  return { running: 'all' };
}

async function stored(db: Db, beginning: string): Promise<Ruleset> {
  return loadRuleset(db, await findRulesetHash(db, beginning));
}
