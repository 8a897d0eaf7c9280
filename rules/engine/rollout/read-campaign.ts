/** Reads `rules/campaigns/<id>.json`, and finds what could never hold in it. */
import campaignSchema from '../../schemas/campaign.schema.json';
import { isLocalDate } from '../basics/is-local-date';
import { eachOnce, expectedFound } from '../basics/text';
import type { Text } from '../basics/text';
import { instantAt } from '../calendar/calendar';
import { explainAt, inFileOrder } from '../reading/explain-at';
import type { Finding } from '../reading/finding';
import type { JsonSource } from '../reading/read-json';
import type { Campaign, FixedWindow, LocalTime } from './campaign';
import { dataFileReader } from './read-data-file';

/** A campaign with its file's text, for the places in it. */
export interface PlacedCampaign {
  campaign: Campaign;
  source: JsonSource;
}

/** The longest window, in hours: from Friday evening to Monday evening. */
const longestWindow = 72;

const read = dataFileReader<Omit<Campaign, 'id'>>(
  campaignSchema,
  'https://pector.example/serviceavtal/campaign.schema.json',
);

/**
 * Reads a campaign from its file's text.
 *
 * @param file the name findings carry, as `rules/campaigns/visma-business-2027.json`
 * @returns the campaign, or all that is wrong with it, in the order of the file
 */
export function readCampaign(text: string, file: string): { placed?: PlacedCampaign; findings: Finding[] } {
  const { id, value, source, findings } = read(text, file);
  if (value === undefined || source === undefined) return { findings };
  const campaign = { id, ...value };
  const at: At = (path, message) => explainAt(source, path, message);
  const wrong = [
    ...backwards([], campaign.from, campaign.to, at),
    ...wrongRounds(campaign, at),
    ...Object.entries(campaign.windows ?? {}).flatMap(([of, window]) => wrongWindow(of, window, at)),
  ];
  return wrong.length > 0 ? { findings: inFileOrder(wrong) } : { placed: { campaign, source }, findings: [] };
}

type At = (path: string[], message: Text) => Finding;

function backwards(path: string[], from: string, to: string, at: At): Finding[] {
  const later = { sv: `tidigast ${from}, som from`, en: `${from} or later, as from` };
  return from <= to ? [] : [at([...path, 'to'], expectedFound(later, to))];
}

function wrongRounds({ rounds, from: first, to: last }: Campaign, at: At): Finding[] {
  return rounds.flatMap(({ id, from, to }, index) => {
    const path = ['rounds', String(index)];
    const isAgain = rounds.findIndex((other) => other.id === id) < index;
    const within = {
      sv: `en dag i utrullningen, ${first} till ${last}`,
      en: `a day of the campaign, ${first} to ${last}`,
    };
    const outside = Object.entries({ from, to }).flatMap(([name, day]) =>
      day !== undefined && (day < first || day > last)
        ? [at([...path, name], expectedFound(within, day))]
        : [],
    );
    return [
      ...(isAgain ? [at([...path, 'id'], eachOnce('id', id))] : []),
      ...outside,
      ...(from !== undefined && to !== undefined ? backwards(path, from, to, at) : []),
    ];
  });
}

function wrongWindow(of: string, { from, to }: FixedWindow, at: At): Finding[] {
  const none = Object.entries({ from, to }).filter(([, time]) => !isLocalDate(time.slice(0, 10)));
  if (none.length > 0)
    return none.map(([name, time]) => at(['windows', of, name], expectedFound(aTime, `"${time}"`)));
  const hours = (Date.parse(instantOf(to)) - Date.parse(instantOf(from))) / 3_600_000;
  if (hours > 0 && hours <= longestWindow) return [];
  const expected = {
    sv: `en tid efter from (${from}), högst ${longestWindow} timmar`,
    en: `a time after from (${from}), at most ${longestWindow} hours`,
  };
  return [at(['windows', of, 'to'], expectedFound(expected, to))];
}

const aTime = { sv: 'en dag som finns', en: 'a day that exists' };

const instantOf = (time: LocalTime): string => instantAt(time.slice(0, 10), time.slice(11));
