/** A restoration and what it lost, in lines. */
import { counted } from '../../../rules/engine/basics/counted';
import type { Lost } from '../../../activities/health/lost-since';
import type { ReadRecord } from '../../../activities/record/read-record';
import { oneLine } from '../../../rules/engine/basics/one-line';
import type { Text } from '../../../rules/engine/basics/text';
import { inWords } from '../../basics/spoken';
import type { Manifest } from '../../local/back-up-manifest';

export interface ToldRestoration {
  dataDir: string;
  manifest: Manifest;
  record: string | undefined;
  read: ReadRecord | undefined;
  /** The last number of invoice bases that was given, by year. */
  counters: Record<string, number>;
}

/** What was done, and what is left to do. */
export function linesOfRestoration({ dataDir, manifest, record, read, counters }: ToldRestoration): string[] {
  const { takenAt } = manifest;
  const raised = Object.entries(counters).map(([year, last]) => `U-${year}-${String(last).padStart(5, '0')}`);
  const lines: Text[] = [
    {
      sv: `Återställt i ${dataDir}: allt som det var ${takenAt}.`,
      en: `Restored in ${dataDir}: all as it was at ${takenAt}.`,
    },
    ofRecord(record, read),
    ...(raised.length > 0
      ? [
          {
            sv: `Fakturaunderlag numreras vidare efter ${raised.join(', ')}.`,
            en: `Invoice bases are numbered on after ${raised.join(', ')}.`,
          },
        ]
      : []),
    ...(record === undefined
      ? [
          {
            sv: 'Utan journal vet ingen vilka fakturaunderlag som gjorts sedan dess: höj räknaren innan nästa görs (docs/operating.md).',
            en: 'Without a record nobody knows which invoice bases were made since: raise the counter before the next is made (docs/operating.md).',
          },
        ]
      : []),
    {
      sv: 'Nycklar finns inte i säkerhetskopian. Lägg tillbaka link-key, annars öppnar gamla länkar i mejl ingenting, och sätt hemligheterna i miljön. Databasens lösenord är den här mappens.',
      en: "Keys are not in the back-up. Put link-key back, else old links in mails open nothing, and set the secrets of the environment. The database's password is this folder's.",
    },
    {
      sv: 'Starta nu med `npm start`. Sedan: `npx serviceavtal doctor`, `mails list` och `restore --missing`.',
      en: 'Start now with `npm start`. Then: `npx serviceavtal doctor`, `mails list` and `restore --missing`.',
    },
  ];
  return lines.map(inWords);
}

function ofRecord(record: string | undefined, read: ReadRecord | undefined): Text {
  if (record === undefined || read === undefined)
    return {
      sv: 'Det finns ingen journal: varje mejl som skulle ha gått sedan dess hålls som osäkert, tills någon avgör det.',
      en: 'There is no record: every mail that was due since is held as unknown, until a person settles it.',
    };
  const damaged = read.unreadable;
  const half: Text =
    damaged > 0
      ? {
          sv: ` ${counted(damaged, ['rad', 'rader'])} gick inte att läsa.`,
          en: ` ${counted(damaged, ['line', 'lines'])} could not be read.`,
        }
      : { sv: '', en: '' };
  return read.isWhole
    ? {
        sv: `Journalen i ${record} är hel: det som gått ut sedan dess går inte ut igen.${half.sv}`,
        en: `The record in ${record} is whole: what went out since does not go out again.${half.en}`,
      }
    : {
        sv: `Journalen i ${record} täcker inte hela tiden: mejl som den inte nämner och som skulle ha gått hålls som osäkra.${half.sv}`,
        en: `The record in ${record} does not cover all of the time: mails that were due and that it does not name are held as unknown.${half.en}`,
      };
}

/** What is missing, kind by kind. */
export function linesOfLost({ agreements, mails, messages, hours, invoices }: Lost): string[] {
  const refused = inWords({ sv: ' (avvisades)', en: ' (was refused)' });
  const kinds: [Text, string[]][] = [
    [
      {
        sv: 'Avtal som inte finns längre: signera dem igen (`intake`, `sign`)',
        en: 'Agreements that are not there any more: sign them again (`intake`, `sign`)',
      },
      agreements,
    ],
    [
      {
        sv: 'Mejl som gick och som databasen inte vet om; de skickas inte igen',
        en: 'Mails that went out and that the database does not know; they are not sent again',
      },
      mails.map(({ key, asOf }) => `${asOf}  ${key}`),
    ],
    [
      {
        sv: 'Meddelanden till avtal; skicka dem igen med `restore --missing --send`',
        en: 'Messages to agreements; send them again with `restore --missing --send`',
      },
      messages.map(
        ({ at, agreement, name, input, taken }) =>
          `${at}  ${agreement}  ${name} ${oneLine(JSON.stringify(input) ?? '')}${taken ? '' : refused}`,
      ),
    ],
    [
      { sv: 'Timmar', en: 'Hours' },
      hours.map(({ at, agreement, number, action, seconds = 0, on = '', ref = '' }) =>
        `${at}  ${agreement}/${number}  ${action} ${seconds / 3600} h ${on} ${ref}`.trimEnd(),
      ),
    ],
    [
      {
        sv: 'Fakturaunderlag som är gjorda; fakturera inget av dem två gånger',
        en: 'Invoice bases that were made; invoice nothing of them twice',
      },
      invoices.map(({ number, agreement, month }) => `${number}  ${agreement}  ${month}`),
    ],
  ];
  const found = kinds.filter(([, lines]) => lines.length > 0);
  if (found.length === 0)
    return [
      inWords({
        sv: 'Inget saknas av det som journalen nämner.',
        en: 'Nothing that the record names is missing.',
      }),
    ];
  return found.flatMap(([title, lines]) => [
    '',
    `${inWords(title)} (${lines.length}):`,
    ...lines.map((line) => `  ${line}`),
  ]);
}
