/** `serviceavtal amendments`: contracts signed later for an agreement that runs, which a manager approves or declines. */
import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { AmendmentLook } from '../../activities/signings/amendments';
import {
  approveAmendment,
  declineAmendment,
  listAmendments,
  lookAtAmendment,
  seenOf,
} from '../../activities/signings/amendments';
import { readWhole } from '../../rules/engine/basics/read-number';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { amendmentBlock, amendmentHeader, amendmentWords } from '../../templates/preview/amendment';
import { printable } from '../../rules/engine/basics/one-line';
import { textDrawing } from '../../templates/preview/draw';
import { inWords } from '../basics/spoken';
import { readConfiguration, showsColours } from '../settings/configuration';
import { asJson, confirmed, refuse, say } from './terminal';
import { withStack } from '../processes/with-stack';
import { languageOption } from './findings-output';
import { below } from './help-words';

interface Options {
  by?: string;
  yes?: boolean;
  reason?: string;
  json?: boolean;
  language?: 'sv' | 'en';
}

function amendmentNumber(text: string): number {
  const number = readWhole(text, 1, Number.MAX_SAFE_INTEGER);
  if (number === undefined)
    throw new InvalidArgumentError(
      inWords({
        sv: 'förväntade numret på ett tilläggsavtal, som `amendments list` visar det',
        en: "expected an amendment's number, as `amendments list` shows it",
      }),
    );
  return number;
}

const number = ['<number>', 'as `amendments list` shows it', amendmentNumber] as const;

const help = {
  sv: `Inget av det gäller förrän det är godkänt. Då läggs fler timmar till det löpande året på sin dag; pris, rabatt och färre
timmar väntar till nästa år; allt annat gäller från sin dag. Har första året inte börjat ersätter det nya det som var.`,
  en: `Nothing of it holds until it is approved. Then more hours are added to the running year on its day; price,
discount and fewer hours wait for the next year; all else holds from its day. Before the first year has
begun, what is new replaces what was.`,
};

export function registerAmendments(program: Command): void {
  const amendments = program
    .command('amendments')
    .description('contracts signed later for an agreement that runs: amendments and renewals')
    .addHelpText('after', below(help, 'amendments show 3', 'amendments approve 3 --by "Erik Holm"'));
  amendments
    .command('list', { isDefault: true })
    .description('those that wait for a decision, and those that were decided')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(listAction);
  amendments
    .command('show')
    .argument(...number)
    .description('who signed it, what it changes, and what becomes of the running year')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(showAction);
  amendments
    .command('approve')
    .argument(...number)
    .description('shows what it changes, asks, and puts it in force on its day')
    .option('--by <name>', 'who approves it (the user of this machine)')
    .option('--yes', 'do not ask')
    .option('--json', 'print one document; asks nothing, so it takes --yes')
    .addOption(languageOption('what is shown'))
    .action(approveAction);
  amendments
    .command('decline')
    .argument(...number)
    .description('leaves the agreement as it is')
    .requiredOption('--reason <text>', 'why; kept with the amendment')
    .option('--by <name>', 'who declines it (the user of this machine)')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(declineAction);
}

const spokenBy = ({ language }: Options): 'sv' | 'en' => language ?? readConfiguration().staffLanguage;
const decider = ({ by }: Options): string => by ?? userInfo().username;
const now = (): string => new Date().toISOString();

async function listAction(options: Options): Promise<void> {
  const words = amendmentWords[spokenBy(options)];
  await withStack(readConfiguration(), async ({ db }) => {
    const all = await listAmendments(db);
    if (options.json) return void say(asJson(all));
    if (all.length === 0) say(words.none);
    for (const { id, agreement, customer, state, from, service, document, decidedAt, by } of all) {
      const decided = decidedAt === null ? '' : `  ${localDateOf(decidedAt)} ${by ?? ''}`;
      const line = `${String(id).padStart(4)}  ${words.state[state].padEnd(8)}  ${agreement}  ${customer}, ${from}, ${service}/${document}${decided}`;
      say(printable(line));
    }
  });
}

async function showAction(id: number, options: Options): Promise<void> {
  await withStack(readConfiguration(), async ({ db }) => {
    const look = await lookAtAmendment(db, id, now());
    if (options.json) return void say(asJson(look));
    draw(look, options);
    if (look.preview) say(`\n${amendmentWords[spokenBy(options)].decide(id)}`);
  });
}

/** Draws what an amendment changes, or why it cannot be approved. */
function draw({ amendment, values, preview, refused }: AmendmentLook, options: Options): void {
  const spoken = spokenBy(options);
  const drawing = textDrawing(showsColours(process.stdout));
  const { title, lines } = amendmentHeader(amendment, spoken);
  process.stdout.write(drawing.header(title, lines));
  process.stdout.write(drawing.block(amendmentBlock(amendment, values, preview, spoken)));
  if (refused) say(`\n${amendmentWords[spoken].refused(printable(refused[spoken]))}`);
}

async function approveAction(id: number, options: Options): Promise<void> {
  if (options.json && !options.yes)
    throw new Error(
      inWords({
        sv: 'förväntade --yes med --json: då ställs ingen fråga',
        en: 'expected --yes with --json: no question is asked then',
      }),
    );
  const words = amendmentWords[spokenBy(options)];
  await withStack(readConfiguration(), async ({ db, running }) => {
    const look = await lookAtAmendment(db, id, now());
    const { amendment, refused } = look;
    if (amendment.state === 'proposed') {
      if (!options.json) draw(look, options);
      if (refused) return refuse(options.json ? words.refused(refused[spokenBy(options)]) : words.unchanged);
      const question = words.question(amendment.agreement, id);
      if (!options.yes && !(await confirmed(`\n${question}`, words.choice))) return refuse(words.unchanged);
    }
    const approved = await approveAmendment(db, id, {
      by: decider(options),
      asOf: now(),
      seen: seenOf(look),
    });
    if (options.json) return void say(asJson(approved));
    if (approved.outcome === 'already')
      return void say(words.already(approved.by ?? '-', localDateOf(approved.at ?? now())));
    say(words.approved(amendment.agreement));
    const day = approved.from > localDateOf(now()) ? approved.from : undefined;
    if (approved.change !== null) say(words.told(day, running));
  });
}

async function declineAction(id: number, options: Options): Promise<void> {
  const words = amendmentWords[spokenBy(options)];
  await withStack(readConfiguration(), async ({ db }) => {
    const reason = options.reason ?? '';
    const newly = await declineAmendment(db, id, { by: decider(options), asOf: now(), reason });
    say(options.json ? asJson({ amendment: id, declined: newly }) : words.declined(id, !newly));
  });
}
