import { readProfile } from '../../../rules/engine/imports/read-profile';
import { formatFinding } from '../../../rules/engine/reading/format-finding';
import { fileText } from '../fixtures';

const file = 'rules/imports/tidrapport.json';
const shipped = fileText(file);

const found = (text: string, language: 'sv' | 'en' = 'en'): string[] =>
  readProfile(text, file).findings.map((finding) =>
    formatFinding(finding, language).replace(/^\S+:\d+:\d+ /, ''),
  );

/** The shipped profile with one place in its text written otherwise. */
function changed(from: string, to: string): string {
  const text = shipped.replace(from, to);
  expect(text).not.toBe(shipped);
  return text;
}

test.each(['tidrapport', 'clockify', 'excel'])('the profile %s is without fault', (name) => {
  const read = readProfile(fileText(`rules/imports/${name}.json`), `rules/imports/${name}.json`);
  expect(read.findings).toEqual([]);
  expect(read.profile).not.toHaveProperty('$schema');
});

test.each([
  ['"time":', '"tid":', 'columns: expected property "time", found none'],
  ['"Timmar"', '7', 'columns.time: expected a heading, or a list of headings, found 7'],
  [
    '"Timmar"',
    '["Timmar", "Kund"]',
    'columns.time: expected each heading once, found "Kund" again, which is customer already',
  ],
  [
    '"time": "Timmar"',
    '"time": "Timmar", "min kolumn": "X"',
    'columns.min kolumn: expected a name of the letters',
  ],
  [
    '"YYYY-MM-DD"',
    '"YY-MM-DD"',
    'dates: expected how dates are written, as YYYY-MM-DD, D/M/YYYY or MM/DD/YYYY',
  ],
  ['"YYYY-MM-DD"', '"DD-MM/YYYY"', 'dates: expected how dates are written'],
  ['"1,5"', '"1;5"', 'times: expected one of 1,5, 1.5, 1:30, found "1;5"; did you mean "1,5"?'],
  [
    '"corrects"',
    '"correct"',
    'negative: expected one of corrects, refused, found "correct"; did you mean "corrects"?',
  ],
  ['"vastkusten-2026"', '"Västkusten"', "agreements[0].agreement: expected an agreement's number"],
  [
    '{ "customer": "Slussen*" }',
    '{ "costumer": "Slussen*" }',
    'agreements[1].when.costumer: expected one of date, customer, project, person, time, found "costumer"; did you mean "customer"?',
  ],
  ['{ "customer": "Slussen*" }', '{}', 'agreements[1].when: expected texts by column'],
  [
    '{ "customer": "Slussen*" }',
    '{ "customer": ["västkusten  handel*"] }',
    'agreements[1].when: expected each condition once, found the same as in agreements[0]',
  ],
  ['"training"', '"traning"', 'kinds[0].kind: expected one of consulting, technical, training'],
  ['"negative":', '"key": ["id"],\n  "negative":', 'key[0]: expected one of date, customer'],
  ['import.schema.json', 'rules.schema.json', 'expected "../schemas/import.schema.json"'],
])('%s as %s is told', (from, to, message) => {
  expect(found(changed(from, to))).toContainEqual(expect.stringContaining(message));
});

test('a fault is told in Swedish, with its place', () => {
  const text = changed('"1,5"', '"1;5"');
  const [finding] = readProfile(text, file).findings;
  expect(found(text, 'sv')).toEqual([
    'times: förväntade ett av 1,5, 1.5, 1:30, hittade "1;5"; menade du "1,5"?',
  ]);
  expect(finding?.line).toBe(shipped.split('\n').findIndex((line) => line.includes('"times"')) + 1);
});
