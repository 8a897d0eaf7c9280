/** Processes the deliveries of signing services: a lane for each service, so that a slow one holds up no other. */
import { inWords } from '../basics/spoken';
import type { MailDeps } from '../../activities/mail/compose';
import { tellManagers, warnOfUntold } from '../../activities/signings/tell-manager';
import type { Person } from '../../rules/engine/contract/contract';
import type { SigningDeps } from '../../activities/signings/settle-deliveries';
import { settleDeliveries } from '../../activities/signings/settle-deliveries';
import { fetchWantedFiles } from '../../activities/signings/papers';
import { forgetRefused, signingsChannel } from '../../activities/signings/inbox';
import { signingServices } from '../../rules/engine/signing/signing';
import type { Read, SigningService } from '../../rules/engine/signing/signing';
import type { Sweeper } from './sweeper';
import { startSweeper } from './sweeper';

/** Deliveries settled in one batch. Small for Scrive and Oneflow: each delivery waits for an answer of their API. */
const batchOf: Record<SigningService, number> = { docusign: 50, signed: 50, scrive: 10, oneflow: 10 };

/** Papers fetched in one go. */
const papersAtOnce = 20;
/** Milliseconds between two removals of old refused deliveries. */
const forgetEvery = 60_000;

export interface DeliveryLanesOptions extends SigningDeps {
  /** For mails to managers who have to act; without it no mails are sent. */
  mail?: MailDeps;
  /** Milliseconds between two rounds of mails, by default half a minute: deliveries in between share a mail. */
  tellEvery?: number;
  log: (line: string) => void;
}

/** Starts the lanes in this process. */
export function startDeliveryLanes(options: DeliveryLanesOptions): Sweeper {
  const { db, log, tellEvery = 30_000 } = options;
  const lane =
    (service: SigningService) =>
    async (stop: AbortSignal): Promise<void> => {
      const limit = batchOf[service];
      while (!stop.aborted && (await settleDeliveries(options, service, limit)) > 0);
    };
  const fetchPapers = async (stop: AbortSignal): Promise<void> => {
    while (!stop.aborted && (await fetchWantedFiles(db, options.apis, papersAtOnce)) === papersAtOnce);
  };
  const managerIn = (service: SigningService): Person | undefined => {
    const mapping = options.mappingOf(service);
    return 'value' in mapping ? mapping.value.manager : undefined;
  };
  // If a service's own mapping is broken, the manager named in another service's mapping is mailed.
  const managerOf = (service: SigningService): Person | undefined =>
    [service, ...signingServices].map(managerIn).find((each) => each !== undefined);
  /** Holds the reason why no manager is mailed about a service's deliveries; a value if one is. */
  const whyUntold = (service: SigningService): Read<unknown> =>
    managerOf(service) ? { value: undefined } : options.mappingOf(service);
  const tell = async (): Promise<void> => {
    if (options.mail) await tellManagers(options.mail, managerOf);
  };
  return startSweeper({
    db,
    channel: signingsChannel,
    sweeps: [
      ...signingServices.map(lane),
      fetchPapers,
      onceIn(tellEvery, tell),
      onceIn(tellEvery, warnOfUntold(db, whyUntold, log)),
      onceIn(forgetEvery, () => forgetRefused(db)),
    ],
    log: (reason) => log(inWords({ sv: `signeringar väntar: ${reason}`, en: `signings wait: ${reason}` })),
  });
}

/** Limits work to one run per interval, however often it is asked for. */
function onceIn(milliseconds: number, work: () => Promise<void>): () => Promise<void> {
  let last = -Infinity;
  return async () => {
    if (performance.now() - last < milliseconds) return;
    last = performance.now();
    await work();
  };
}
