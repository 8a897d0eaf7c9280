/** "Mitt avtal": the customer's own page of the agreement, with what they can tick, ask for, and open to read. */
import type { AgreementPage } from '../../../activities/pages/agreement';
import { readAgreementPage } from '../../../activities/pages/agreement';
import { isOwn } from '../../../activities/pages/agreement-dates';
import { findStatementFile } from '../../../activities/pages/kept-to-read';
import { livingLink } from '../../../activities/pages/living-link';
import type { ReportFile } from '../../../activities/years/kept-reports';
import { readReport } from '../../../activities/years/kept-reports';
import { moneyRoles } from '../../../rules/engine/contract/contract';
import { agreementCode, agreementSays as says } from '../../../templates/pages/agreement-words';
import { linkRefusals, reachOf } from '../../../templates/pages/link-words';
import { fill } from '../../../templates/pages/wording';
import { agreementShown, minutesShown } from './agreement-shown';
import { requestActions } from './agreement-requests';
import type { Asking, PageFile } from './page';
import { defineAction, definePage } from './page';
import { keptStatementShown } from './statement';

const actionDone: Asking<AgreementPage> = {
  asks: true,
  judge: ({ subject, link, language, ended, contract }, { action }) => {
    if (ended) {
      const text = fill(says.notTaken.ended[language], reachOf(contract!.contacts.consultant));
      return { problems: [{ text }] };
    }
    const own = subject.actions.find((one) => one.id === action && isOwn(one, link.contact));
    if (!own) return { problems: [{ text: says.notTaken.noAction[language] }] };
    return {
      details: { updates: [{ signal: 'actionDone', input: { action: own.id, by: link.contact } }] },
    };
  },
};

/** A feed of the holder's own: made when they ask for it, so that no link is about that nobody uses. */
const feedMade = defineAction<AgreementPage, Record<string, never>>({
  mostADay: 5,
  judge: () => ({ details: {} }),
  keep: (tx, { link: { agreement, contact, language }, holder: { email: recipient }, now }) =>
    livingLink(
      tx,
      { agreement, contact, recipient, purpose: 'calendar', language },
      new Date(now).toISOString(),
    ).then(() => undefined),
  done: ({ language }) => ({
    page: 'done',
    title: says.feedTitle[language],
    data: { lead: says.feedMade[language] },
  }),
});

const asFile = (report: ReportFile | undefined): PageFile | undefined =>
  report && { name: report.filename, mediaType: report.contentType, content: report.content };

export const agreementPage = definePage<AgreementPage>({
  purpose: 'agreement',
  code: { roles: moneyRoles, words: agreementCode },
  fields: {
    ...{ statement: 15, minutes: 60, report: 4, file: 5, action: 12 },
    ...{ about: 2_000, wishedOn: 10, wishedAt: 20 },
    ...{ meeting: 40, newOn: 10, newAt: 20, why: 2_000, changed: 2_000 },
  },
  gone: linkRefusals.gone,
  load: (db, link, now, { statement, minutes }) =>
    readAgreementPage(db, link, now, { statement, meeting: minutes }),
  file: async (db, { link: { agreement }, subject, proven, language }, { statement, file, report }) => {
    const asked = subject.kept.reports.find(({ ofYear }) => `${ofYear}` === report);
    if (asked) return asFile(await readReport(db, agreement, asked));
    // What a statement's document says is for who may see prices.
    return file === 'pdf' && proven && subject.statement
      ? findStatementFile(db, agreement, Number(statement), language)
      : undefined;
  },
  show: (visit, { form, problems, query }) => {
    const { statement, minutes } = visit.subject;
    if (statement) return keptStatementShown({ ...visit, subject: statement }, query.statement ?? '');
    if (minutes) return minutesShown(visit, minutes);
    return agreementShown(visit, problems.length > 0 ? form : {}, problems);
  },
  actions: { 'action-done': actionDone, ...requestActions, 'feed-made': feedMade },
});
