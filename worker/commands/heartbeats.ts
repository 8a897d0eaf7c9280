/** `serviceavtal heartbeats`: tokens for customers' jobs that report in, and each job's last report. */
import { inWords } from '../basics/spoken';
import { languageOption } from './findings-output';
import type { Command } from 'commander';
import type { Db } from '../../activities/db';
import type { HeartbeatStatus } from '../../activities/monitors/heartbeats';
import { issueToken, listHeartbeats } from '../../activities/monitors/heartbeats';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { Instant } from '../../rules/engine/contract/contract';
import { exitCodeText } from '../../rules/engine/monitoring/heartbeat';
import { formatTime } from '../../templates/words/dates';
import { readConfiguration } from '../settings/configuration';
import { intakeUrl } from '../intake/address';
import { agreementNumber, asJson, confirmed, refuse, say } from './terminal';
import { withStack } from '../processes/with-stack';
import { below } from './help-words';

interface Options {
  yes?: boolean;
  json?: boolean;
}

export function registerHeartbeats(program: Command): void {
  const heartbeats = program
    .command('heartbeats')
    .description("customers' jobs that report in: their last reports, their tokens");
  heartbeats
    .command('list', { isDefault: true })
    .argument('[agreement]', 'its number; all agreements without one', agreementNumber)
    .description('what each job reported last, and by when it has to report again')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(async (agreement: string | undefined, { json }: Options) => {
      await withStack(readConfiguration(), async ({ db }) => {
        const all = await listHeartbeats(db, agreement);
        if (json) return void say(asJson(all));
        say(
          all.length === 0
            ? inWords({ sv: 'Ingen kontroll av livstecken.', en: 'No heartbeat check.' })
            : all.map((each) => printOne(each)).join('\n'),
        );
      });
    });
  heartbeats
    .command('token')
    .argument('<agreement>', 'its number', agreementNumber)
    .argument('<check>', 'id of a heartbeat check')
    .description('makes the token that a job reports with; it is shown once')
    .option('--yes', 'do not ask before a token is replaced')
    .option('--json', 'print one document; asks nothing, so a token is replaced with --yes only')
    .addOption(languageOption('what is shown'))
    .addHelpText('after', below(undefined, 'heartbeats token testbolaget-2027 nightly-import'))
    .action(tokenAction);
}

async function tokenAction(agreement: string, monitor: string, { yes, json }: Options): Promise<void> {
  const configuration = readConfiguration();
  await withStack(configuration, async ({ db, stack }) => {
    if (!yes && (await hasToken(db, agreement, monitor))) {
      if (json)
        throw new Error(
          inWords({
            sv: `${monitor} i ${agreement} har en adress; förväntade --yes för att ersätta den`,
            en: `${monitor} of ${agreement} has a token; expected --yes to replace it`,
          }),
        );
      const question = inWords({
        sv: `Ersätta adressen för ${monitor} i ${agreement}? Den förra slutar gälla genast.`,
        en: `Replace the token of ${monitor} of ${agreement}? The one before stops working at once.`,
      });
      if (!(await confirmed(question)))
        return refuse(inWords({ sv: 'Inget är ändrat.', en: 'Nothing was changed.' }));
    }
    const { token, replaced } = await issueToken(db, { agreement, monitor }, Date.now());
    const url = `${intakeUrl(configuration, stack)}/heartbeats/${token}`;
    say(
      json
        ? asJson({ agreement, check: monitor, token, url, replaced })
        : printToken(agreement, monitor, url, replaced),
    );
  });
}

async function hasToken(db: Db, agreement: string, monitor: string): Promise<boolean> {
  return (await listHeartbeats(db, agreement)).some((each) => each.monitor === monitor && each.token);
}

function printToken(agreement: string, monitor: string, url: string, replaced: boolean): string {
  return [
    inWords({
      sv: `${monitor} i ${agreement} rapporterar med den här adressen. Den visas nu och aldrig igen; den som har den kan rapportera.`,
      en: `${monitor} of ${agreement} reports with this address. It is shown now and never again; whoever has it can report.`,
    }),
    ...(replaced
      ? [
          inWords({
            sv: 'Den förra adressen gäller inte längre.',
            en: 'The address of before does not work any more.',
          }),
        ]
      : []),
    '',
    `  ${url}`,
    '',
    inWords({
      sv: 'cron: rapporterar utgångskoden och slutet av utskriften',
      en: 'cron: reports the exit code and the end of the output',
    }),
    '',
    `  15 2 * * * out=$(/path/to/job 2>&1); code=$?; echo "$out" | tail -c 2000 | curl -fsS -m 20 --retry 5 -o /dev/null --data-binary @- ${url}/$code`,
    '',
    inWords({
      sv: 'Schemaläggaren i Windows: sista raderna i ett PowerShell-skript som kör jobbet',
      en: 'Windows Task Scheduler: the last lines of a PowerShell script that runs the job',
    }),
    '',
    "  $out = & 'C:\\path\\to\\job.exe' 2>&1 | Out-String; $code = $LASTEXITCODE",
    '  $end = $out.Substring([Math]::Max(0, $out.Length - 2000))',
    `  Invoke-RestMethod -Method Post -Uri "${url}/$code" -Body ([Text.Encoding]::UTF8.GetBytes($end)) -TimeoutSec 20`,
    '',
    inWords({
      sv: 'Mer, också för skript utan utgångskod: docs/heartbeats.md',
      en: 'More, also for scripts without an exit code: docs/heartbeats.md',
    }),
  ].join('\n');
}

const moment = (at: Instant): string => `${localDateOf(at)} ${formatTime(at)}`;

/** What a job last said of itself. */
const reported = {
  start: { sv: 'började', en: 'started' },
  success: { sv: 'lyckades', en: 'succeeded' },
  fail: { sv: 'misslyckades', en: 'failed' },
};

function printOne(each: HeartbeatStatus): string {
  const { agreement, monitor, name, lastAt, lastKind, exitCode, deadlineAt } = each;
  const code =
    exitCode === null
      ? ''
      : ` ${inWords({ sv: 'med utgångskod', en: 'with exit code' })} ${exitCodeText(exitCode)}`;
  const last =
    lastAt === null || lastKind === null
      ? inWords({ sv: 'har inte rapporterat än', en: 'has not reported yet' })
      : `${inWords(reported[lastKind])} ${moment(lastAt)}${lastKind === 'start' ? '' : code}`;
  const late =
    deadlineAt !== null && Date.parse(deadlineAt) < Date.now()
      ? `  ${inWords({ sv: 'SENT', en: 'LATE' })}`
      : '';
  const next =
    deadlineAt === null ? '' : `, ${inWords({ sv: 'väntas', en: 'due' })} ${moment(deadlineAt)}${late}`;
  const state = !each.watched
    ? inWords({ sv: 'övervakas inte', en: 'is not watched' })
    : each.token
      ? `${last}${next}`
      : `${inWords({ sv: 'har ingen adress än', en: 'has no token yet' })}: npx serviceavtal heartbeats token ${agreement} ${monitor}`;
  return `${agreement}  ${monitor}  ${name}\n  ${state}`;
}
