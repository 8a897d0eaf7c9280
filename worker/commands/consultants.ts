/** `serviceavtal consultants`: who has which agreements, and who stands in for whom. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { ConsultantStatus } from '../../activities/agreements/list-consultants';
import type { AskedReplacement, ReplacementPlan } from '../../activities/agreements/replace-consultant';
import { listConsultants } from '../../activities/agreements/list-consultants';
import { planReplacement, storeReplacement } from '../../activities/agreements/replace-consultant';
import { counted } from '../../rules/engine/basics/counted';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import type { LocalDate } from '../../rules/engine/contract/contract';
import { formatTime } from '../../templates/words/dates';
import { spoken } from '../basics/spoken';
import { languageOption } from './findings-output';
import { readConfiguration } from '../settings/configuration';
import { asJson, confirmed, date, refuse, say } from './terminal';
import { withStack } from '../processes/with-stack';
import { below } from './help-words';

interface Options {
  from?: LocalDate;
  until?: LocalDate;
  name?: string;
  email?: string;
  yes?: boolean;
  json?: boolean;
}

function consultantId(text: string): string {
  if (!/^[a-z0-9-]{1,40}$/.test(text)) throw new InvalidArgumentError(said[spoken()].noId);
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
    .addOption(languageOption('what is shown'))
    .action(async ({ json }: Options) => {
      await withStack(readConfiguration(), async ({ db }) => {
        const all = await listConsultants(db, localDateOf(new Date().toISOString()));
        if (json) return void say(asJson(all));
        say(all.length === 0 ? said[spoken()].none : all.map(printConsultant).join('\n\n'));
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
    .addOption(languageOption('what is shown'))
    .addHelpText(
      'after',
      below(
        {
          sv: 'Öppna steg och bokade möten följer med, och varje kund får veta det en gång.',
          en: 'Open steps and booked meetings move along, and each customer is told once.',
        },
        'consultants replace konsult-1 konsult-2 --from 2027-03-01 --until 2027-03-31',
        'consultants replace konsult-1 konsult-3 --name "Bo Ek" --email bo.ek@pector.example',
      ),
    )
    .action(replaceAction);
}

async function replaceAction(old: string, standIn: string, options: Options): Promise<void> {
  const { name, email, json } = options;
  const words = said[spoken()];
  if (json && !options.yes) throw new Error(words.needsYes);
  if ((name === undefined) !== (email === undefined)) throw new Error(words.needsBoth);
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
    if (!options.yes && !(await confirmed(words.ask(old, standIn, numbers.length))))
      return refuse(words.unchanged);
    await storeReplacement(db, asked, numbers);
    if (json) return void say(asJson({ replaced: true, ...plan }));
    say(words.recorded(plan.from <= today ? undefined : plan.from, running));
  });
}

/** A number with its noun in the language of the command. */
const counts = {
  sv: {
    agreements: (count: number) => `${count} avtal`,
    steps: (count: number) => counted(count, ['öppet steg', 'öppna steg']),
    meetings: (count: number) => counted(count, ['bokat möte', 'bokade möten']),
  },
  en: {
    agreements: (count: number) => counted(count, ['agreement', 'agreements']),
    steps: (count: number) => counted(count, ['open step', 'open steps']),
    meetings: (count: number) => counted(count, ['booked meeting', 'booked meetings']),
  },
} as const;

