/** Task queues beside the agreements' own: the monitoring must not delay a mail, nor the other way round. */

const suffix = '-monitoring';

/** Queue of our own monitoring. */
export const monitoringQueueOf = (taskQueue: string): string => `${taskQueue}${suffix}`;

/** Queue of a site's worker. */
export const siteQueueOf = (taskQueue: string, site: string): string => `${taskQueue}-site-${site}`;

/** The agreements' queue beside which this one of our own monitoring is. */
export const queueBeside = (monitoringQueue: string): string =>
  monitoringQueue.endsWith(suffix) ? monitoringQueue.slice(0, -suffix.length) : monitoringQueue;
