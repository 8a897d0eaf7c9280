/** `serviceavtal plan`: what the rule files would change, over all live agreements. */
import path from 'node:path';
import type { Command } from 'commander';
import type { PlacedCampaign } from '../../activities/years/campaign-candidates';
import { campaignCalendars } from '../../activities/years/campaign-candidates';
import { windowsToCome } from '../../activities/years/upgrade-windows';
import { loadRuleset, requireRulesetInForce } from '../../activities/agreements/rulesets';
import type { Ruleset } from '../../rules/engine/ruleset/read-ruleset';
import type { Drawing } from '../../templates/preview/draw';
import { htmlDrawing, markdownDrawing, textDrawing } from '../../templates/preview/draw';
import { previewWords } from '../../templates/preview/wording';
import { languageOption } from './findings-output';
import { readConfiguration, showsColours } from '../settings/configuration';
import { createProgressReporter } from '../local/progress';
import type { PreviewListener, PreviewOutcome } from '../processes/preview-all';
import {
  drawingListener,
  jsonListener,
  mostDrawn,
  quietListener,
  runPreview,
} from '../processes/preview-all';
import { readRules } from '../files/rule-files';
import { asJson, say } from './terminal';
import type { UsedStack } from '../processes/with-stack';
import { withStack } from '../processes/with-stack';
import { below } from './help-words';

export interface PlanOptions {
  rules?: string;
  detailedExitcode?: boolean;
  all?: boolean;
  markdown?: boolean;
  html?: boolean;
  json?: boolean;
  /** Draws nothing; the counts alone are needed. */
  quiet?: boolean;
  /** Shows upgrades under way as they are with the new phases. */
  moveUpgrades?: boolean;
  language?: 'sv' | 'en';
}

/** Exit code for "there are changes", with --detailed-exitcode. */
const changesExitCode = 2;

export function registerPlan(program: Command): void {
  program
    .command('plan')
    .description('shows what the rule files would change for every live agreement; writes nothing')
    .option('--rules <folder>', 'rule files to look at (the working files)')
    .option(
      '--detailed-exitcode',
      'exit with 2 if the rule files say something new, with 0 if not, 1 on errors',
    )
    .option('--all', `draw every changed agreement, not only the first ${mostDrawn}`)
    .option('--markdown', 'for a pull request')
    .option('--html', 'one page to send to somebody')
    .option('--json', 'print one document with everything')
    .addOption(languageOption())
    .addHelpText(
      'after',
      below(undefined, 'plan', 'plan --html > plan.html', 'plan --markdown --detailed-exitcode'),
    )
    .action(planAction);
}

async function planAction(options: PlanOptions): Promise<void> {
  const configuration = readConfiguration();
  const spoken = options.language ?? configuration.staffLanguage;
  const { ruleset } = readRules(options.rules ? path.resolve(options.rules) : configuration.rulesDir, spoken);
  await withStack(configuration, async ({ db }) => {
    const hash = await requireRulesetInForce(db);
    const campaigns = await campaignCalendars(db, ruleset, new Date().toISOString());
    if (hash === ruleset.hash && !(await campaignsMove(db, campaigns)))
      return void say(options.json ? asJson({ changes: false, inForce: hash }) : nothing(options, spoken));
    const { totals } = await preview(db, hash, ruleset, campaigns, options);
    if (totals.broken > 0 || totals.unusable > 0) process.exitCode = 1;
    else if (options.detailedExitcode) process.exitCode = changesExitCode;
    if (process.exitCode !== 1 && !options.json && !options.html && !options.markdown)
      say(`\n${previewWords[spoken].nothingWritten}`);
  });
}

/** Whether campaigns give live agreements other windows than they have, though the rules are the same. */
export async function campaignsMove(
  db: UsedStack['db'],
  campaigns: readonly PlacedCampaign[],
): Promise<boolean> {
  const calendars = campaigns.map(({ calendar }) => calendar);
  return (await windowsToCome(db, calendars, new Date().toISOString())).size > 0;
}

/** Says that nothing changes, in the requested format. */
function nothing(options: PlanOptions, spoken: 'sv' | 'en'): string {
  const { title, none } = previewWords[spoken];
  const drawing = drawingOf(options, spoken);
  return options.html || options.markdown ? drawing.header(title, []) + drawing.footer([none]) : none;
}

/** Previews a ruleset against the one in force and draws it on standard output. */
export async function preview(
  db: UsedStack['db'],
  inForceHash: string,
  proposed: Ruleset,
  campaigns: PlacedCampaign[],
  options: PlanOptions,
): Promise<PreviewOutcome> {
  const spoken = options.language ?? readConfiguration().staffLanguage;
  const asOf = new Date().toISOString();
  const names = { inForce: inForceHash, proposed: proposed.hash, asOf };
  // A terminal shows the progress where the drawing would go, so the drawing is held until the preview is complete.
  const held: string[] = [];
  const write = (text: string): void =>
    void (process.stdout.isTTY ? held.push(text) : process.stdout.write(text));
  const listener: PreviewListener = options.quiet
    ? quietListener
    : options.json
      ? jsonListener(names, write)
      : drawingListener(
          drawingOf(options, spoken),
          names,
          spoken,
          options.all ? Infinity : mostDrawn,
          write,
          options.moveUpgrades,
        );
  const step = createProgressReporter().step(previewWords[spoken].title);
  try {
    const outcome = await runPreview(
      db,
      await loadRuleset(db, inForceHash),
      proposed,
      campaigns,
      asOf,
      listener,
      (fraction) => step.update('', fraction),
      options.moveUpgrades,
    );
    step.done();
    process.stdout.write(held.join(''));
    return outcome;
  } catch (error) {
    step.fail((error as Error).message);
    throw error;
  }
}

function drawingOf({ markdown, html }: PlanOptions, spoken: 'sv' | 'en'): Drawing {
  if (html) return htmlDrawing(spoken);
  return markdown ? markdownDrawing : textDrawing(showsColours(process.stdout));
}
