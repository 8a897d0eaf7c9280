/** What the calendar of a campaign says, in both languages. */
import type { Text } from '../basics/text';
import { joined } from '../basics/text';
import { localDateOf } from '../calendar/calendar';
import type { LocalDate } from '../contract/contract';
import type { Round } from '../rollout/campaign';
import type { Host } from '../rollout/installation';
import type { UpgradeWindow } from './campaign-calendar';

const span = (from: LocalDate, to: LocalDate): string => `${from}–${to}`;

/** Names told of many; more would not be read. */
const mostNames = 5;

/** Each name once, the first few of them. */
function named(names: readonly Text[]): Text {
  const once = names.filter(({ en }, index) => names.findIndex((other) => other.en === en) === index);
  const told = once.slice(0, mostNames);
  const more = once.length > told.length ? ' …' : '';
  return {
    sv: told.map(({ sv }) => sv).join(', ') + more,
    en: told.map(({ en }) => en).join(', ') + more,
  };
}

export const say = {
  done: { sv: 'uppgraderingen är klar', en: 'the upgrade is done' },
  begun: (window: UpgradeWindow | undefined): Text => {
    const day = window ? ` (${localDateOf(window.from)})` : '';
    return {
      sv: `uppgraderingen pågår och behåller sin dag${day}`,
      en: `the upgrade is under way and keeps its day${day}`,
    };
  },
  alreadyOn: (version: string): Text => ({ sv: `har redan ${version}`, en: `is on ${version} already` }),
  declined: { sv: 'kunden avstår från uppgraderingen', en: 'the customer does without the upgrade' },
  sharesWith: (installation: string, agreement: string): Text => ({
    sv: `installationen ${installation} uppgraderas redan med ${agreement}`,
    en: `the installation ${installation} is upgraded with ${agreement} already`,
  }),
  sharesWithDeclined: (agreement: string): Text => ({
    sv: `${agreement} avstår och har samma installation: de måste komma överens`,
    en: `${agreement} does without it and has the same installation: they have to agree`,
  }),
  noSuchRound: (round: string, rounds: readonly Round[]): Text => {
    const known = rounds.map(({ id }) => id).join(', ');
    return {
      sv: `omgången "${round}" (upgrade.round) finns inte i kampanjen, som har ${known}`,
      en: `round "${round}" (upgrade.round) is not in the campaign, which has ${known}`,
    };
  },
  noRelease: (product: string, release: string): Text => ({
    sv: `reglerna har ingen version ${release} av ${product}`,
    en: `the rules have no release ${release} of ${product}`,
  }),
  withdrawn: (release: string, on: LocalDate, reason: Text, by: string | undefined): Text =>
    joined(
      { sv: `${release} är tillbakadragen sedan ${on}: `, en: `${release} is withdrawn since ${on}: ` },
      reason,
      by === undefined ? '' : { sv: `; ${by} ersätter den`, en: `; ${by} replaces it` },
    ),
  days: (round: string, from: LocalDate, to: LocalDate): Text =>
    from <= to
      ? {
          sv: `omgången ${round} har dagarna ${span(from, to)}`,
          en: `round ${round} has the days ${span(from, to)}`,
        }
      : {
          sv: `omgången ${round} kan börja först ${from}, och dess sista dag är ${to}`,
          en: `round ${round} cannot begin before ${from}, and its last day is ${to}`,
        },
  past: (today: LocalDate): Text => ({
    sv: `dagarna har varit: idag är det ${today}`,
    en: `the days have passed: today is ${today}`,
  }),
  noWindow: (isShared: boolean): Text =>
    isShared
      ? {
          sv: 'ingen tid i upgrade.windows passar alla avtal som delar installationen',
          en: 'no time of upgrade.windows suits all agreements that share the installation',
        }
      : {
          sv: 'ingen tid i upgrade.windows ligger på kampanjens dagar',
          en: "no time of upgrade.windows lies on the campaign's days",
        },
  year: (agreement: string, windows: readonly { from: LocalDate; to: LocalDate }[]): Text => {
    const days = windows.map(({ from, to }) => span(from, to)).join(', ');
    return days === ''
      ? {
          sv: `${agreement} har inga dagar för uppgraderingen`,
          en: `${agreement} has no days for the upgrade`,
        }
      : {
          sv: `${agreement} har ${days} för uppgraderingen`,
          en: `${agreement} has ${days} for the upgrade`,
        };
  },
  tooSoon: (agreement: string, earliest: LocalDate): Text => ({
    sv: `det som ska göras före hos ${agreement} är klart tidigast ${earliest}`,
    en: `what has to be done before at ${agreement} is done on ${earliest} at the earliest`,
  }),
  postponed: (agreement: string, until: LocalDate): Text => ({
    sv: `${agreement} har skjutit upp den till ${until}`,
    en: `${agreement} has postponed it to ${until}`,
  }),
  clear: (what: readonly Text[]): Text =>
    joined({ sv: 'dagarna hålls fria: ', en: 'the days are kept clear: ' }, named(what)),
  host: ({ name }: Host): Text => ({
    sv: `${name}, som är värd, tillåter inte tiden`,
    en: `${name}, the host, does not allow the time`,
  }),
  lead: ({ name, leadDays }: Host, first: LocalDate): Text => ({
    sv: `${name}, som är värd, vill veta det ${leadDays} öppna dagar före: tidigast ${first}`,
    en: `${name}, the host, wants ${leadDays} open days' notice: ${first} at the earliest`,
  }),
  overlap: (consultant: string): Text => ({
    sv: `${consultant} har en annan uppgradering samtidigt`,
    en: `${consultant} has another upgrade at the same time`,
  }),
  fullWeek: (consultant: string, limit: number): Text => ({
    sv: `${consultant} har mer än ${limit} i veckan`,
    en: `${consultant} has more than ${limit} in the week`,
  }),
  full: (consultant: string, limit: number): Text => ({
    sv: `${consultant} har inget ledigt: högst ${limit} i veckan, en i taget`,
    en: `${consultant} has nothing free: at most ${limit} a week, one at a time`,
  }),
  noConsent: ({ name, contact }: Host): Text => ({
    sv: `${name}, som är värd, har inte sagt ja (fråga ${contact.name}, ${contact.email})`,
    en: `${name}, the host, has not said yes (ask ${contact.name}, ${contact.email})`,
  }),
  wasNotBegun: (day: LocalDate): Text => ({
    sv: `tiden ${day} har varit, och uppgraderingen är inte påbörjad`,
    en: `the window of ${day} has passed, and the upgrade is not begun`,
  }),
  agreedOtherwise: (agreement: string, day: LocalDate): Text => ({
    sv: `${agreement} har kommit överens om en annan dag, ${day}`,
    en: `${agreement} has agreed to another day, ${day}`,
  }),
  windowOfNobody: (id: string, product: string): Text => ({
    sv: `windows.${id}: inget löpande avtal med ${product} heter så, och ingen installation`,
    en: `windows.${id}: no live agreement with ${product} is called so, and no installation`,
  }),
  of: (installation: string, what: Text): Text => joined(installation, ': ', what),
} as const;
