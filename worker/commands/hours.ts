/** `serviceavtal hours`: the hour bank of an agreement year as it stands, as it stood, and why. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { findAgreement } from '../../activities/agreements/agreements';
import { readHours } from '../../activities/hours/facts';
import { readMoves } from '../../activities/hours/move';
import { readTransactions } from '../../activities/hours/postings';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { expectedFound } from '../../rules/engine/basics/text';
import { readWhole } from '../../rules/engine/basics/read-number';
import { later } from '../../rules/engine/calendar/dates';
import { localDateOf } from '../../rules/engine/calendar/calendar';
import { noAgreement } from '../../templates/words/no-agreement';
import { inWords, spoken } from '../basics/spoken';
import { withStack } from '../processes/with-stack';
import { readConfiguration } from '../settings/configuration';
import { languageOption } from './findings-output';
import { registerImport } from './hours/import';
import { registerMove } from './hours/move';
import { gatherHours, printHours } from './hours/print-hours';
import { agreementNumber, asJson, date, say } from './terminal';
import { below } from './help-words';

interface Options {
  year?: number;
  on?: string;
  knownAt?: string;
  explain?: boolean;
  json?: boolean;
}

export function registerHours(program: Command): void {
  const hours = program
    .command('hours')
    .description(
      'the hour bank: what was given, used and corrected, what is left, what rolls over or expires',
    );
  registerMove(hours);
  registerImport(hours);
  hours
    .command('show', { isDefault: true })
    .argument('<agreement>', "the agreement's number", agreementNumber)
    .description("an agreement's hours in a year, entry by entry")
    .option('--year <number>', 'an agreement year; the running one without it', yearNumber)
    .option('--on <date>', 'as it stands on a day: what is worked or expires later is left out', date)
    .option('--known-at <instant>', 'as it was known then: what was recorded later is left out', instant)
    .option(
      '--explain',
      'on which hours each entry drew and by which rule, what became of all hours given, and what was posted',
    )
    .option('--json', 'print one document; times are whole seconds')
    .addOption(languageOption('what is shown'))
    .addHelpText(
      'after',
      below(
        undefined,
        'hours testbolaget-2027 --explain',
        'hours testbolaget-2027 --year 1 --on 2027-06-30 --known-at 2027-07-01T12:00:00Z --json',
      ),
    )
    .action(async (number: string, options: Options) => {
      await withStack(readConfiguration(), async ({ db }) => {
        const agreement = await findAgreement(db, number);
        if (!agreement) throw new BilingualError(noAgreement(number));
        const { knownAt } = options;
        const facts = await readHours(db, number, knownAt === undefined ? {} : { knownAt });
        const years = facts.periods.map((period) => period.number);
        const year = options.year ?? years.at(-1);
        const [first] = facts.periods;
        const today = localDateOf(knownAt ?? new Date().toISOString());
        // An agreement that has not begun is shown as it begins.
        const on = options.on ?? later(today, first?.from ?? today);
        const transactions = await readTransactions(db, number, knownAt);
        const { currency } = agreement.contract.hourBank;
        const about = { agreement: number, currency, on, ...(knownAt !== undefined && { knownAt }) };
        if (first && on < first.from && options.on !== undefined)
          throw new BilingualError(tooEarly(first.from, on));
        const shown =
          year === undefined
            ? undefined
            : gatherHours(about, facts, transactions, year, await readMoves(db, number));
        if (!shown) throw new BilingualError(noYear(years, options.year));
        say(options.json ? asJson(shown) : printHours(shown, spoken(), options.explain === true));
      });
    });
}

const tooEarly = (first: string, found: string) =>
  expectedFound(
    { sv: `--on från avtalets första dag, ${first}`, en: `--on from the agreement's first day on, ${first}` },
    found,
  );

const noYear = (years: readonly number[], found: number | undefined) =>
  expectedFound(
    years.length === 0
      ? {
          sv: 'ett planerat avtalsår, men inget är planerat än',
          en: 'a planned agreement year, but none is planned yet',
        }
      : {
          sv: `ett planerat avtalsår: ${years.join(', ')}`,
          en: `a planned agreement year: ${years.join(', ')}`,
        },
    String(found ?? ''),
  );

function yearNumber(text: string): number {
  const number = readWhole(text, 1, 100);
  if (number === undefined)
    throw new InvalidArgumentError(
      inWords({
        sv: 'förväntade ett avtalsår, från 1 och uppåt',
        en: 'expected an agreement year, from 1 on',
      }),
    );
  return number;
}

/** An instant with its zone, as `2027-07-01T12:00:00Z`. */
function instant(text: string): string {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : NaN;
  if (Number.isNaN(at))
    throw new InvalidArgumentError(
      inWords({
        sv: 'förväntade en tidpunkt med tidszon, som 2027-07-01T12:00:00Z',
        en: 'expected an instant with its zone, as 2027-07-01T12:00:00Z',
      }),
    );
  return new Date(at).toISOString();
}
