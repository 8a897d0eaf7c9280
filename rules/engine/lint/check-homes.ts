import type { Finding } from '../reading/finding';
import { findingAt } from '../reading/finding-at';
import { homeOf, isDataPath, singleFiles } from '../ruleset/ruleset-paths';
import { topics } from '../ruleset/term-catalogue';
import { topicMeant } from '../ruleset/topic-meant';
import { expectedFound, joined } from '../basics/text';
import type { Wording } from '../basics/text';
import { oneOf } from '../reading/explain-schema-error';

const anId: Wording = {
  sv: 'ett id av 1 till 40 tecken a–z, 0–9 och bindestreck som namn',
  en: 'an id of 1 to 40 characters a–z, 0–9 and hyphen as name',
};
const isId = (name: string): boolean => /^[a-z0-9-]{1,40}$/.test(name);

const hintAt = (name: string): Wording => {
  const topic = topicMeant(name);
  return topic === undefined ? '' : { sv: `; menade du "${topic}"?`, en: `; did you mean "${topic}"?` };
};

/** Checks the names of folders and files: they say whose terms a file holds. */
export function checkHomes(paths: readonly string[], levels: readonly string[]): Finding[] {
  const aLevel = { sv: 'minst en nivå, levels/<nivå>.json', en: 'at least one level, levels/<level>.json' };
  const noLevel = expectedFound(aLevel, { sv: 'ingen', en: 'none' });
  const missing = paths.length > 0 && levels.length === 0 ? [findingAt('', 'rules', 0, noLevel)] : [];
  return [...missing, ...paths.flatMap(checkHome)];
}

function checkHome(path: string): Finding[] {
  if (singleFiles.includes(path) || isDataPath(path)) return [];
  const home = homeOf(path);
  const wrong = (expected: Wording, found: string, hint: Wording = ''): Finding =>
    findingAt('', `rules/${path}`, 0, joined(expectedFound(expected, found), hint));
  if (home === undefined) return [wrong('levels/<level>.json, customers/<customer>/<topic>.json', path)];
  if (home.folder === 'levels') return isId(home.level) ? [] : [wrong(anId, home.level)];
  const topic = (topics as string[]).includes(home.topic)
    ? []
    : [
        wrong(
          joined({ sv: 'ämnet som namn, ', en: 'the topic as name, ' }, oneOf(topics)),
          home.topic,
          hintAt(home.topic),
        ),
      ];
  return [...(isId(home.customer) ? [] : [wrong(anId, home.customer)]), ...topic];
}
