/** The hour bank on the customer's page: what is left and where hours went; prices for who has entered a code. */
import type { AgreementPageData, NamedValue } from '../../../templates/pages/agreement-data';
import { agreementSays as says } from '../../../templates/pages/agreement-words';
import { statementSays } from '../../../templates/pages/statement-words';
import { fill } from '../../../templates/pages/wording';
import { lineName, statementWords } from '../../../templates/statement/wording';
import { formatShortDate } from '../../../templates/words/dates';
import { capitalize } from '../../../templates/words/labels';
import { formatClock, formatMoney, formatTime } from '../../../templates/words/numbers';
import type { AgreementPage } from '../../../activities/pages/agreement';
import type { Visit } from './page';

export function hoursShown({
  subject: { hours },
  language,
  proven,
}: Visit<AgreementPage>): Pick<AgreementPageData, 'hours' | 'kinds' | 'reported' | 'money'> {
  const { figures } = statementWords[language];
  const { kinds, waiting, questioned, reported, priceMinor, currency } = hours;
  const time = (name: string, centihours: number): NamedValue => ({
    name: capitalize(name),
    value: formatClock(centihours),
  });
  const seconds = (name: string, value: number): NamedValue[] =>
    value > 0 ? [{ name, value: formatTime(value) }] : [];
  return {
    hours: [
      time(figures.remaining, hours.remaining),
      time(figures.contracted, hours.contracted),
      ...(hours.rolledIn > 0 ? [time(figures.rolledIn, hours.rolledIn)] : []),
      ...(hours.added ? [time(figures.added, hours.added)] : []),
      time(figures.used, hours.used),
      ...seconds(lineName('beyond', language), waiting.seconds),
      ...seconds(fill(says.questioned[language], { count: `${questioned.count}` }), questioned.seconds),
      ...(proven && priceMinor !== undefined
        ? [{ name: statementSays.pricePerHour[language], value: formatMoney(priceMinor, currency, language) }]
        : []),
    ],
    kinds: kinds.map((one) => ({ name: lineName(one.kind, language), value: formatTime(one.seconds) })),
    reported: reported
      ? fill(says.reported[language], {
          on: formatShortDate(reported.on, language),
          to: formatShortDate(reported.to, language),
        })
      : says.nothingReported[language],
    money: proven,
  };
}
