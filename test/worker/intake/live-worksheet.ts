/** The worksheet of an agreement that runs: with a worker and a dispatcher, opened by the link in a mail. */
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import { addMonths } from '../../../rules/engine/calendar/dates';
import type { LocalDate } from '../../../rules/engine/contract/contract';
import type { Dispatcher } from '../../../worker/processes/dispatcher';
import { startDispatcher } from '../../../worker/processes/dispatcher';
import { eventually, mailActivities, notice } from '../../activities/signed-agreement';
import { withPartner } from '../../helpers/example';
import type { LiveAgreements } from '../../helpers/live-agreements';
import { startLiveAgreements } from '../../helpers/live-agreements';
import type { Listening } from './listening';
import { linkKey, listen } from './listening';
import { codeMail } from './statement-links';

export interface LiveWorksheet {
  live: LiveAgreements;
  intake: Listening;
  /** Of the page, as it was mailed to the consultant. */
  url: string;
  /** A day of the agreement's first year. */
  agreed: LocalDate;
  dispatch(): void;
  stopDispatching(): Promise<void>;
  /** The address of the page that asks the partner before the upgrade, or after it. */
  partnerUrl(question: 'before' | 'after'): Promise<string>;
  close(): Promise<void>;
}

/** Signs an agreement whose year begins next month, and mails its consultant a phase of the upgrade. */
export async function openWorksheet(): Promise<LiveWorksheet> {
  const live = await startLiveAgreements({ holdMinutes: 0 });
  const { client, db } = live;
  let dispatcher: Dispatcher | undefined;
  const dispatch = (): void => {
    dispatcher = startDispatcher({ db, client, taskQueue: 'none', language: 'sv', log: () => undefined });
  };
  dispatch();
  const mail = codeMail(live.mailbox.smtpUrl);
  const intake = await listen(db, { now: () => Date.now(), answerWithin: 60_000, mail });
  const today = localDateOf(new Date().toISOString());
  const startsOn = `${addMonths(today, 1).slice(0, 7)}-01`;
  const { agreement } = await live.sign({
    integrations: withPartner().integrations,
    signedOn: today,
    startsOn,
  });
  await eventually(
    'the year is planned',
    async () => (await db.query('select 1 from obligations')).length > 0,
  );
  const stopDispatching = async (): Promise<void> => dispatcher?.stop();
  return {
    ...{ live, intake, agreed: addMonths(startsOn, 6), dispatch, stopDispatching },
    url: await mailedLink(live, intake.url, agreement),
    partnerUrl: (question) => partnerLink(live, intake.url, agreement, question),
    close: async () => {
      await stopDispatching();
      await intake.stop();
      await live.close();
    },
  };
}

type Activities = ReturnType<typeof mailActivities>;
const mailingFrom = ({ db, mailbox }: LiveAgreements, base: string): Activities =>
  mailActivities(db, mailbox.smtpUrl, {
    pageLinks: { key: linkKey, url: (token: string) => `${base}/pages/${token}` },
  });

/** The link in the mail that asks the partner. */
async function partnerLink(
  live: LiveAgreements,
  base: string,
  agreement: string,
  question: 'before' | 'after',
): Promise<string> {
  const asOf = new Date().toISOString();
  const about = {
    obligation: 'upgrade/plan',
    template: 'upgrade-partner',
    step: `test-${question}`,
  } as const;
  const partner = { integration: 'payroll-vouchers', question };
  await mailingFrom(live, base).sendNotice(notice({ agreement, ...about, to: 'customer', asOf, partner }));
  const mail = live.mailbox.mails.findLast(({ text }) => text?.includes('/pages/'));
  return /http:\S+\/pages\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
}

/** The link in the mail that opens a phase to the consultant. */
async function mailedLink(live: LiveAgreements, base: string, agreement: string): Promise<string> {
  const about = { obligation: 'upgrade/precheck', template: 'upgrade-precheck', step: 'start' } as const;
  const asOf = new Date().toISOString();
  await mailingFrom(live, base).sendNotice(notice({ agreement, ...about, to: 'consultant', asOf }));
  const mail = live.mailbox.mails.find(({ subject }) => subject?.includes('förkontroll'));
  return /http:\S+\/pages\/\S+/.exec(mail?.text ?? '')?.[0] ?? '';
}
