/** The page of an hour statement: the year's hours line by line, prices once a code was entered, and questions about a line. */
import type { AskedAbout, StatementPage } from '../../../activities/pages/statement';
import { readStatementPage } from '../../../activities/pages/statement';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import type { Language } from '../../../rules/engine/basics/text';
import { moneyRoles } from '../../../rules/engine/contract/contract';
import { accountOf, isUse } from '../../../templates/statement/account';
import type { BalancedLine } from '../../../templates/statement/account';
import { lineName, statementWords } from '../../../templates/statement/wording';
import { askedAgain, askedBefore, linkRefusals, reachOf } from '../../../templates/pages/link-words';
import type { StatementPageLine } from '../../../templates/pages/render-page';
import { statementCode, statementSays as says } from '../../../templates/pages/statement-words';
import { fill } from '../../../templates/pages/wording';
import { formatShortDate } from '../../../templates/words/dates';
import { formatClock, formatMoney, formatTime } from '../../../templates/words/numbers';
import type { Shown, Visit } from './page';
import { defineAction, definePage, isOfToday, numberOf } from './page';

const longestQuestion = 1_000;

/** What somebody asked. */
interface Question {
  entry: number;
  question: string;
}

export const statementPage = definePage<StatementPage>({
  purpose: 'statement',
  code: { roles: moneyRoles, words: statementCode },
  // Longer than a question may be: what is too long is shown again, whole.
  fields: { line: 12, question: 12_000 },
  gone: linkRefusals.gone,
  load: (db, link) => readStatementPage(db, link.agreement, numberOf(link)),
  show: (visit, { query, form, problems }) => {
    const line = isOver(visit) ? undefined : askable(visit.subject, form.line ?? query.line);
    if (!line) return statementShown(visit);
    return {
      page: 'question',
      title: says.askTitle[visit.language],
      data: {
        lead: fill(says.askLead[visit.language], { consultant: consultantOf(visit).name }),
        line: lineShown(line, visit),
        question: problems.length > 0 ? (form.question ?? '') : '',
      },
    };
  },
  actions: {
    'line-questioned': defineAction<StatementPage, Question>({
      mostADay: 20,
      judge: (visit, { line: number, question = '' }) => {
        const { subject, language, ended } = visit;
        const line = askable(subject, number);
        const length = Array.from(question).length;
        const problem = (field: string | undefined, text: string) => ({
          problems: [{ ...(field !== undefined && { field }), text }],
        });
        if (!line?.number) return problem(undefined, says.noLine[language]);
        if (isOver(visit)) return problem(undefined, overSaid(visit));
        if (ended) return problem(undefined, fill(says.ended[language], reachOf(consultantOf(visit))));
        if (length === 0) return problem('question', says.empty[language]);
        if (length > longestQuestion)
          return problem('question', fill(says.tooLong[language], { length: `${length}` }));
        return { details: { entry: line.number, question } };
      },
      tell: ({ link }, { entry, question }, event) => ({
        to: 'agreement',
        signal: 'lineQuestioned',
        input: { entry, question, contact: link.contact, ref: `page-${event}` },
      }),
      repeats: isOfToday,
      done: (visit, { entry, question }, before) => {
        const line = askable(visit.subject, `${entry}`);
        const { language, holder } = visit;
        const consultant = consultantOf(visit).name;
        return {
          page: 'asked',
          title: (before === undefined ? says.thanksTitle : askedAgain.title)[language],
          data: {
            lead:
              before === undefined
                ? fill(says.thanksLead[language], { consultant, email: holder.email })
                : askedBefore(before, consultant, language),
            ...(line && { line: lineShown(line, visit) }),
            question,
          },
        };
      },
    }),
  },
});

/** Whether the time is over in which the lines of a closed year can be asked about. */
const isOver = ({ subject: { askUntil }, now }: Visit<StatementPage>): boolean =>
  askUntil !== undefined && localDateOf(new Date(now).toISOString()) > askUntil;

const overSaid = (visit: Visit<StatementPage>): string =>
  fill(says.over[visit.language], {
    ...reachOf(consultantOf(visit)),
    until: formatShortDate(visit.subject.askUntil ?? '', visit.language),
  });

const consultantOf = ({ contract }: Visit<StatementPage>) => contract!.contacts.consultant;

/** A line that somebody may ask about: what was used. */
function askable(statement: StatementPage, number: string | undefined): BalancedLine | undefined {
  return accountOf(statement.hours.lines ?? [], statement.year).lines.find(
    (line) => isUse(line) && `${line.number}` === number,
  );
}

