/** `docs/terms-reference.md`: every fact and every term, as the catalogues know them, in Swedish and English. Pure. */
import { factCatalogue, factNames, operatorsByType } from '../rules/engine/ruleset/facts';
import type { Fact, FactType } from '../rules/engine/ruleset/facts';
import { agendaCodes, supportDays, termCatalogue, topics } from '../rules/engine/ruleset/term-catalogue';
import type { Topic } from '../rules/engine/ruleset/term-catalogue';
import type { TermSchema } from '../rules/engine/reading/term-schema';
import type { Text } from '../rules/engine/basics/text';

const factTypes: Record<FactType, string> = {
  id: 'id',
  choice: 'ett av / one of',
  date: 'datum / date',
  count: 'heltal / whole number',
  hours: 'timmar / hours',
  list: 'lista / list',
};

const operatorMeanings: Record<string, Text> = {
  equal: { sv: 'är', en: 'is' },
  notEqual: { sv: 'är inte', en: 'is not' },
  in: { sv: 'är ett av värdena i en lista', en: 'is one of the values of a list' },
  notIn: { sv: 'är inget av värdena i en lista', en: 'is none of the values of a list' },
  greaterThanInclusive: {
    sv: 'är minst så stort; för datum: från och med',
    en: 'is at least; for dates: from that day on',
  },
  lessThan: {
    sv: 'är mindre; för datum: till, dagen själv inte med',
    en: 'is less; for dates: up to that day, the day itself not included',
  },
  greaterThan: { sv: 'är större', en: 'is greater' },
  lessThanInclusive: { sv: 'är högst så stort', en: 'is at most' },
  contains: { sv: 'listan innehåller det', en: 'the list contains it' },
  doesNotContain: { sv: 'listan innehåller det inte', en: 'the list does not contain it' },
};

const ruleWords: [name: string, sv: string, en: string][] = [
  [
    'name',
    'Regelns namn, unikt bland alla regler; visas där regeln bestämt något',
    'The name of the rule, unique among all rules; shown wherever the rule decided something',
  ],
  ['priority', 'Vem som bestämmer över vem, se nedan', 'Who decides over whom, see below'],
  [
    'conditions',
    'När regeln gäller: `all` (allt ska stämma), `any` (något) eller `not` (inte)',
    'When the rule applies: `all` (everything has to be true), `any` (something) or `not`',
  ],
  ['event', 'Vad regeln säger: ämnet i `type`', 'What the rule says: the topic in `type`'],
  [
    'params',
    'Ämnets villkor; bara de som ändras behöver stå',
    'The terms of the topic; only those that change need to stand there',
  ],
  [
    'appliesFrom',
    'Får utelämnas. `now` eller `nextPeriod`: när ändrade värden gäller i löpande år, i stället för det som står i tabellerna',
    'May be left out. `now` or `nextPeriod`: when changed values take effect in running years, instead of what the tables say',
  ],
  [
    'amendment',
    'Får utelämnas. Det undertecknade tilläggsavtal som låter en kunds regel lova mindre: `reference`, `signedOn`, `agreements`',
    "May be left out. The signed amendment that lets a customer's rule promise less: `reference`, `signedOn`, `agreements`",
  ],
];

const bands: [band: string, where: string, sv: string, en: string][] = [
  ['100', '`rules/levels/`', 'nivåns grund: ger varje villkor', "a level's base: gives every term"],
  ['300–499', '`rules/levels/`', 'nivåns tillägg', "a level's additions"],
  ['500–899', '`rules/customers/`', 'det som är avtalat med en kund', 'what is agreed with one customer'],
  ['900–999', '`rules/customers/`', 'undantag, också från det', 'exceptions, from that as well'],
];

/** What a reader has to know and the catalogue does not say. */
const notes: Partial<Record<Topic, Text>> = {
  monitoring: {
    sv: 'Hur kontroller deklareras och när någon larmas: [monitoring.md](monitoring.md). Ändringar gäller genast.',
    en: 'How checks are declared, and when anybody is told: [monitoring.md](monitoring.md). Changes hold at once.',
  },
  hourBank: {
    sv: 'Timpriset självt står i kundens avtal eller i `rules/prices.json`.',
    en: "The price of an hour itself stands in the customer's contract or in `rules/prices.json`.",
  },
};

const header = `<!-- Made by \`npm run schema\` from rules/engine/ruleset/facts.ts and rules/engine/ruleset/term-catalogue.ts. Change those, not this file. -->

# Villkor och fakta / Terms and facts

Allt som en regelfil kan fråga efter och bestämma. Hur man gör står i [Villkor](terms.md).

Everything a rule file can ask about and decide. How to do it is told in [Terms](terms.md#in-english).`;

const takesEffect = `**Gäller**: _genast_ ändrar det som är öppet i löpande år; _nästa period_ väntar tills avtalsåret är slut. En regel kan
säga annat med \`appliesFrom\`. En stjärna (\`*\`) står för vart och ett av namnen i raden ovanför; \`[]\` för varje del av en lista.

**Takes effect**: _at once_ changes what is open in running years; _next period_ waits until the agreement year is over.
A rule can say otherwise with \`appliesFrom\`. A \`*\` stands for each of the names in the row above; \`[]\` for each item of a list.`;

