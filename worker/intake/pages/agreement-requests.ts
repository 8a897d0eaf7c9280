/** What the customer can ask for on their page: each is kept and told once, and books or changes nothing. */
import type { AgreementPage } from '../../../activities/pages/agreement';
import type { RequestEvent } from '../../../activities/pages/agreement-requests';
import { requestEvents } from '../../../activities/pages/agreement-requests';
import { isLocalDate } from '../../../rules/engine/basics/is-local-date';
import type { Language } from '../../../rules/engine/basics/text';
import { timeOfDay } from '../../../rules/engine/basics/read-number';
import type { SupportTerms } from '../../../rules/engine/ruleset/terms';
import { nextWorkInstant, workdayOf } from '../../../rules/engine/terms/support-hours';
import { agreementSays } from '../../../templates/pages/agreement-words';
import { askedAgain, askedBefore, reachOf } from '../../../templates/pages/link-words';
import type { Problem } from '../../../templates/pages/render-page';
import { fill } from '../../../templates/pages/wording';
import { formatDate, formatTime } from '../../../templates/words/dates';
import { formatSupportHours } from '../../../templates/words/support-hours';
import type { Action, Visit } from './page';
import { defineAction, isOfToday } from './page';
import type { Form } from './read-form';

const says = agreementSays.notTaken;

/** Most characters of what is written. */
const longest = 500;

/** What somebody asks for. */
interface Asked {
  text?: string;
  meeting?: string;
  on?: string;
  time?: string;
}

type AskVisit = Visit<AgreementPage>;
type Judged = { problems: Problem[] } | { details: Asked };

/** Meetings that can be held at another time: those that are to come. */
export const meetingsToMove = ({ subject }: AskVisit) =>
  subject.dates.filter(({ strand, state }) => strand === 'meetings' && state === 'open');

const judges: Record<RequestEvent, (visit: AskVisit, form: Form) => Judged> = {
  'meeting-asked': (visit, { about, wishedOn, wishedAt }) =>
    judged(visit, {
      text: ['about', about, says.noAbout],
      on: ['wishedOn', wishedOn],
      time: ['wishedAt', wishedAt],
    }),
  'time-asked': (visit, { meeting, newOn, newAt, why }) => {
    const one = meetingsToMove(visit).find(({ id }) => id === meeting);
    const rest = judged(visit, {
      text: ['why', why],
      on: ['newOn', newOn, says.noDay],
      time: ['newAt', newAt],
    });
    if (one) return 'problems' in rest ? rest : { details: { ...rest.details, meeting: one.id } };
    const problem = { field: 'meeting', text: says.noMeeting[visit.language] };
    return { problems: [problem, ...('problems' in rest ? rest.problems : [])] };
  },
  'contact-asked': (visit, { changed }) => judged(visit, { text: ['changed', changed, says.noChange] }),
};

/** A field of the form, what was written in it, and what is said where that is missing. */
type Written = [field: string, written: string | undefined, missing?: (typeof says)['noDay']];

function judged(
  { subject, language }: AskVisit,
  { text, on = ['', undefined], time = ['', undefined] }: { text: Written; on?: Written; time?: Written },
): Judged {
  const problems: Problem[] = [];
  const wrong = (field: string, words: Record<'sv' | 'en', string>, values = {}): void => {
    problems.push({ field, text: fill(words[language], values) });
  };
  for (const [field, written, missing] of [text, on, time])
    if (written === undefined && missing) wrong(field, missing);
  const length = Array.from(text[1] ?? '').length;
  if (length > longest) wrong(text[0], says.tooLong, { most: `${longest}`, length: `${length}` });
  const [, day] = on;
  if (day !== undefined && !(isLocalDate(day) && day >= subject.today)) wrong(on[0], says.noDay);
  const clock = time[1] === undefined ? undefined : timeOfDay(time[1]);
  if (clock !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(clock)) wrong(time[0], says.noTime);
  if (problems.length > 0) return { problems };
  return {
    details: {
      ...(text[1] !== undefined && { text: text[1] }),
      ...(day !== undefined && { on: day }),
      ...(clock !== undefined && { time: clock }),
    },
  };
}

/** When we answer, by the terms; outside the working day, when somebody reads it. */
function answeredWhen(support: SupportTerms, now: number, language: Language): string {
  const { opens, closes } = workdayOf(support);
  const hours = formatSupportHours([{ days: 'open', from: opens, to: closes }], language);
  const at = new Date(now).toISOString();
  const read = nextWorkInstant(at, support);
  const day = formatDate(read, language);
  return read === at
    ? fill(agreementSays.answered[language], { hours })
    : fill(agreementSays.readLater[language], { hours, day, time: formatTime(read) });
}

const asking = (event: RequestEvent): Action<AgreementPage, Record<string, unknown>> =>
  defineAction<AgreementPage, Asked>({
    mostADay: 5,
    judge: (visit, form) => {
      const { ended, language, contract } = visit;
      if (!ended) return judges[event](visit, form);
      return { problems: [{ text: fill(says.ended[language], reachOf(contract!.contacts.consultant)) }] };
    },
    // What was written may name people: it stays here, and in the mail.
    tell: ({ link: { contact } }, { meeting, on, time }, id) => ({
      to: 'agreement',
      signal: 'customerAsks',
      input: {
        ...{ kind: requestEvents[event], contact, ref: `page-${id}` },
        ...(meeting !== undefined && { meeting }),
        ...(on !== undefined && { on }),
        ...(time !== undefined && { at: time }),
      },
    }),
    repeats: (visit, before) =>
      isOfToday(visit, before) &&
      visit.subject.requests.some(
        (one) => one.event === event && one.at === before.at && one.closedAt === undefined,
      ),
    done: ({ language, contract, subject, now }, _details, before) => {
      const consultant = contract!.contacts.consultant.name;
      const title = before === undefined ? agreementSays.thanksTitle : askedAgain.title;
      const lead =
        before === undefined
          ? fill(agreementSays.thanks[language], { consultant })
          : askedBefore(before, consultant, language);
      return {
        page: 'done',
        title: title[language],
        data: { lead: `${lead} ${answeredWhen(subject.terms.support, now, language)}` },
      };
    },
  });

export const requestActions = {
  'meeting-asked': asking('meeting-asked'),
  'time-asked': asking('time-asked'),
  'contact-asked': asking('contact-asked'),
};
