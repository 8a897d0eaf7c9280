/** `serviceavtal agreements`: workflows that are not well, and their cure. */
import path from 'node:path';
import { counted } from '../../rules/engine/basics/counted';
import type { Command } from 'commander';
import { printable } from '../../rules/engine/basics/one-line';
import type { Dropped, Message } from '../../activities/agreements/cures';
import { listSick, readLooking, recordHealed } from '../../activities/health/health';
import { spoken } from '../basics/spoken';
import { languageOption } from './findings-output';
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
import { below } from './help-words';

export function registerAgreements(program: Command): void {
  const agreements = program
    .command('agreements')
    .description('agreements whose workflow is not well, and their cure');
  agreements
    .command('sick', { isDefault: true })
    .description('what is not well, since when and why')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(async ({ json }: { json?: boolean }) => {
      await withStack(readConfiguration(), async ({ db, running }) => {
        const sick = await listSick(db);
        const looking = running ? await readLooking(db) : undefined;
        if (json) return void say(asJson({ sick, looking }));
        say(printHealth(sick, looking, spoken()) || said[spoken()].allWell);
      });
    });
  agreements
    .command('cure')
    .argument('<id>', "an agreement's number, or the id of a workflow such as monitoring-testbolaget-2027")
    .description('mends a workflow that is not well: says what is wrong and what it would do, asks, does it')
    .option('--yes', 'do not ask')
    .option('--json', 'print one document; asks nothing, so it takes --yes')
    .addOption(languageOption('what is shown'))
    .addHelpText('after', below(help, 'agreements cure testbolaget-2027'))
    .action(cureAction);
}

const help = {
  sv: `Ett avtals år tas tillbaka till det sista av sitt arbete som dagens program kan göra om. Det som har skickats till det
sedan dess skickas igen i samma ordning, utan det som inte går att ta emot: det räknas upp, och får skickas på nytt av en
människa, rätt. Går inget av arbetet att göra om börjar året om med det som det började med. Det som skickas igen räknas
som skickat nu: ett meddelande utan datum tas som av i dag. Mejl skickas inte igen, och timmar bokförs inte igen.
Övervakningen, och bevakningen av en plats, avslutas och startas igen: de har allt de behöver i databasen.
Avbryts kommandot halvvägs, eller där ingen worker svarade, fortsätter samma kommando där det var. Andra rörs inte.`,
  en: `An agreement's year is brought back to the last task that the program of today can do. What was sent to it since
is sent again in the same order, without what it cannot take: that is named, and has to be sent anew by a person,
rightly. Where no task is good, the year starts anew from what it was given when it began. What is sent again counts
as sent now: a message without a date is taken as of today. Mails are not sent again, and hours are not booked again.
Monitoring, and the watch of a place, are ended and started again: they have all they need in the database.
Killed half-way, or where no worker answered, the same command goes on from there. Others are not touched.`,
};

