import { factCatalogue, factNames, operatorsByType } from './facts';
import type { Fact } from './facts';
import { agendaCodes, supportDays, termCatalogue, topics } from './term-catalogue';
import { membersOf } from '../reading/term-schema';
import type { TermSchema } from '../reading/term-schema';
import { checkPartSchema } from '../contract/monitor-schema';
import { described, fileHead, ref, titled } from '../reading/schema-parts';
import type { Schema } from '../reading/schema-parts';

/** A part of a JSON schema, as it is written to a file. */
export const ruleFileSchemaId = 'https://pector.example/serviceavtal/rules.schema.json';

/** The definition of the value that a fact of each type is compared with, and that of a list of such values. */
const valueOf: Record<string, [one: string, many: string]> = {
  id: ['id', 'ids'],
  date: ['date', 'date'],
  count: ['count', 'counts'],
  hours: ['hours', 'hoursList'],
  list: ['text', 'text'],
};

/** Definitions of the plain values that facts and terms share. */
export const scalars: Schema = {
  id: {
    ...titled(
      'ett id av 1 till 40 tecken a–z, 0–9 och bindestreck',
      'an id of 1 to 40 characters a–z, 0–9 and hyphen',
    ),
    type: 'string',
    pattern: '^[a-z0-9-]{1,40}$',
  },
  ids: { ...titled('en lista av id', 'a list of ids'), type: 'array', minItems: 1, items: ref('id') },
  date: {
    ...titled('ett datum som 2027-01-31', 'a calendar date as 2027-01-31'),
    type: 'string',
    format: 'date',
  },
  count: { ...titled('ett heltal', 'a whole number'), type: 'integer', minimum: 0 },
  counts: {
    ...titled('en lista av heltal', 'a list of whole numbers'),
    type: 'array',
    minItems: 1,
    items: ref('count'),
  },
  hours: {
    ...titled('timmar med högst två decimaler', 'hours with at most two decimals'),
    type: 'number',
    minimum: 0,
    multipleOf: 0.01,
  },
  hoursList: {
    ...titled('en lista av timmar', 'a list of hours'),
    type: 'array',
    minItems: 1,
    items: ref('hours'),
  },
  time: {
    ...titled('ett klockslag som 08:30', 'a time of day as 08:30'),
    type: 'string',
    pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
  },
  endTime: {
    ...titled('ett klockslag som 16:30, högst 24:00', 'a time of day as 16:30, at most 24:00'),
    type: 'string',
    pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$',
  },
  dayOfYear: {
    ...titled('en dag som 12-20, månad och dag', 'a day as 12-20, month and day'),
    type: 'string',
    pattern: '^(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
  },
  text: {
    ...titled('en rad text, högst 200 tecken', 'one line of text, at most 200 characters'),
    type: 'string',
    maxLength: 200,
    pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f]+$',
  },
  wording: {
    ...titled('en text med sv och en', 'a text with sv and en'),
    type: 'object',
    additionalProperties: false,
    required: ['sv', 'en'],
    properties: { sv: ref('text'), en: ref('text') },
  },
  code: {
    ...titled(
      'en kod i affärssystemet som text, "1": 1 till 40 tecken utan mellanslag, semikolon och citattecken',
      'a code of the ERP as text, "1": 1 to 40 characters without spaces, semicolons and quotation marks',
    ),
    type: 'string',
    pattern: '^[^\\s;"]{1,40}$',
  },
  article: {
    ...titled(
      'en artikel, alltså numret i affärssystemet på det som faktureras, som text, "3010": 1 till 40 tecken utan mellanslag, semikolon och citattecken',
      'an article, which is the number in the ERP of what is invoiced, as text, "3010": 1 to 40 characters without spaces, semicolons and quotation marks',
    ),
    type: 'string',
    pattern: '^[^\\s;"]{1,40}$',
  },
  line: ref('text'),
  check: published(checkPartSchema),
  supportDays: {
    ...titled(
      'open, all eller en lista av mon … sun och holidays',
      'open, all, or a list of mon … sun and holidays',
    ),
    if: { type: 'array' },
    then: { minItems: 1, uniqueItems: true, items: { enum: supportDays } },
    else: { enum: ['open', 'all'] },
  },
  topic: {
    ...titled('en kod, eller en text med sv och en', 'a code, or a text with sv and en'),
    if: { type: 'string' },
    then: { enum: agendaCodes },
    else: ref('wording'),
  },
};

