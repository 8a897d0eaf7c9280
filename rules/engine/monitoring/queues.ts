/** Monitoring has task queues of its own: it must not delay the agreements' mails, nor they the monitoring. */

const suffix = '-monitoring';

/** The queue of our own monitoring. */
export const monitoringQueueOf = (taskQueue: string): string => `${taskQueue}${suffix}`;

/** The queue of a site's worker. */
export const siteQueueOf = (taskQueue: string, site: string): string => `${taskQueue}-site-${site}`;

/** The agreements' queue that belongs to a queue of our own monitoring. */
export const queueBeside = (monitoringQueue: string): string =>
  monitoringQueue.endsWith(suffix) ? monitoringQueue.slice(0, -suffix.length) : monitoringQueue;
