/** Where checks are made: at our own place, or at a customer's site. */

/** Our own place. */
export const central = 'central';

/** The monitor under which a site's silence is kept with each agreement that has checks there. */
export const siteMonitor = (site: string): string => `site:${site}`;
