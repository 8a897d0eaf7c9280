/** `serviceavtal deploy`: versions of the program, and which agreements are on which. */
import path from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { readWhole } from '../../rules/engine/basics/read-number';
import { inWords, spoken } from '../basics/spoken';
import { readStandingOf } from '../deploy/standing';
import { replayRuns } from '../health/replay';
import { sampleOf, withSizes } from '../deploy/sample';
import { readConfiguration } from '../settings/configuration';
import { buildIdOf } from '../temporal/build-id';
import { listRuns } from '../temporal/deployment';
import { workflowBundle } from '../temporal/workflow-bundle';
import { promote, ramp, rollBack } from './deploy/change-versions';
import { printStanding } from './deploy/print-standing';
import { withDeployment } from './deploy/with-deployment';
import { said } from './deploy/words';
import { languageOption } from './findings-output';
import { below } from './help-words';
import { asJson, say, tell } from './terminal';

export function registerDeploy(program: Command): void {
  const deploy = program
    .command('deploy')
    .description('versions of the program: which agreements are on which, and moving them')
    .addHelpText('after', below(help));
  deploy
    .command('status', { isDefault: true })
    .description('the versions, what runs on each, and what has gone wrong there')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(showStatus);
  deploy
    .command('check')
    .description('replays the histories of everything that runs with this code; changes nothing')
    .option(
      '--all',
      'every one; of more than 2000 some of each type, version and size are replayed otherwise',
    )
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(check);
  deploy
    .command('ramp')
    .argument('[version]', 'as `deploy status` shows it; without it the one that runs and is not current')
    .description('moves some agreements, with their monitoring, to a version')
    .option('--one-in <number>', 'one in so many agreements, at least one', oneIn, 20)
    .option('--yes', 'do not ask')
    .addOption(languageOption('what is shown'))
    .action(ramp);
  deploy
    .command('promote')
    .argument('[version]', 'as `deploy status` shows it; without it the one that runs and is not current')
    .description('makes a version current, and moves everything to it, in batches')
    .option('--anyway', 'also where something on the version is not well')
    .option('--yes', 'do not ask')
    .addOption(languageOption('what is shown'))
    .action(promote);
  deploy
    .command('rollback')
    .description('has new agreements begin on the version before again; what was moved stays where it is')
    .option('--yes', 'do not ask')
    .addOption(languageOption('what is shown'))
    .action(rollBack);
}

const help = {
  sv: `Var process som startas är av en version. Det som körs stannar på den version det började på, också vid avtalsårets
slut, tills det flyttas; det flyttas vid en punkt då inget är på gång. Startas en ny version när ingen process kör den
gamla längre tar den över allt av sig själv, när varje historik har prövats.`,
  en: `Each process that is started is of a version. What runs stays on the version that it began with, at the year's end
too, until it is moved; it is moved at a point where nothing is under way. A new version that is started when no process
runs the old one any more takes over everything by itself, once each history has replayed.`,
};

function oneIn(text: string): number {
  const number = readWhole(text, 1, 1_000);
  if (number === undefined)
    throw new InvalidArgumentError(
      inWords({ sv: 'förväntade ett heltal från 1 till 1000', en: 'expected a whole number from 1 to 1000' }),
    );
  return number;
}

async function showStatus({ json = false }: { json?: boolean }): Promise<void> {
  await withDeployment(async (options) => {
    const standing = await readStandingOf(options);
    if (!json) return void say(standing ? printStanding(standing, spoken()) : said[spoken()].none);
    const { runs: _runs, ...document } = standing ?? { runs: [], versions: [], unversioned: 0 };
    say(asJson(document));
  });
}

/** How many running workflows there may be for all to be replayed; of more about so many are, unless all are asked for. */
const mostReplayed = 2_000;

async function check({ all = false, json = false }: { all?: boolean; json?: boolean }): Promise<void> {
  const words = said[spoken()];
  const configuration = readConfiguration();
  const build = buildIdOf(configuration);
  await withDeployment(async ({ client, taskQueue }) => {
    const runs = await listRuns({ client, taskQueue });
    const kinds =
      all || runs.length <= mostReplayed ? [] : sampleOf(await withSizes(client, runs), mostReplayed);
    const chosen = kinds.length === 0 ? runs : kinds.flatMap((kind) => kind.chosen);
    if (!json) tell(words.checking(build, chosen.length, runs.length));
    if (!json) for (const kind of kinds) tell(words.kind(kind));
    const bundle = await workflowBundle(path.join(configuration.dataDir, 'cache'));
    const refused: { workflowId: string; because: string }[] = [];
    let replayed = 0;
    for await (const { run, because } of replayRuns(client, bundle, chosen)) {
      replayed += 1;
      if (because === undefined) continue;
      refused.push({ workflowId: run.workflowId, because });
      if (!json) say(`${run.workflowId}: ${because}`);
    }
    say(
      json
        ? asJson({
            ...{ build, running: runs.length, replayed, refused },
            ...(kinds.length > 0 && {
              sample: kinds.map((kind) => ({ ...kind, chosen: kind.chosen.length })),
            }),
          })
        : words.checked(replayed, refused.length),
    );
    if (!json && kinds.length > 0) say(words.notReplayed(runs.length - replayed));
    if (refused.length > 0) process.exitCode = 1;
  });
}
