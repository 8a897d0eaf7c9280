/** `serviceavtal consultants`: who has which agreements, and who stands in for whom. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { ConsultantStatus } from '../../activities/agreements/list-consultants';
import type { AskedReplacement, ReplacementPlan } from '../../activities/agreements/replace-consultant';
import { listConsultants } from '../../activities/agreements/list-consultants';
import { planReplacement, storeReplacement } from '../../activities/agreements/replace-consultant';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { formatTime } from '../../templates/words/dates';
import { readConfiguration } from '../settings/configuration';
import { asJson, confirmed, date, refuse, say } from './terminal';
import { withStack } from '../processes/with-stack';

interface Options {
  from?: LocalDate;
  until?: LocalDate;
  name?: string;
  email?: string;
  yes?: boolean;
  json?: boolean;
}

function consultantId(text: string): string {
  if (!/^[a-z0-9-]{1,40}$/.test(text))
    throw new InvalidArgumentError("expected a consultant's id: a-z, 0-9 and -, at most 40 characters");
  return text;
}

export function registerConsultants(program: Command): void {
  const consultants = program
    .command('consultants')
    .description('dedicated consultants: what they have to do, and who stands in for them');
  consultants
    .command('list', { isDefault: true })
    .description('who is the dedicated consultant of which agreements, what is due next, who is away when')
    .option('--json', 'print one document')
    .action(async ({ json }: Options) => {
      await withStack(readConfiguration(), async ({ db }) => {
        const all = await listConsultants(db, localDateOf(new Date().toISOString()));
        if (json) return void say(asJson(all));
        say(all.length === 0 ? 'No agreement yet.' : all.map(printConsultant).join('\n\n'));
      });
    });
  consultants
    .command('replace')
    .argument('<old>', "the consultant's id, as `consultants list` shows it", consultantId)
    .argument('<new>', 'the id of who stands in', consultantId)
    .description('gives all agreements of one consultant to another, for good or for leave')
    .option('--from <date>', 'takes effect at the beginning of this day (now)', date)
    .option('--until <date>', 'the last day of a leave: the day after, the first one is back', date)
    .option('--name <name>', 'of who stands in, if that is the consultant of no agreement yet')
    .option('--email <address>', 'the same')
    .option('--yes', 'do not ask')
    .option('--json', 'print one document; asks nothing, so it takes --yes')
    .addHelpText(
      'after',
      '\nOpen steps and booked meetings move along, and each customer is told once.\n\nExamples:\n' +
        '  npx serviceavtal consultants replace konsult-1 konsult-2 --from 2027-03-01 --until 2027-03-31\n' +
        '  npx serviceavtal consultants replace konsult-1 konsult-3 --name "Bo Ek" --email bo.ek@pector.example',
    )
    .action(replaceAction);
}

async function replaceAction(old: string, standIn: string, options: Options): Promise<void> {
  const { name, email, json } = options;
  if (json && !options.yes) throw new Error('expected --yes with --json: no question is asked then');
  if ((name === undefined) !== (email === undefined))
    throw new Error('expected --name and --email together, found one of them');
  const today = localDateOf(new Date().toISOString());
  const asked: AskedReplacement = {
    old,
    new: standIn,
    today,
    from: options.from ?? today,
    ...(options.until !== undefined && { until: options.until }),
    ...(name !== undefined && email !== undefined && { person: { name, email } }),
  };
  await withStack(readConfiguration(), async ({ db, running }) => {
    const plan = await planReplacement(db, asked);
    const numbers = plan.agreements.map(({ agreement }) => agreement);
    if (numbers.length === 0) {
      if (json) return void say(asJson({ replaced: false, ...plan }));
      return void say(nothingToDo(old, plan));
    }
    if (!json) say(printPlan(old, plan));
    const question = `Replace ${old} by ${standIn} in ${count(numbers.length, 'agreement')}?`;
    if (!options.yes && !(await confirmed(question))) return refuse('Nothing was changed.');
    await storeReplacement(db, asked, numbers);
    if (json) return void say(asJson({ replaced: true, ...plan }));
    const when = plan.from <= today ? 'now' : `on ${plan.from}`;
    const later = running ? '' : ', when `npm start` runs again';
    say(`Recorded; the running years are told ${when}${later}.`);
  });
}

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
const time = ({ from, until }: { from: LocalDate; until: LocalDate | null }): string =>
  until === null ? `from ${from} for good` : `from ${from} until ${until}`;

function nothingToDo(old: string, { recorded, from }: ReplacementPlan): string {
  return recorded.length > 0
    ? `Nothing to do: this is recorded already, for ${recorded.join(', ')}.`
    : `Nothing to do: ${old} is the consultant of no live agreement on ${from}.`;
}

function printPlan(old: string, plan: ReplacementPlan): string {
  const { agreements, recorded, away, until } = plan;
  const within = until === null ? '' : ` until ${until}`;
  return [
    `${old} is replaced by ${plan.new?.id ?? ''} (${plan.new?.name ?? ''} <${plan.new?.email ?? ''}>) ${time(plan)}:`,
    ...agreements.flatMap(({ agreement, customer, openSteps, meetings }) => [
      `  ${agreement}  ${customer}: ${count(openSteps, 'open step')}${within}, ${count(meetings.length, 'booked meeting')}`,
      ...meetings.map(
        ({ id, at, place }) =>
          `    ${id}  ${localDateOf(at)} ${formatTime(at)}${place === null ? '' : `, ${place}`}`,
      ),
    ]),
    ...(until === null ? [] : [`The day after, ${old} is back.`]),
    ...recorded.map((agreement) => `${agreement}: recorded already.`),
    ...away.map((absence) => `Mind: ${plan.new?.id ?? ''} is away as well, ${time(absence)}.`),
  ].join('\n');
}

function printConsultant({ id, name, email, agreements, absences }: ConsultantStatus): string {
  const open = agreements.reduce((sum, { openSteps }) => sum + openSteps, 0);
  return [
    `${id ?? '(no id)'}  ${name} <${email}>: ${count(agreements.length, 'agreement')}, ${count(open, 'open step')}`,
    ...agreements.map(({ agreement, customer, openSteps, next }) => {
      const due = next ? `, next ${next.id} ${next.dueOn}${next.overdue ? '  OVERDUE' : ''}` : '';
      return `  ${agreement}  ${customer}: ${count(openSteps, 'open step')}${due}`;
    }),
    ...absences.map(
      (absence) => `  replaced by ${absence.standIn} ${time(absence)}: ${absence.agreements.join(', ')}`,
    ),
  ].join('\n');
}
