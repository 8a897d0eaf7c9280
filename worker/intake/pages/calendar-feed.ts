/** The calendar feed of a customer's contact: the year's dates with their titles, and nothing else. */
import type { AgreementPage } from '../../../activities/pages/agreement';
import { readFeed } from '../../../activities/pages/agreement';
import { phaseNamesOf } from '../../../rules/engine/plan/phase-in-plan';
import { dateFeed } from '../../../templates/calendar';
import { agreementSays } from '../../../templates/pages/agreement-words';
import { linkRefusals } from '../../../templates/pages/link-words';
import { definePage } from './page';

export const calendarPage = definePage<Pick<AgreementPage, 'plan' | 'terms' | 'dates'>>({
  purpose: 'calendar',
  fields: {},
  gone: linkRefusals.gone,
  load: (db, link) => readFeed(db, link.agreement),
  file: async (_db, { subject: { plan, terms, dates }, language }) => ({
    name: language === 'sv' ? 'serviceavtal.ics' : 'service-agreement.ics',
    mediaType: 'text/calendar; charset=utf-8',
    inline: true,
    content: dateFeed({
      ...{ agreement: plan.agreement, yearNumber: plan.yearNumber, language, asOf: plan.plannedFrom },
      ...{ dates, meetingMinutes: terms.meetings.lengthMinutes, phaseNames: phaseNamesOf(plan) },
      name: agreementSays.feedCalendar[language],
    }),
  }),
  // The feed takes nothing: whoever sends something is told so.
  show: ({ language }) => ({
    page: 'refused',
    title: linkRefusals.gone.title[language],
    data: { lead: linkRefusals.gone.lead[language] },
  }),
  actions: {},
});
