/** `serviceavtal heartbeats`: tokens for customers' jobs that report in, and each job's last report. */
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
    .action(async (agreement: string | undefined, { json }: Options) => {
      await withStack(readConfiguration(), async ({ db }) => {
        const all = await listHeartbeats(db, agreement);
        if (json) return void say(asJson(all));
        say(all.length === 0 ? 'No heartbeat check.' : all.map((each) => printOne(each)).join('\n'));
      });
    });
  heartbeats
    .command('token')
    .argument('<agreement>', 'its number', agreementNumber)
    .argument('<check>', 'id of a heartbeat check')
    .description('makes the token that a job reports with; it is shown once')
    .option('--yes', 'do not ask before a token is replaced')
    .option('--json', 'print one document; asks nothing, so a token is replaced with --yes only')
    .addHelpText('after', '\nExample:\n  npx serviceavtal heartbeats token testbolaget-2027 nightly-import')
    .action(tokenAction);
}

async function tokenAction(agreement: string, monitor: string, { yes, json }: Options): Promise<void> {
  const configuration = readConfiguration();
  await withStack(configuration, async ({ db, stack }) => {
    if (!yes && (await hasToken(db, agreement, monitor))) {
      if (json) throw new Error(`${monitor} of ${agreement} has a token; expected --yes to replace it`);
      const question = `Replace the token of ${monitor} of ${agreement}? The one before stops working at once.`;
      if (!(await confirmed(question))) return refuse('Nothing was changed.');
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
    `${monitor} of ${agreement} reports with this address. It is shown now and never again; whoever has it can report.`,
    ...(replaced ? ['The address of before does not work any more.'] : []),
    '',
    `  ${url}`,
    '',
    'cron: reports the exit code and the end of the output',
    '',
    `  15 2 * * * out=$(/path/to/job 2>&1); code=$?; echo "$out" | tail -c 2000 | curl -fsS -m 20 --retry 5 -o /dev/null --data-binary @- ${url}/$code`,
    '',
    'Windows Task Scheduler: the last lines of a PowerShell script that runs the job',
    '',
    "  $out = & 'C:\\path\\to\\job.exe' 2>&1 | Out-String; $code = $LASTEXITCODE",
    '  $end = $out.Substring([Math]::Max(0, $out.Length - 2000))',
    `  Invoke-RestMethod -Method Post -Uri "${url}/$code" -Body ([Text.Encoding]::UTF8.GetBytes($end)) -TimeoutSec 20`,
    '',
    'More, also for scripts without an exit code: docs/heartbeats.md',
  ].join('\n');
}

const moment = (at: Instant): string => `${localDateOf(at)} ${formatTime(at)}`;

function printOne(each: HeartbeatStatus): string {
  const { agreement, monitor, name, lastAt, lastKind, exitCode, deadlineAt } = each;
  const code = exitCode === null ? '' : ` with exit code ${exitCodeText(exitCode)}`;
  const words = { start: 'started', success: 'succeeded', fail: 'failed' };
  const last =
    lastAt === null || lastKind === null
      ? 'has not reported yet'
      : `${words[lastKind]} ${moment(lastAt)}${lastKind === 'start' ? '' : code}`;
  const late = deadlineAt !== null && Date.parse(deadlineAt) < Date.now();
  const next = deadlineAt === null ? '' : `, due ${moment(deadlineAt)}${late ? '  LATE' : ''}`;
  const state = !each.watched
    ? 'is not watched'
    : each.token
      ? `${last}${next}`
      : `has no token yet: npx serviceavtal heartbeats token ${agreement} ${monitor}`;
  return `${agreement}  ${monitor}  ${name}\n  ${state}`;
}
