import type { Release, ReleaseNews, Tags } from './release';

/**
 * The news of a release that concern a customer. What the contract does not say hides nothing: without modules, or without an
 * industry, every piece of news that asks for them is told.
 *
 * @param modules ids of the modules that the customer uses
 */
export function newsFor(
  { news }: Release,
  modules: readonly string[] | undefined,
  industry: string | undefined,
): ReleaseNews[] {
  return news.filter(({ tags }) => concerns(tags, modules, industry));
}

function concerns(
  { modules, industries }: Tags = {},
  used: readonly string[] | undefined,
  industry: string | undefined,
): boolean {
  const byModule = !modules || !used || modules.some((module) => used.includes(module));
  return byModule && (!industries || industry === undefined || industries.includes(industry));
}
