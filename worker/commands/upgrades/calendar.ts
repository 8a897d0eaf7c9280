/** `serviceavtal upgrades --calendar`: the calendars of campaigns that are in force, as `plan` draws those to come. */
import type { PlacedCampaign } from '../../../activities/years/campaign-candidates';
import { campaignCalendars } from '../../../activities/years/campaign-candidates';
import { loadRuleset, requireRulesetInForce } from '../../../activities/agreements/rulesets';
import type { Db } from '../../../activities/db';
import { didYouMean } from '../../../rules/engine/basics/did-you-mean';
import { expectedFound, joined } from '../../../rules/engine/basics/text';
import { localDateOf } from '../../../rules/engine/calendar/calendar';
import type { Language } from '../../../rules/engine/basics/text';
import type { Instant } from '../../../rules/engine/contract/contract';
import { campaignBlocks } from '../../../templates/preview/campaign';
import { campaignWords } from '../../../templates/preview/campaign-words';
import type { Drawing } from '../../../templates/preview/draw';
import { inWords } from '../../basics/spoken';

/**
 * The calendars of the campaigns in force that have not ended.
 * @param only the id of one
 * @throws where there is no such campaign, naming those that there are
 */
export async function calendarsInForce(db: Db, asOf: Instant, only?: string): Promise<PlacedCampaign[]> {
  const ruleset = await loadRuleset(db, await requireRulesetInForce(db));
  const all = await campaignCalendars(db, ruleset, asOf);
  const found = all.filter(({ campaign }) => only === undefined || campaign.id === only);
  if (only === undefined || found.length > 0) return found;
  const ids = all.map(({ campaign }) => campaign.id);
  const ended = ruleset.campaigns.find(({ id }) => id === only)?.to;
  const there = ids.length > 0 ? ids.join(', ') : undefined;
  const expected = {
    sv: `--campaign: ${there ?? 'en utrullning som gäller och inte är slut; det finns ingen'}`,
    en: `--campaign: ${there ?? 'a campaign that is in force and has not ended; there is none'}`,
  };
  const what = ended === undefined ? only : { sv: `${only}, slut ${ended}`, en: `${only}, ended ${ended}` };
  throw new Error(inWords(joined(expectedFound(expected, what), didYouMean(only, ids))));
}

/** The calendars as one text or page. */
export function drawCalendars(
  campaigns: readonly PlacedCampaign[],
  drawing: Drawing,
  asOf: Instant,
  language: Language,
): string {
  const say = campaignWords[language];
  const lines = [say.inForce(localDateOf(asOf))];
  const blocks = campaigns.flatMap((one) => campaignBlocks(one, language)).map((one) => drawing.block(one));
  const said = campaigns.length === 0 ? [say.none] : [say.signs];
  return [drawing.header(say.calendars, lines), ...blocks, drawing.footer(said)].join('');
}