const said = {
  sv: {
    noId: 'förväntade id för en konsult: a-z, 0-9 och -, högst 40 tecken',
    none: 'Inget avtal än.',
    needsYes: 'förväntade --yes med --json: då ställs ingen fråga',
    needsBoth: 'förväntade --name och --email tillsammans, hittade en av dem',
    ask: (old: string, standIn: string, agreements: number) =>
      `Ersätta ${old} med ${standIn} i ${counts.sv.agreements(agreements)}?`,
    unchanged: 'Inget är ändrat.',
    recorded: (on: LocalDate | undefined, running: boolean) =>
      `Noterat; åren som löper får veta det ${on ?? 'nu'}${running ? '' : ', när `npm start` körs igen'}.`,
    time: (from: LocalDate, until: LocalDate | null) =>
      until === null ? `från ${from} för gott` : `från ${from} till och med ${until}`,
    recordedAlready: (agreements: string) => `Inget att göra: det är redan noterat, för ${agreements}.`,
    ofNone: (old: string, on: LocalDate) =>
      `Inget att göra: ${old} är inte konsult i något avtal som löper ${on}.`,
    replaced: (old: string, standIn: string, time: string) => `${old} ersätts av ${standIn} ${time}:`,
    until: (until: LocalDate) => ` till och med ${until}`,
    back: (old: string) => `Dagen efter är ${old} tillbaka.`,
    already: 'redan noterat.',
    away: (standIn: string, time: string) => `Obs: ${standIn} är också borta, ${time}.`,
    withoutId: '(utan id)',
    next: (step: string, on: LocalDate, late: boolean) => `, nästa ${step} ${on}${late ? '  FÖRSENAT' : ''}`,
    absent: (standIn: string, time: string) => `ersätts av ${standIn} ${time}`,
  },
  en: {
    noId: "expected a consultant's id: a-z, 0-9 and -, at most 40 characters",
    none: 'No agreement yet.',
    needsYes: 'expected --yes with --json: no question is asked then',
    needsBoth: 'expected --name and --email together, found one of them',
    ask: (old: string, standIn: string, agreements: number) =>
      `Replace ${old} by ${standIn} in ${counts.en.agreements(agreements)}?`,
    unchanged: 'Nothing was changed.',
    recorded: (on: LocalDate | undefined, running: boolean) =>
      `Recorded; the running years are told ${on === undefined ? 'now' : `on ${on}`}${running ? '' : ', when `npm start` runs again'}.`,
    time: (from: LocalDate, until: LocalDate | null) =>
      until === null ? `from ${from} for good` : `from ${from} until ${until}`,
    recordedAlready: (agreements: string) => `Nothing to do: this is recorded already, for ${agreements}.`,
    ofNone: (old: string, on: LocalDate) =>
      `Nothing to do: ${old} is the consultant of no live agreement on ${on}.`,
    replaced: (old: string, standIn: string, time: string) => `${old} is replaced by ${standIn} ${time}:`,
    until: (until: LocalDate) => ` until ${until}`,
    back: (old: string) => `The day after, ${old} is back.`,
    already: 'recorded already.',
    away: (standIn: string, time: string) => `Mind: ${standIn} is away as well, ${time}.`,
    withoutId: '(no id)',
    next: (step: string, on: LocalDate, late: boolean) => `, next ${step} ${on}${late ? '  OVERDUE' : ''}`,
    absent: (standIn: string, time: string) => `replaced by ${standIn} ${time}`,
  },
} as const;

const time = ({ from, until }: { from: LocalDate; until: LocalDate | null }): string =>
  said[spoken()].time(from, until);

function nothingToDo(old: string, { recorded, from }: ReplacementPlan): string {
  const words = said[spoken()];
  return recorded.length > 0 ? words.recordedAlready(recorded.join(', ')) : words.ofNone(old, from);
}

function printPlan(old: string, plan: ReplacementPlan): string {
  const { agreements, recorded, away, until } = plan;
  const words = said[spoken()];
  const count = counts[spoken()];
  const within = until === null ? '' : words.until(until);
  const standIn = `${plan.new?.id ?? ''} (${plan.new?.name ?? ''} <${plan.new?.email ?? ''}>)`;
  return [
    words.replaced(old, standIn, time(plan)),
    ...agreements.flatMap(({ agreement, customer, openSteps, meetings }) => [
      `  ${agreement}  ${customer}: ${count.steps(openSteps)}${within}, ${count.meetings(meetings.length)}`,
      ...meetings.map(
        ({ id, at, place }) =>
          `    ${id}  ${localDateOf(at)} ${formatTime(at)}${place === null ? '' : `, ${place}`}`,
      ),
    ]),
    ...(until === null ? [] : [words.back(old)]),
    ...recorded.map((agreement) => `${agreement}: ${words.already}`),
    ...away.map((absence) => words.away(plan.new?.id ?? '', time(absence))),
  ].join('\n');
}

function printConsultant({ id, name, email, agreements, absences }: ConsultantStatus): string {
  const words = said[spoken()];
  const count = counts[spoken()];
  const open = agreements.reduce((sum, { openSteps }) => sum + openSteps, 0);
  return [
    `${id ?? words.withoutId}  ${name} <${email}>: ${count.agreements(agreements.length)}, ${count.steps(open)}`,
    ...agreements.map(({ agreement, customer, openSteps, next }) => {
      const due = next ? words.next(next.id, next.dueOn, next.overdue) : '';
      return `  ${agreement}  ${customer}: ${count.steps(openSteps)}${due}`;
    }),
    ...absences.map(
      (absence) => `  ${words.absent(absence.standIn, time(absence))}: ${absence.agreements.join(', ')}`,
    ),
  ].join('\n');
}