function lineShown(
  line: BalancedLine,
  { subject, language, proven }: Visit<StatementPage>,
): StatementPageLine {
  const { on, number, kind, by, note, seconds, reported, included, prices = [], amountMinor, left } = line;
  const { currency } = subject.hours;
  const money = (minor: number): string => formatMoney(minor, currency, language);
  return {
    day: formatShortDate(on, language),
    what: lineName(kind, language),
    time: formatTime(seconds),
    left: formatTime(left),
    ...(number !== undefined && { number }),
    ...(by !== undefined && { by }),
    ...(note !== undefined && { note }),
    ...(reported !== undefined && { reported: formatTime(reported) }),
    ...(included && { included }),
    ...(proven && prices.length > 0 && { prices: prices.map(money).join(' / ') }),
    ...(proven && amountMinor !== undefined && { amount: money(amountMinor) }),
  };
}

/** A statement on another page of the holder's: to be read, and not asked about there. */
export function keptStatementShown(visit: Visit<StatementPage>, id: string): Shown {
  const shown = statementShown(visit, false);
  const { data } = shown as Extract<Shown, { page: 'statement' }>;
  const pdf = visit.proven ? `?statement=${id}&file=pdf` : undefined;
  return { ...shown, page: 'statement', data: { ...data, back: true, ...(pdf !== undefined && { pdf }) } };
}

function statementShown(visit: Visit<StatementPage>, takesQuestions = true): Shown {
  const { subject, language, proven } = visit;
  const { hours, year, version, newest, questions } = subject;
  const account = accountOf(hours.lines ?? [], year);
  const { statement, final, corrected } = statementWords[language];
  const name = hours.told ? corrected : hours.final ? final : statement;
  const day = formatShortDate(hours.asOf, language);
  return {
    page: 'statement',
    title: `${name}, ${subject.customer}`,
    data: {
      lead: fill(says.asOf[language], {
        day,
        version: fill(says.version[language], { version: `${version}` }),
      }).trim(),
      ...(isOver(visit) && { over: overSaid(visit) }),
      ...(newest > version && { newer: fill(says.newer[language], { version: `${newest}` }) }),
      figures: figuresOf(visit),
      opening: { day: formatShortDate(year.from, language), left: formatTime(account.opening) },
      lines: account.lines.map((line) => {
        const isAskable = isUse(line);
        const isOpen = isAskable && takesQuestions && !isOver(visit);
        const about = isAskable ? questions.get(line.number!) : undefined;
        return {
          ...lineShown(line, visit),
          ...(about && { asked: aboutLine(about, language) }),
          ...(isOpen && { ask: `?line=${line.number}` }),
        };
      }),
      money: proven,
    },
  };
}

/** What was asked about a line, and what we answered. */
function aboutLine({ asked, answered }: AskedAbout, language: Language): string {
  if (!answered) return fill(says.asked[language], { day: formatShortDate(asked, language) });
  const { on, words: answer } = answered;
  const day = formatShortDate(on, language);
  return answer === undefined
    ? fill(says.gone[language], { day })
    : fill(says.answered[language], { day, answer });
}

/** The balance as a list of names and values. */
function figuresOf({ subject: { hours }, language, proven }: Visit<StatementPage>) {
  const { figures } = statementWords[language];
  const figure = (name: string, centihours: number) => ({
    name: capital(name),
    value: formatClock(centihours),
  });
  return [
    figure(figures.contracted, hours.contracted),
    ...(hours.rolledIn > 0 ? [figure(figures.rolledIn, hours.rolledIn)] : []),
    ...(hours.added ? [figure(figures.added, hours.added)] : []),
    figure(figures.used, hours.used),
    figure(figures.remaining, hours.remaining),
    ...(hours.overage > 0 ? [figure(figures.overage, hours.overage)] : []),
    ...(proven ? prices(hours, language) : []),
  ];
}

const prices = (
  { discountedRateMinor, overage, overageAmountMinor, currency }: StatementPage['hours'],
  language: Language,
) => [
  { name: says.pricePerHour[language], value: formatMoney(discountedRateMinor, currency, language) },
  ...(overage > 0
    ? [
        {
          name: capital(statementWords[language].figures.overage),
          value: formatMoney(overageAmountMinor, currency, language),
        },
      ]
    : []),
];

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
