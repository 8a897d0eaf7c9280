/** Where checks are run: by our own worker, or by the worker at a customer's site. */

/** The place of checks that our own worker runs. */
export const central = 'central';

/** The monitor's name under which each agreement with checks at a site has the incident that the site is silent. */
export const siteMonitor = (site: string): string => `site:${site}`;
