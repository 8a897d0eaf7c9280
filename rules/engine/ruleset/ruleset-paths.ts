/** Paths of a ruleset's files below `rules/`. */

/** Whether a file holds a release of a product: `releases/visma-business-18.10.0.json`. */
export const isReleasePath = (path: string): boolean => path.startsWith('releases/');

/** Whether a file holds what is upgraded once: `installations/huvudkontoret.json`. */
export const isInstallationPath = (path: string): boolean => path.startsWith('installations/');

/** Whether a file holds a campaign: `campaigns/visma-business-2027.json`. */
export const isCampaignPath = (path: string): boolean => path.startsWith('campaigns/');

/** Folders of the ruleset whose files hold data and no rules. */
export const dataFolders = ['releases', 'installations', 'campaigns'] as const;

/** Whether a file holds data and no rules. */
export const isDataPath = (path: string): boolean =>
  dataFolders.some((folder) => path.startsWith(`${folder}/`));

/** Whose terms a rule file holds. */
export type Home =
  { folder: 'levels'; level: string } | { folder: 'customers'; customer: string; topic: string };

/** Files of the ruleset that lie in no folder. */
export const singleFiles: readonly string[] = ['prices.json'];

/**
 * Whose terms a file holds, by its path relative to `rules/`.
 *
 * @example homeOf('customers/testbolaget/hourBank.json') // { folder: 'customers', customer: 'testbolaget', topic: 'hourBank' }
 */
export function homeOf(path: string): Home | undefined {
  const [, level] = /^levels\/([^/]+)\.json$/.exec(path) ?? [];
  if (level !== undefined) return { folder: 'levels', level };
  const [, customer, topic] = /^customers\/([^/]+)\/([^/]+)\.json$/.exec(path) ?? [];
  return customer !== undefined && topic !== undefined ? { folder: 'customers', customer, topic } : undefined;
}

/** The levels that a ruleset has a file for. @param paths of its files, relative to `rules/` */
export function levelsOf(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const home = homeOf(path);
    return home?.folder === 'levels' ? [home.level] : [];
  });
}
