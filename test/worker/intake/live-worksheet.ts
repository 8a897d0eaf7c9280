/** The worksheet of an agreement that runs: with a worker and a dispatcher, opened by the link in a mail. */
import { randomBytes } from 'node:crypto';
import type { Db } from '../../../activities/db';
import { createAskedCheckActivities } from '../../../activities/monitors/asked-checks';
import { createCheckNow } from '../../../activities/monitors/check-now';
import { createConfigureActivities } from '../../../activities/monitors/configure';
import { heartbeatReader } from '../../../activities/monitors/heartbeats';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import { addMonths } from '../../../rules/engine/calendar/dates';
import type { LocalDate } from '../../../rules/engine/contract/contract';
import type { Dispatcher } from '../../../worker/processes/dispatcher';
import { startDispatcher } from '../../../worker/processes/dispatcher';
import { composeChecks } from '../../../worker/processes/compose-checks';
import { startMonitoringWorker } from '../../../worker/processes/monitoring-worker';
import { monitoringIdOf } from '../../../worker/temporal/start-agreement';
import type { RunningWorker } from '../../../worker/temporal/temporal-runtime';
import { eventually, mailActivities, notice } from '../../activities/signed-agreement';
import { withPartner } from '../../helpers/example';
import type { LiveAgreements } from '../../helpers/live-agreements';
import { startLiveAgreements } from '../../helpers/live-agreements';
import type { Shop } from '../../helpers/live-monitoring';
import { openShop } from '../../helpers/live-monitoring';
import { testStack } from '../../helpers/stack';
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
  agreement: string;
  /** The web shop, which a check of the monitoring looks at. */
  shop: Shop;
  /** Has checks made from now on. */
  startChecking(): Promise<void>;
  dispatch(): void;
  stopDispatching(): Promise<void>;
  /** The address of the page that asks the partner before the upgrade, or after it. */
  partnerUrl(question: 'before' | 'after'): Promise<string>;
  close(): Promise<void>;
}

/**
 * Signs an agreement whose year begins next month, and mails its consultant a phase of the upgrade.
 * @param isLinked whether the agreement's own mails link pages, too
 */
export async function openWorksheet(isLinked = false): Promise<LiveWorksheet> {
  let base = '';
  const pageLinks = { key: linkKey, url: (token: string) => `${base}/pages/${token}` };
  const links = isLinked ? pageLinks : undefined;
  const live = await startLiveAgreements({ holdMinutes: 0 }, undefined, undefined, links);
  const { client, db } = live;
  let dispatcher: Dispatcher | undefined;
  // Nobody works on the queue of agreements; the one beside it is the monitoring's.
  const taskQueue = `worksheet-${randomBytes(4).toString('hex')}`;
  const dispatch = (): void => {
    dispatcher = startDispatcher({ db, client, taskQueue, language: 'sv', log: () => undefined });
  };
  const shop = await openShop();
  let stopChecking = (): Promise<unknown> => shop.close();
  dispatch();
  const mail = codeMail(live.mailbox.smtpUrl);
  const intake = await listen(db, { now: () => Date.now(), answerWithin: 60_000, mail });
  base = intake.url;
  const today = localDateOf(new Date().toISOString());
  const startsOn = `${addMonths(today, 1).slice(0, 7)}-01`;
  const contract = await live.sign({
    integrations: withPartner().integrations,
    monitors: [
      {
        ...{ id: 'shop', kind: 'http', name: 'Webshoppen svarar' },
        ...{ url: `http://127.0.0.1:${shop.port}/`, integration: 'webshop-orders' },
        reportsVersion: { of: 'webshop-orders', path: 'version' },
      },
    ],
    signedOn: today,
    startsOn,
  });
  const { agreement } = contract;
  await eventually(
    'the year is planned',
    async () => (await db.query('select 1 from obligations')).length > 0,
  );
  const stopDispatching = async (): Promise<void> => dispatcher?.stop();
  return {
    ...{ live, intake, agreement, agreed: addMonths(startsOn, 6), shop, dispatch, stopDispatching },
    startChecking: async () => {
      // The year has not begun, and nothing is watched yet: the check is there all the same.
      const { customer, monitors } = contract;
      const watched = { agreement, customer: customer.id, closedDays: [], check: monitors[0], settings: {} };
      await db.query(
        `insert into monitors (agreement, id, customer, place, shard, state, watched, configured_at)
         values ($1, 'shop', $2, 'central', 1, 'watched', $3, now())`,
        [agreement, customer.id, JSON.stringify(watched)],
      );
      const worker = await startChecks(db, taskQueue);
      stopChecking = () => Promise.all([worker.stop(), shop.close()]);
    },
    url: await mailedLink(live, intake.url, agreement),
    partnerUrl: (question) => partnerLink(live, intake.url, agreement, question),
    close: async () => {
      await stopDispatching();
      await client.workflow
        .getHandle(monitoringIdOf(agreement))
        .terminate('the test is over')
        .catch(() => undefined);
      await stopChecking();
      await intake.stop();
      await live.close();
    },
  };
}

/** A worker that makes checks when it is asked. */
function startChecks(db: Db, taskQueue: string): Promise<RunningWorker> {
  const { temporalAddress, namespace, cacheDir } = testStack();
  const { runCheck } = composeChecks({
    secret: () => undefined,
    heartbeat: heartbeatReader(db),
    allow: ['127.0.0.0/8'],
    files: [],
  });
  return startMonitoringWorker({
    ...{ connection: { address: temporalAddress }, namespace, taskQueue, cacheDir },
    activities: {
      ...createConfigureActivities({ db }),
      ...createAskedCheckActivities({ db }),
      ...createCheckNow({ runCheck }),
    },
  });
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
