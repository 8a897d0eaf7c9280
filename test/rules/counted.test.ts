import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { counted, formOf } from '../../rules/engine/basics/counted';
import { previewWords } from '../../templates/preview/wording';

const root = path.resolve(__dirname, '../..');

it.each([
  [0, '0 ärenden'],
  [1, '1 ärende'],
  [2, '2 ärenden'],
  [1.5, '1.5 ärenden'],
])('%d is counted as "%s"', (count, said) => {
  expect(counted(count, ['ärende', 'ärenden'])).toBe(said);
  expect(formOf(count, ['ny', 'nya'])).toBe(count === 1 ? 'ny' : 'nya');
});

it.each([
  [1, '1 ändrat avtal till; visa det med --all.', '1 more changed agreement; show it with --all.'],
  [2, '2 ändrade avtal till; visa alla med --all.', '2 more changed agreements; show them with --all.'],
])('a preview counts %d', (count, sv, en) => {
  expect([previewWords.sv.notShown(count), previewWords.en.notShown(count)]).toEqual([sv, en]);
});

/** Words for many right after a value: "1 files" comes of them. A limit that the program itself sets is never one. */
const many =
  /\$\{(?!max|most|longest|least)[^{}]+\} (?:fler |more )?(?:ärenden|meddelanden|filer|rader|regler|händelser|leveranser|signaturer|nycklar|gånger|försök hittills|cases|messages|files|rows|rules|events|deliveries|agreements|mails|problems|lines|attempts|papers|fields|times)\b/;
/** Said only of more than one, or of a number that is never one. */
const neverOne = [
  "sv: attempts === 1 ? 'en gång' : `${attempts} gånger`,",
  "en: attempts === 1 ? 'once' : `${attempts} times`,",
  '(ids.length === 1 ? `Leverans ${ids[0]} behandlas` : `${ids.length} leveranser behandlas`) +',
  '(ids.length === 1 ? `Delivery ${ids[0]} is processed` : `${ids.length} deliveries are processed`) +',
  'times: (count: number, last: string) => `, ${count} gånger, senast ${last}`,',
  'times: (count: number, last: string) => `, ${count} times, last ${last}`,',
  "`${count === 1 ? 'One paper is' : `${count} papers are`} asked for anew${running ? '.' : ' with the next `npm start`.'}`,",
  'detail: `${events} events of 51200, ${Math.round(bytes / 1024 / 1024)} MiB of 50`,',
  "return { code: 'fast', detail: `${Math.round(perMinute)} events a minute, ${events} in all` };",
  'attempts: (due: string, count: number) => `${due}, ${count} försök hittills`,',
  'sv: `flyttat ${times} gånger, nu till ${at}`,',
  'en: `moved ${times} times, now to ${at}`,',
];

it('says counts nowhere with the word for many alone', () => {
  const files = ['worker', 'templates', 'activities', 'workflows', 'rules/engine'].flatMap((room) =>
    readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => path.join(room, name)),
  );
  const found = files.flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        many.test(line) && !neverOne.includes(line.trim()) ? [`${file}:${index + 1} ${line.trim()}`] : [],
      ),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(found).toEqual([]);
});
