/** `serviceavtal agreements`: workflows that are not well, and their cure. */
import path from 'node:path';
import type { Command } from 'commander';
import type { Dropped, Message } from '../../activities/agreements/cures';
import { listSick, readLooking, recordHealed } from '../../activities/health/health';
import { readConfiguration } from '../settings/configuration';
import type { CureOutcome } from '../health/cure';
import { carryOutCure } from '../health/cure';
import type { CurePlan } from '../health/plan-cure';
import { planCure } from '../health/plan-cure';
import { readWorkflowId } from '../health/workflows';
import { workflowIdOf } from '../temporal/start-agreement';
import { printHealth } from './status/print-status';
import { openClient } from '../temporal/temporal-connection';
import { asJson, confirmed, refuse, say, tell } from './terminal';
import { withStack } from '../processes/with-stack';
import { workflowBundle } from '../temporal/workflow-bundle';

export function registerAgreements(program: Command): void {
  const agreements = program
    .command('agreements')
    .description('agreements whose workflow is not well, and their cure');
  agreements
    .command('sick', { isDefault: true })
    .description('what is not well, since when and why')
    .option('--json', 'print one document')
    .action(async ({ json }: { json?: boolean }) => {
      await withStack(readConfiguration(), async ({ db, running }) => {
        const sick = await listSick(db);
        const looking = running ? await readLooking(db) : undefined;
        if (json) return void say(asJson({ sick, looking }));
        say(printHealth(sick, looking) || 'All workflows are well, as far as the last look at Temporal saw.');
      });
    });
  agreements
    .command('cure')
    .argument('<id>', "an agreement's number, or the id of a workflow such as monitoring-testbolaget-2027")
    .description('mends a workflow that is not well: says what is wrong and what it would do, asks, does it')
    .option('--yes', 'do not ask')
    .option('--json', 'print one document; asks nothing, so it takes --yes')
    .addHelpText('after', help)
    .action(cureAction);
}

const help = `
An agreement's year is brought back to the last task that the program of today can do. What was sent to it since
is sent again in the same order, without what it cannot take: that is named, and has to be sent anew by a person,
rightly. Where no task is good, the year starts anew from what it was given when it began. What is sent again counts
as sent now: a message without a date is taken as of today. Mails are not sent again, and hours are not booked again.
Monitoring, and the watch of a place, are ended and started again: they have all they need in the database.
Killed half-way, or where no worker answered, the same command goes on from there. Others are not touched.

Example:
  npx serviceavtal agreements cure testbolaget-2027`;

async function cureAction(
  id: string,
  { yes = false, json = false }: { yes?: boolean; json?: boolean },
): Promise<void> {
  if (json && !yes) throw new Error('expected --yes with --json: no question is asked then');
  const workflowId = readWorkflowId(id) ? id : workflowIdOf(id);
  const configuration = readConfiguration();
  await withStack(configuration, async ({ db, stack, running }) => {
    if (!running)
      throw new Error('expected the stack to run (`npm start`): its worker shows whether the cure helps');
    const client = await openClient(stack).catch((cause: Error) => {
      throw new Error(`Temporal at ${stack.temporalAddress} does not answer: ${cause.message}`, { cause });
    });
    try {
      const options = {
        db,
        client,
        taskQueue: configuration.taskQueue,
        language: configuration.staffLanguage,
        workflowBundle: await workflowBundle(path.join(configuration.dataDir, 'cache')),
        log: json ? tell : say,
      };
      const plan = await planCure(options, workflowId);
      if (!json) say(printPlan(plan));
      if (plan.how === 'nothing') {
        process.exitCode = 1;
        if (json) say(asJson({ plan: plan.how, wrong: plan.wrong, cured: false, because: plan.because }));
        return;
      }
      if (!yes && !(await confirmed(`Cure ${workflowId}?`))) return refuse('Nothing was changed.');
      const outcome = await carryOutCure(options, plan);
      if (outcome.cured) await recordHealed(db, { workflowId });
      else process.exitCode = 1;
      say(
        json
          ? asJson({
              plan: plan.how,
              wrong: plan.wrong,
              ...outcome,
              dropped: outcome.dropped.map(summaryOfDropped),
            })
          : printOutcome(workflowId, outcome),
      );
    } finally {
      await client.connection.close();
    }
  });
}

/** Most characters of a message's input that are shown. */
const shown = 120;

const summaryOf = ({ name, at, kind, input: [payload] }: Message) => {
  const text = Buffer.from(payload?.data ?? '', 'base64')
    .toString('utf8')
    .replace(/[\s\p{Cc}]+/gu, ' ');
  return { name, at, kind, carries: text.length > shown ? `${text.slice(0, shown)}…` : text };
};

const summaryOfDropped = (dropped: Dropped) => ({ ...summaryOf(dropped), because: dropped.because });

function printMessage(message: Message): string {
  const { name, at, carries } = summaryOf(message);
  return `  ${at}  ${name} ${carries}`.trimEnd();
}

const printDropped = (dropped: Dropped): string => `${printMessage(dropped)}\n    ${dropped.because}`;

const count = (number: number): string => `${number} ${number === 1 ? 'message' : 'messages'}`;
/** Most messages to send again that are listed. */
const mostNamed = 20;

function printPlan(plan: CurePlan): string {
  const wrong = `${plan.workflowId}: ${plan.wrong}.`;
  if (plan.how === 'nothing') return `${wrong}\nThere is nothing to do: ${plan.because}.`;
  if (plan.how === 'restart')
    return `${wrong}\nIt would be ${plan.runs ? 'ended and ' : ''}started again; it has all it needs in the database.`;
  if (plan.how === 'start') return `${wrong}\nIt would be started.`;
  const { taskEvent, messages, dropped } = plan.cure;
  return [
    wrong,
    ...(plan.how === 'finish' ? ['A cure of it was cut short, and would be finished.'] : []),
    taskEvent === null
      ? 'The program of today can do none of its tasks again: the year would start anew from what it began with.'
      : `It would be brought back to its task at event ${taskEvent}.`,
    messages.length === 0
      ? 'Nothing was sent since.'
      : `${count(messages.length)} would be sent again, in this order:`,
    ...messages.slice(0, mostNamed).map(printMessage),
    ...(messages.length > mostNamed ? [`  and ${messages.length - mostNamed} more`] : []),
    ...(dropped.length > 0
      ? [`${count(dropped.length)} would be left out:`, ...dropped.map(printDropped)]
      : []),
  ].join('\n');
}

function printOutcome(workflowId: string, { cured, sent, dropped, because }: CureOutcome): string {
  return [
    cured ? `${workflowId} is well: it does its tasks.` : `${workflowId} is not well: ${because}.`,
    ...(sent > 0 ? [`${count(sent)} sent again.`] : []),
    ...(dropped.length > 0
      ? ['Left out; what was meant by it has to be sent anew, rightly:', ...dropped.map(printDropped)]
      : []),
  ].join('\n');
}
