/** Works on what signing services delivered: a lane for each service, so that one that is slow holds up no other. */
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

/** Deliveries that are settled together. Each of a service that is asked about its documents waits for the answers. */
const batchOf: Record<SigningService, number> = { docusign: 50, signed: 50, scrive: 10, oneflow: 10 };

/** Papers that are fetched in one go. */
const papersAtOnce = 20;
/** Milliseconds between two times that old forgeries are removed. */
const forgetEvery = 60_000;

export interface DeliveryLanesOptions extends SigningDeps {
  /** How those are mailed who have to do something; without it nobody is. */
  mail?: MailDeps;
  /** Milliseconds between two mails of what waits, half a minute unless told: what comes together is told together. */
  tellEvery?: number;
  log: (line: string) => void;
}

/** Starts working in this process. */
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
  const named = (service: SigningService): Person | undefined => {
    const mapping = options.mappingOf(service);
    return 'value' in mapping ? mapping.value.manager : undefined;
  };
  // Where the very mapping is broken that names somebody, another one tells who handles signings here.
  const managerOf = (service: SigningService): Person | undefined =>
    [service, ...signingServices].map(named).find((each) => each !== undefined);
  /** Why nobody is told of a service's deliveries, where nobody is. */
  const toldOf = (service: SigningService): Read<unknown> =>
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
      onceIn(tellEvery, warnOfUntold(db, toldOf, log)),
      onceIn(forgetEvery, () => forgetRefused(db)),
    ],
    log: (reason) => log(`signings wait: ${reason}`),
  });
}

/** Not more often than so, however often it is rung for. */
function onceIn(milliseconds: number, work: () => Promise<void>): () => Promise<void> {
  let last = -Infinity;
  return async () => {
    if (performance.now() - last < milliseconds) return;
    last = performance.now();
    await work();
  };
}