/** The whole document, as it is committed. */
export function termsReference(): string {
  return `${[
    header,
    '## En regels ord / The words of a rule',
    table(
      ['ord / word', 'svenska', 'English'],
      ruleWords.map(([name, sv, en]) => [code(name), sv, en]),
    ),
    '## Prioritet / Priority',
    'Regler läggs på varandra i stigande prioritet: den högsta gäller sist.',
    'Rules are laid on top of each other in ascending priority: the highest is applied last.',
    table(['priority', 'var / where', 'svenska', 'English'], bands),
    '## Fakta / Facts',
    table(
      ['fact', 'slag / type', 'operator', 'svenska', 'English'],
      factNames.map((name) => factRow(name, factCatalogue[name])),
    ),
    '## Jämförelser / Comparisons',
    table(['operator', 'svenska', 'English'], operatorRows()),
    '## Villkor / Terms',
    takesEffect,
    ...topics.flatMap(topicParts),
  ].join('\n\n')}\n`;
}

function factRow(name: string, { type, values, about }: Fact): string[] {
  const kind = values === undefined ? factTypes[type] : `${factTypes[type]} ${values.map(code).join(', ')}`;
  return [code(name), kind, operatorsByType[type].map(code).join(', '), about.sv, about.en];
}

function operatorRows(): string[][] {
  return [...new Set(Object.values(operatorsByType).flat())].map((operator) => {
    const meaning = operatorMeanings[operator];
    if (meaning === undefined) throw new Error(`expected what the operator ${operator} means, found nothing`);
    return [code(operator), meaning.sv, meaning.en];
  });
}

function topicParts(topic: Topic): string[] {
  const schema: TermSchema = termCatalogue[topic];
  const note = notes[topic];
  return [
    `### ${topic}`,
    `${schema.about?.sv ?? ''} / ${schema.about?.en ?? ''}.`,
    ...(note === undefined ? [] : [note.sv, note.en]),
    table(
      ['term', 'värde / value', 'gäller / takes effect', 'svenska', 'English'],
      rowsOf(schema, '', false),
    ),
  ];
}

/** The rows of an object's values. Parts that are all alike are told once, as `*`. */
function rowsOf({ properties = {} }: TermSchema, above: string, waits: boolean): string[][] {
  const parts = Object.entries(properties);
  const [first] = parts;
  const alike =
    first?.[1].properties !== undefined &&
    parts.length > 1 &&
    parts.every(([, part]) => JSON.stringify(part) === JSON.stringify(first[1]));
  if (alike) return partRows(`${above}*`, first[1], waits);
  return parts.flatMap(([name, part]) => partRows(`${above}${name}`, part, waits));
}

function partRows(path: string, schema: TermSchema, waitsAbove: boolean): string[][] {
  const { about, properties, items, additionalProperties } = schema;
  const waits = waitsAbove || schema.appliesFrom === 'nextPeriod';
  const own =
    about === undefined
      ? []
      : [
          [
            code(path),
            valueOf(schema),
            waits ? 'nästa period / next period' : 'genast / at once',
            about.sv,
            about.en,
          ],
        ];
  const inside =
    properties !== undefined
      ? rowsOf(schema, `${path}.`, waits)
      : items?.properties !== undefined
        ? rowsOf(items, `${path}[].`, waits)
        : typeof additionalProperties === 'object' && additionalProperties !== null
          ? partRows(`${path}.*`, additionalProperties as TermSchema, waits)
          : [];
  return [...own, ...inside];
}

const definitions: Record<string, string> = {
  time: 'klockslag / time of day, `"08:30"`',
  endTime: 'klockslag / time of day, `"16:30"`, `"24:00"`',
  supportDays: `\`"open"\`, \`"all"\`, eller lista av / or list of ${supportDays.map((day) => code(`"${day}"`)).join(', ')}`,
  code: 'kod / code, `"1"`',
  article: 'artikel / article, `"3010"`',
  date: 'datum / date, `"2027-01-31"`',
  wording: 'text med / text with `sv`, `en`',
  topic: `${agendaCodes.map(code).join(', ')}, eller text med / or text with \`sv\`, \`en\``,
};

/** What a value may be, in few words of both languages. */
function valueOf(schema: TermSchema): string {
  const { type, minimum, maximum, items, properties, optional } = schema;
  const mayBeLeftOut = optional === true ? '; får utelämnas / may be left out' : '';
  const values = schema.enum as unknown[] | undefined;
  const definition = definitionOf(schema);
  const what =
    schema.const !== undefined
      ? `bara / only ${code(JSON.stringify(schema.const))}`
      : definition !== undefined
        ? definition
        : values !== undefined
          ? values.map((value) => code(JSON.stringify(value))).join(', ')
          : type === 'integer'
            ? `heltal / whole number ${String(minimum)}–${String(maximum)}`
            : type === 'number'
              ? `procent / per cent ${String(minimum)}–${String(maximum)}, två decimaler / two decimals`
              : type === 'array'
                ? `lista / list (${[items?.properties === undefined && items ? valueOf(items) : '', countOf(schema)].filter((part) => part !== '').join('; ')})`
                : properties === undefined
                  ? 'namn och värde / name and value'
                  : Object.keys(properties).map(code).join(', ');
  return `${what}${mayBeLeftOut}`;
}

function definitionOf({ $ref }: TermSchema): string | undefined {
  return typeof $ref === 'string' ? definitions[$ref.replace('#/definitions/', '')] : undefined;
}

function countOf({ minItems, maxItems }: TermSchema): string {
  const from = typeof minItems === 'number' ? minItems : 0;
  return maxItems === undefined ? '' : `${from}–${String(maxItems)}`;
}

function code(text: string): string {
  return `\`${text}\``;
}

/** A table as Prettier lays it out. */
function table(head: string[], rows: readonly string[][]): string {
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widths = head.map((_, column) => Math.max(3, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [first = [], ...rest] = cells;
  return [line(first), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}
