/** `serviceavtal hours value`: what unused prepaid hours are worth on a day, for the accounts of both sides. */
import type { Command } from 'commander';
import { prepaidOn } from '../../../activities/invoicing/accrual';
import type { PrepaidAgreement } from '../../../activities/invoicing/accrual';
import { sum } from '../../../rules/engine/basics/sum';
import type { Language } from '../../../rules/engine/basics/text';
import { formatMoney, formatTime } from '../../../templates/words/numbers';
import { spoken } from '../../basics/spoken';
import { withStack } from '../../processes/with-stack';
import { readConfiguration } from '../../settings/configuration';
import { languageOption } from '../findings-output';
import { below } from '../help-words';
import { asJson, date, say } from '../terminal';

const help = {
  sv: `Timmar som är betalda och inte använda den dagen, gånger priset de köptes till: förutbetalda intäkter hos oss, förutbetald kostnad
hos kunden. Timmar som vi bjudit på är inte betalda. Betalas året i delar räknas bara de delar som förfallit.`,
  en: `Hours that are paid for and not used on that day, times the price at which they were bought: deferred revenue of ours, a prepaid
cost of the customer's. Nobody paid for hours that we gave. Of a year in instalments only those that have fallen due count.`,
};

export function registerValue(hours: Command): void {
  hours
    .command('value')
    .requiredOption('--on <date>', 'the last day that counts, as 2027-12-31', date)
    .description('what unused prepaid hours are worth on a day, agreement by agreement')
    .option('--json', 'print one document; times are whole seconds, money minor units')
    .addOption(languageOption('what is shown'))
    .addHelpText('after', below(help, 'hours value --on 2027-12-31'))
    .action(async ({ on, json }: { on: string; json?: boolean }) => {
      await withStack(readConfiguration(), async ({ db }) => {
        const agreements = await prepaidOn(db, on);
        const totals = totalsOf(agreements);
        if (json) say(asJson({ on, agreements, totals }));
        else print(on, agreements, totals, spoken());
      });
    });
}

/** Minor units by currency. */
function totalsOf(agreements: readonly PrepaidAgreement[]): Record<string, number> {
  const currencies = [...new Set(agreements.map(({ currency }) => currency))].sort();
  return Object.fromEntries(
    currencies.map((currency) => [
      currency,
      sum(agreements.filter((one) => one.currency === currency).map(valueOf)),
    ]),
  );
}

const valueOf = ({ hours }: PrepaidAgreement): number => sum(hours.map(({ amountMinor }) => amountMinor));

const words = {
  sv: {
    title: (on: string) => `Outnyttjade förbetalda timmar ${on}, exkl. moms`,
    none: 'Inga.',
    kinds: {
      held: 'kvar efter frågor',
      contracted: 'avtalade',
      rolled: 'överförda',
      purchased: 'köpta',
      goodwill: '',
    },
    until: 'upphör',
    sum: 'Summa',
    at: 'à',
  },
  en: {
    title: (on: string) => `Unused prepaid hours on ${on}, excl. VAT`,
    none: 'None.',
    kinds: {
      held: 'kept by questions',
      contracted: 'contracted',
      rolled: 'rolled in',
      purchased: 'bought',
      goodwill: '',
    },
    until: 'expiring',
    sum: 'Sum',
    at: 'at',
  },
};

function print(
  on: string,
  agreements: readonly PrepaidAgreement[],
  totals: Record<string, number>,
  language: Language,
): void {
  const word = words[language];
  say(word.title(on));
  if (agreements.length === 0) say(word.none);
  for (const one of agreements) {
    const { agreement, customer, currency, hours } = one;
    say('');
    say(`${agreement}  ${customer}  ${formatMoney(valueOf(one), currency, language)}`);
    for (const { kind, seconds, priceMinor, amountMinor, expires } of hours) {
      const price = `${formatTime(seconds)} ${word.at} ${formatMoney(priceMinor, currency, language)}`;
      const worth = formatMoney(amountMinor, currency, language);
      say(`  ${word.kinds[kind]}, ${word.until} ${expires}: ${price} = ${worth}`);
    }
  }
  if (agreements.length > 0) say('');
  for (const [currency, minor] of Object.entries(totals))
    say(`${word.sum} ${formatMoney(minor, currency, language)}`);
}