const conditions: Schema = {
  group: {
    ...titled('ett av all, any, not', 'one of all, any, not'),
    type: 'object',
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    properties: { all: ref('conditions'), any: ref('conditions'), not: ref('condition') },
  },
  conditions: {
    ...titled('en lista av minst ett villkor', 'a list of at least one condition'),
    type: 'array',
    minItems: 1,
    items: ref('condition'),
  },
  condition: {
    ...titled('ett villkor', 'a condition'),
    type: 'object',
    if: { anyOf: [{ required: ['all'] }, { required: ['any'] }, { required: ['not'] }] },
    then: ref('group'),
    else: ref('question'),
  },
  question: {
    ...titled('ett villkor med fact, operator och value', 'a condition with fact, operator and value'),
    type: 'object',
    additionalProperties: false,
    required: ['fact', 'operator', 'value'],
    properties: {
      fact: { ...described('Vad som frågas efter.', 'What is asked about.'), enum: factNames },
      operator: {
        ...described('Hur det jämförs.', 'How it is compared.'),
        enum: [...new Set(Object.values(operatorsByType).flat())],
      },
      value: described(
        'Vad det jämförs med; slaget följer fact, en lista för in och notIn.',
        'What it is compared with; its type follows the fact, a list for `in` and `notIn`.',
      ),
    },
    allOf: factNames.flatMap((name) => questionsOf(name, factCatalogue[name])),
  },
};

/** The schemas of a condition on one fact: its operators, and the type of value for each of them. */
function questionsOf(name: string, { type, values, about }: Fact): Schema[] {
  const operators = operatorsByType[type];
  const takesList = (operator: string): boolean => operator === 'in' || operator === 'notIn';
  const many = operators.filter(takesList);
  const one = operators.filter((operator) => !takesList(operator));
  const choice = { ...titled('ett av värdena', 'one of the values'), enum: values };
  const [single, several] =
    type === 'choice'
      ? [
          choice,
          { ...titled('en lista av värden', 'a list of values'), type: 'array', minItems: 1, items: choice },
        ]
      : [ref(valueOf[type]?.[0] ?? 'text'), ref(valueOf[type]?.[1] ?? 'text')];
  const when = (allowed: readonly string[], value: Schema): Schema => ({
    if: {
      properties: { fact: { const: name }, operator: { enum: allowed } },
      required: ['fact', 'operator'],
    },
    then: { properties: { value } },
  });
  return [
    {
      if: { properties: { fact: { const: name } }, required: ['fact'] },
      then: {
        properties: {
          fact: described(about.sv, about.en),
          operator: {
            enum: operators,
            ...titled(`${operators.join(', ')} för ${name}`, `one of ${operators.join(', ')} for ${name}`),
          },
        },
      },
    },
    when(one, single),
    ...(many.length > 0 ? [when(many, several)] : []),
  ];
}

/** A schema of the catalogue with its own keywords turned into those that editors show. */
export function published(schema: TermSchema): Schema {
  const {
    about,
    optional: _optional,
    appliesFrom,
    properties,
    items,
    additionalProperties,
    ...rest
  } = schema;
  const waits = appliesFrom === undefined ? '' : ' (nästa period / next period)';
  const inner = (value: unknown): unknown =>
    typeof value === 'object' && value !== null ? published(value as TermSchema) : value;
  return {
    ...rest,
    ...(about && { description: `${about.sv} / ${about.en}${waits}` }),
    ...(additionalProperties !== undefined && { additionalProperties: inner(additionalProperties) }),
    ...(properties && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, part]) => [name, published(part)]),
      ),
    }),
    ...(items && { items: published(items) }),
  };
}

