/** The page that asks a partner of its integration: before an upgrade whether it is supported and the date suits, after it whether it works. */
import type { PartnerPage } from '../../../activities/pages/partner';
import { readPartnerPage } from '../../../activities/pages/partner';
import type { Text } from '../../../rules/engine/basics/text';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import { linkRefusals, reachOf } from '../../../templates/pages/link-words';
import { partnerSays as says } from '../../../templates/pages/partner-words';
import type { PartnerForm, WorksheetNews } from '../../../templates/pages/render-page';
import { worksheetSays } from '../../../templates/pages/worksheet-words';
import { fill } from '../../../templates/pages/wording';
import { formatDate, formatMoment, formatShortDate } from '../../../templates/words/dates';
import { label } from '../../../templates/words/labels';
import type { Asking, Shown, Visit } from './page';
import { definePage } from './page';
import type { Form } from './read-form';

type PartnerVisit = Visit<PartnerPage>;

const answering: Asking<PartnerPage> = {
  asks: true,
  judge: ({ subject, language, ended }, { ok, version, note }) => {
    const { question, integration, isOver } = subject;
    if (ended || isOver) return { problems: [{ text: overIn(subject)[language] }] };
    if (ok !== 'yes' && ok !== 'no') return { problems: [{ field: 'ok', text: says.choose[language] }] };
    if (ok === 'no' && note === undefined) return { problems: [{ field: 'note', text: says.why[language] }] };
    const input = {
      ...{ integration: integration.id, ok: ok === 'yes', by: 'partner' },
      ...(note !== undefined && { note }),
      ...(question === 'after' && version !== undefined && { version }),
    };
    const signal = question === 'before' ? 'integrationSupported' : 'integrationChecked';
    return { details: { updates: [{ signal, input }] } };
  },
};

export const partnerPage = definePage<PartnerPage>({
  purpose: 'partner',
  fields: { ok: 3, version: 40, note: 500 },
  gone: linkRefusals.gone,
  load: (db, link) => readPartnerPage(db, link.agreement, { about: link.subject, link: link.id }),
  show: (visit, { form, problems }) => partnerShown(visit, problems.length > 0 ? form : undefined),
  actions: { 'partner-answered': answering },
});

/** Why the question is closed. */
const overIn = ({ on, notUpgraded }: PartnerPage): Text =>
  on !== undefined && notUpgraded ? says.notUpgraded : says.isOver;

function partnerShown(visit: PartnerVisit, refused: Form | undefined): Shown {
  const { subject, language, ended } = visit;
  const { question, integration, customer, consultant, on, systems, result, isOver, last } = subject;
  const said = result && (result.ok ? says.saidYes : says.saidNo);
  const day = on === undefined ? '' : fill(says.day[language], { day: formatDate(on, language) });
  return {
    page: 'partner',
    title: fill(says.title[question][language], { integration: integration.name }),
    data: {
      lead:
        isOver || ended ? overIn(subject)[language] : fill(says.lead[question][language], { customer, day }),
      ...(last && !refused && { news: newsOf(last, visit) }),
      systems: systems.map(({ id, from, to }) => ({
        name: label('system', id, language),
        versions: [...new Set([from, to])].filter((one) => one !== undefined).join(' → '),
      })),
      ...(said && {
        said: fill(said[language], { day: formatShortDate(localDateOf(result?.at ?? ''), language) }),
      }),
      ...(!isOver && !ended && { form: formOf(visit, refused) }),
      more: fill(says.more[language], reachOf(consultant)),
    },
  };
}

/** What came of what was last sent. */
function newsOf({ at, answer }: NonNullable<PartnerPage['last']>, { language }: PartnerVisit): WorksheetNews {
  const when = formatMoment(at, language);
  if (!answer) return { waits: fill(worksheetSays.waits[language], { when }) };
  if (answer.refused === undefined) return { taken: fill(says.thanks[language], { when }) };
  return { when: fill(worksheetSays.refused[language], { when }), refused: answer.refused };
}

function formOf({ subject, language }: PartnerVisit, refused: Form | undefined): PartnerForm {
  const { question, result, last } = subject;
  const isTaken = last?.answer && last.answer.refused === undefined;
  const form: Form = refused ?? (isTaken ? undefined : last?.details.form) ?? {};
  const ok = form.ok ?? (result ? (result.ok ? 'yes' : 'no') : undefined);
  return {
    yes: says.yes[question][language],
    no: says.no[question][language],
    isYes: ok === 'yes',
    isNo: ok === 'no',
    asksVersion: question === 'after',
    version: form.version ?? result?.version ?? '',
    note: form.note ?? result?.note ?? '',
  };
}