async function cureAction(
  id: string,
  { yes = false, json = false }: { yes?: boolean; json?: boolean },
): Promise<void> {
  const words = said[spoken()];
  if (json && !yes) throw new Error(words.needsYes);
  const workflowId = readWorkflowId(id) ? id : workflowIdOf(id);
  const configuration = readConfiguration();
  await withStack(configuration, async ({ db, stack, running }) => {
    if (!running) throw new Error(words.needsStack);
    const client = await openClient(stack).catch((cause: Error) => {
      throw new Error(words.silent(stack.temporalAddress, cause.message), { cause });
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
      if (!yes && !(await confirmed(words.ask(workflowId)))) return refuse(words.unchanged);
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
  const text = printable(Buffer.from(payload?.data ?? '', 'base64').toString('utf8'));
  return { name, at, kind, carries: text.length > shown ? `${text.slice(0, shown)}…` : text };
};

const summaryOfDropped = (dropped: Dropped) => ({ ...summaryOf(dropped), because: dropped.because });

function printMessage(message: Message): string {
  const { name, at, carries } = summaryOf(message);
  return `  ${at}  ${name} ${carries}`.trimEnd();
}

const printDropped = (dropped: Dropped): string => `${printMessage(dropped)}\n    ${dropped.because}`;

/** Most messages to send again that are listed. */
const mostNamed = 20;

const said = {
  sv: {
    allWell: 'Alla workflow mår bra, så långt den senaste titten på Temporal såg.',
    needsYes: 'förväntade --yes med --json: då ställs ingen fråga',
    needsStack: 'förväntade att stacken körs (`npm start`): dess worker visar om kuren hjälper',
    silent: (address: string, why: string) => `Temporal på ${address} svarar inte: «${why}»`,
    ask: (id: string) => `Bota ${id}?`,
    unchanged: 'Inget är ändrat.',
    count: (number: number) => counted(number, ['meddelande', 'meddelanden']),
    nothing: (why: string) => `Det finns inget att göra: ${why}.`,
    restart: (runs: boolean) =>
      `Det skulle ${runs ? 'avslutas och ' : ''}startas igen; allt det behöver finns i databasen.`,
    start: 'Det skulle startas.',
    cutShort: 'En kur av det avbröts, och skulle göras färdig.',
    anew: 'Dagens program kan inte göra om något av dess arbete: året skulle börja om med det som det började med.',
    back: (event: number) => `Det skulle tas tillbaka till sitt arbete vid händelse ${event}.`,
    noneSent: 'Inget har skickats sedan dess.',
    wouldSend: (messages: string) => `${messages} skulle skickas igen, i den här ordningen:`,
    more: (number: number) => `  och ${number} till`,
    wouldDrop: (messages: string) => `${messages} skulle utelämnas:`,
    well: (id: string) => `${id} mår bra: det gör sitt arbete.`,
    notWell: (id: string, why: string | undefined) => `${id} mår inte bra: ${why}.`,
    sent: (messages: string) => `${messages} skickade igen.`,
    dropped: 'Utelämnat; det som avsågs måste skickas på nytt, rätt:',
  },
  en: {
    allWell: 'All workflows are well, as far as the last look at Temporal saw.',
    needsYes: 'expected --yes with --json: no question is asked then',
    needsStack: 'expected the stack to run (`npm start`): its worker shows whether the cure helps',
    silent: (address: string, why: string) => `Temporal at ${address} does not answer: ${why}`,
    ask: (id: string) => `Cure ${id}?`,
    unchanged: 'Nothing was changed.',
    count: (number: number) => counted(number, ['message', 'messages']),
    nothing: (why: string) => `There is nothing to do: ${why}.`,
    restart: (runs: boolean) =>
      `It would be ${runs ? 'ended and ' : ''}started again; it has all it needs in the database.`,
    start: 'It would be started.',
    cutShort: 'A cure of it was cut short, and would be finished.',
    anew: 'The program of today can do none of its tasks again: the year would start anew from what it began with.',
    back: (event: number) => `It would be brought back to its task at event ${event}.`,
    noneSent: 'Nothing was sent since.',
    wouldSend: (messages: string) => `${messages} would be sent again, in this order:`,
    more: (number: number) => `  and ${number} more`,
    wouldDrop: (messages: string) => `${messages} would be left out:`,
    well: (id: string) => `${id} is well: it does its tasks.`,
    notWell: (id: string, why: string | undefined) => `${id} is not well: ${why}.`,
    sent: (messages: string) => `${messages} sent again.`,
    dropped: 'Left out; what was meant by it has to be sent anew, rightly:',
  },
} as const;

function printPlan(plan: CurePlan): string {
  const words = said[spoken()];
  const wrong = `${plan.workflowId}: ${plan.wrong}.`;
  if (plan.how === 'nothing') return `${wrong}\n${words.nothing(plan.because)}`;
  if (plan.how === 'restart') return `${wrong}\n${words.restart(plan.runs)}`;
  if (plan.how === 'start') return `${wrong}\n${words.start}`;
  const { taskEvent, messages, dropped } = plan.cure;
  return [
    wrong,
    ...(plan.how === 'finish' ? [words.cutShort] : []),
    taskEvent === null ? words.anew : words.back(taskEvent),
    messages.length === 0 ? words.noneSent : words.wouldSend(words.count(messages.length)),
    ...messages.slice(0, mostNamed).map(printMessage),
    ...(messages.length > mostNamed ? [words.more(messages.length - mostNamed)] : []),
    ...(dropped.length > 0
      ? [words.wouldDrop(words.count(dropped.length)), ...dropped.map(printDropped)]
      : []),
  ].join('\n');
}

function printOutcome(workflowId: string, { cured, sent, dropped, because }: CureOutcome): string {
  const words = said[spoken()];
  return [
    cured ? words.well(workflowId) : words.notWell(workflowId, because),
    ...(sent > 0 ? [words.sent(words.count(sent))] : []),
    ...(dropped.length > 0 ? [words.dropped, ...dropped.map(printDropped)] : []),
  ].join('\n');
}