/** The schema of a level's base rule: it must give every term that is not optional, and each of them completely. */
function complete(schema: TermSchema): Schema {
  const parts = Object.entries(schema.properties ?? {});
  const members = membersOf(schema);
  return {
    required: parts.filter(([, part]) => part.optional !== true).map(([name]) => name),
    properties: Object.fromEntries(
      parts
        .filter(([, part]) => part.properties ?? membersOf(part))
        .map(([name, part]) => [name, complete(part)]),
    ),
    ...(members && { additionalProperties: complete(members) }),
  };
}

const byTopic = (definition: (topic: string) => string): Schema[] =>
  topics.map((topic) => ({
    if: { properties: { type: { const: topic } }, required: ['type'] },
    then: { properties: { params: ref(definition(topic)) } },
  }));

/**
 * The JSON schema of the rule files, made from the catalogues of facts and terms. `rules/schemas/rules.schema.json` holds it
 * for editors; `npm run schema` writes that file.
 */
export function ruleFileSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: ruleFileSchemaId,
    ...titled('en regelfil', 'a rule file'),
    ...described(
      'Villkor för serviceavtal som regler för json-rules-engine.',
      'Terms of service agreements as native json-rules-engine rules.',
    ),
    type: 'object',
    additionalProperties: false,
    required: ['about', 'rules'],
    properties: {
      ...fileHead,
      rules: {
        ...titled('en lista av minst en regel', 'a list of at least one rule'),
        type: 'array',
        minItems: 1,
        maxItems: 200,
        items: ref('rule'),
      },
    },
    definitions: {
      ...scalars,
      ...conditions,
      rule: {
        ...titled('en regel', 'a rule'),
        type: 'object',
        additionalProperties: false,
        required: ['name', 'priority', 'conditions', 'event'],
        properties: {
          name: {
            ...ref('text'),
            ...described(
              'Unikt bland alla regler; visas där regeln bestämt något.',
              'Unique among all rules; shown wherever the rule decided something.',
            ),
          },
          priority: {
            type: 'integer',
            minimum: 1,
            maximum: 1000,
            ...described(
              '100 nivåns grund, 300–499 tillägg, 500–899 kund, 900–999 undantag; det högsta gäller sist.',
              "100 a level's base, 300–499 addition, 500–899 customer, 900–999 exception; the highest is applied last.",
            ),
          },
          conditions: { ...ref('group'), ...described('När regeln gäller.', 'When the rule applies.') },
          event: {
            ...ref('event'),
            ...described(
              'Vad regeln säger: ämnet (type) och dess villkor (params).',
              'What the rule says: the topic (`type`) and its terms (`params`).',
            ),
          },
          appliesFrom: {
            enum: ['now', 'nextPeriod'],
            ...described(
              'När ändrade värden gäller i löpande år; utan den väntar pris och rabatt på nästa period.',
              'When changed values take effect in running years; without it price and discount wait for the next period.',
            ),
          },
          amendment: {
            ...titled(
              'ett tilläggsavtal med reference, signedOn och agreements',
              'an amendment with reference, signedOn and agreements',
            ),
            ...described(
              'Det undertecknade tilläggsavtal som låter regeln lova mindre än vad som undertecknades.',
              'The signed amendment that lets the rule promise less than what was signed.',
            ),
            type: 'object',
            additionalProperties: false,
            required: ['reference', 'signedOn', 'agreements'],
            properties: { reference: ref('text'), signedOn: ref('date'), agreements: ref('ids') },
          },
        },
        if: { properties: { priority: { maximum: 100 } }, required: ['priority'] },
        then: { properties: { event: ref('completeEvent') } },
      },
      event: {
        ...titled('en händelse med type och params', 'an event with type and params'),
        type: 'object',
        additionalProperties: false,
        required: ['type', 'params'],
        properties: {
          type: { ...described('Ämnet.', 'The topic.'), enum: topics },
          params: { ...titled('ämnets villkor', 'the terms of the topic'), type: 'object' },
        },
        allOf: byTopic((topic) => topic),
      },
      completeEvent: { allOf: byTopic((topic) => `complete-${topic}`) },
      ...Object.fromEntries(topics.map((topic) => [topic, published(termCatalogue[topic])])),
      ...Object.fromEntries(topics.map((topic) => [`complete-${topic}`, complete(termCatalogue[topic])])),
    },
  };
}
