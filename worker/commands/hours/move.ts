/** `serviceavtal hours move`: hours that were booked on the wrong agreement. */
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { findAgreement } from '../../../activities/agreements/agreements';
import type { Moved, MovedSide } from '../../../activities/hours/move';
import { moveHours } from '../../../activities/hours/move';
import { BilingualError } from '../../../rules/engine/basics/bilingual-error';
import { expectedFound } from '../../../rules/engine/basics/text';
import type { Text } from '../../../rules/engine/basics/text';
import { secondsOfHundredth } from '../../../rules/engine/hours/hour-bank';
import { noAgreement } from '../../../templates/words/no-agreement';
import { formatTime } from '../../../templates/words/numbers';
import { inWords } from '../../basics/spoken';
import { withStack } from '../../processes/with-stack';
import { readConfiguration } from '../../settings/configuration';
import { languageOption } from '../findings-output';
import { below } from '../help-words';
import { refusalInWords, unplanned } from './refusals';
import { agreementNumber, asJson, confirmed, reasonText, say, tell, whoever } from '../terminal';

interface Options {
  to: string;
  reason: string;
  approvedBy?: string;
  by?: string;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

/** An entry as people name it: its agreement and its number. */
interface EntryPlace {
  agreement: string;
  entry: number;
}

export function registerMove(hours: Command): void {
  hours
    .command('move')
    .argument('<entry>', 'its agreement and number, as `hours` shows it: testbolaget-2027/12', entryPlace)
    .requiredOption('--to <agreement>', 'the agreement that the work was for', agreementNumber)
    .requiredOption('--reason <text>', 'why; it is kept', reasonText)
    .option('--approved-by <manager>', 'who approves more hours of a year whose final statement has gone out')
    .option('--by <name>', 'who moves it (you, as the system knows you)')
    .description('moves hours that were booked on the wrong agreement: both sides or none')
    .option('--dry-run', 'show what would become of both, and change nothing')
    .option('--yes', 'do not ask')
    .option('--json', 'print one document; asks nothing, so it takes --yes or --dry-run')
    .addOption(languageOption('what is shown'))
    .addHelpText(
      'after',
      below(
        {
          sv: `Posten tas tillbaka på sitt avtal och bokförs på det andra, på samma dag, med samma person, slag och anteckning.
Båda avtalens sidor visar det, och den som har fått ett slutbesked som ändras får ett rättat. För att ångra: flytta
tillbaka den nya posten.`,
          en: `The entry is taken back on its agreement and booked on the other, on the same day, with the same person, kind and
note. The pages of both show it, and who has a final statement that changes gets a corrected one. To undo it, move the
new entry back.`,
        },
        'hours move testbolaget-2027/12 --to annatbolag-2027 --reason "fel kund"',
      ),
    )
    .action(move);
}

async function move({ agreement: from, entry }: EntryPlace, options: Options): Promise<void> {
  const { to, reason, approvedBy, dryRun = false, yes = false, json = false } = options;
  if (json && !yes && !dryRun) throw new BilingualError(needsYes);
  if (from === to) throw new BilingualError(expectedFound(anotherAgreement, to));
  await withStack(readConfiguration(), async ({ db }) => {
    for (const number of [from, to])
      if (!(await findAgreement(db, number))) throw new BilingualError(noAgreement(number));
    const asked = {
      ...{ from, entry, to, reason, by: whoever(options.by), asOf: new Date().toISOString() },
      ...(approvedBy !== undefined && { approvedBy }),
    };
    const previewed = movedOf({ from, to, entry }, await moveHours(db, { ...asked, dryRun: true }));
    if (dryRun) return void (json ? say(asJson({ done: false, ...previewed })) : print(previewed));
    if (!json) print(previewed);
    if (!yes && !(await confirmed(inWords(question)))) return void tell(inWords(unchanged));
    const moved = movedOf({ from, to, entry }, await moveHours(db, asked));
    if (json) say(asJson({ done: true, ...moved }));
    else say(inWords(done(moved)));
  });
}

type Done = Extract<Moved, { moved: unknown }>;

/** What was moved. @throws if nothing was, with why */
function movedOf({ from, to, entry }: EntryPlaces, moved: Moved): Done {
  if ('moved' in moved) return moved;
  throw new BilingualError(whyNot({ from, to, entry }, moved));
}

interface EntryPlaces {
  from: string;
  to: string;
  entry: number;
}

function whyNot({ from, to, entry }: EntryPlaces, moved: Exclude<Moved, Done>): Text {
  if ('unknown' in moved) {
    const known = moved.unknown.slice(-20).join(', ');
    return expectedFound(
      known === ''
        ? { sv: `en post på ${from}, som inte har någon`, en: `an entry of ${from}, which has none` }
        : {
            sv: `en post med använda timmar på ${from}: ${known}`,
            en: `an entry of hours used on ${from}: ${known}`,
          },
      String(entry),
    );
  }
  if ('gone' in moved) {
    const { movedTo } = moved;
    const where = movedTo && `${movedTo.agreement}/${movedTo.entry}`;
    return where === undefined
      ? {
          sv: `post ${entry} på ${from} är redan återtagen`,
          en: `entry ${entry} of ${from} was taken back before`,
        }
      : {
          sv: `post ${entry} på ${from} är redan flyttad, till ${where}`,
          en: `entry ${entry} of ${from} was moved before, to ${where}`,
        };
  }
  return 'unplanned' in moved ? unplanned(to) : refusalInWords(to, moved);
}

const needsYes = {
  sv: 'förväntade --yes eller --dry-run med --json: då ställs ingen fråga',
  en: 'expected --yes or --dry-run with --json, which asks nothing',
};
const anotherAgreement = { sv: 'ett annat avtal efter --to', en: 'another agreement after --to' };
const question = { sv: 'Flytta posten?', en: 'Move the entry?' };
const unchanged = { sv: 'Inget är ändrat.', en: 'Nothing was changed.' };

const done = ({ from, to }: Done): Text => ({
  sv: `Flyttad: post ${from.entry} på ${from.agreement} tar tillbaka tiden, post ${to.entry} på ${to.agreement} bokför den. För att ångra: npx serviceavtal hours move ${to.agreement}/${to.entry} --to ${from.agreement} --reason …`,
  en: `Moved: entry ${from.entry} of ${from.agreement} takes the time back, entry ${to.entry} of ${to.agreement} books it. To undo it: npx serviceavtal hours move ${to.agreement}/${to.entry} --to ${from.agreement} --reason …`,
});

function print({ moved, on, seconds, from, to }: Done): void {
  const { number, by = '', service = '', note = '' } = moved;
  say([`${from.agreement}/${number}`, on, formatTime(seconds), service, by, note].filter(Boolean).join('  '));
  for (const side of [from, to]) say(inWords(sideInWords(side)));
}

function sideInWords({ agreement, year, before, after, corrected }: MovedSide): Text {
  const time = (hundredths: number): string => formatTime(hundredths * secondsOfHundredth);
  const beyond = (hundredths: number, words: string): string =>
    hundredths > 0 ? ` (${time(hundredths)} ${words})` : '';
  const told = corrected.join(', ');
  return {
    sv: `  ${agreement}, år ${year}: kvar ${time(before.remaining)}${beyond(before.overage, 'utöver timbanken')} → ${time(after.remaining)}${beyond(after.overage, 'utöver timbanken')}${told === '' ? '' : `; kunden får ett rättat slutbesked för år ${told}`}`,
    en: `  ${agreement}, year ${year}: left ${time(before.remaining)}${beyond(before.overage, 'beyond the hour bank')} → ${time(after.remaining)}${beyond(after.overage, 'beyond the hour bank')}${told === '' ? '' : `; the customer gets a corrected final statement of year ${told}`}`,
  };
}

/** An entry as `testbolaget-2027/12`. */
function entryPlace(text: string): EntryPlace {
  const [, agreement = '', entry = ''] = /^([a-z0-9-]{1,40})\/(\d{1,9})$/.exec(text) ?? [];
  if (agreement === '')
    throw new InvalidArgumentError(
      inWords({
        sv: 'förväntade avtalets nummer och postens, som testbolaget-2027/12',
        en: "expected the agreement's number and the entry's, as testbolaget-2027/12",
      }),
    );
  return { agreement, entry: Number(entry) };
}
