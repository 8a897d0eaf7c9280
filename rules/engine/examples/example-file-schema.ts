import { defaultOf } from './example-facts';
import { factCatalogue, factNames } from '../ruleset/facts';
import type { FactType } from '../ruleset/facts';
import { published, scalars } from '../ruleset/rule-file-schema';
import { termCatalogue, topics } from '../ruleset/term-catalogue';
import { membersOf } from '../reading/term-schema';
import type { TermSchema } from '../reading/term-schema';
import { described, fileHead, ref, titled } from '../reading/schema-parts';
import type { Schema } from '../reading/schema-parts';

export const exampleFileSchemaId = 'https://pector.example/serviceavtal/tests.schema.json';

const valueOf: Record<Exclude<FactType, 'choice'>, Schema> = {
  id: ref('id'),
  date: ref('date'),
  count: ref('count'),
  hours: ref('hours'),
  list: ref('texts'),
};

function factSchema(name: (typeof factNames)[number]): Schema {
  const { type, values, about } = factCatalogue[name];
  const shown = JSON.stringify(defaultOf(name));
  return {
    ...(type === 'choice' ? { enum: values } : valueOf[type]),
    ...described(`${about.sv}; utan det ${shown}`, `${about.en}; without it ${shown}`),
  };
}

/** Stands for an id in a path. */
const anyId = '<id>';

/** Every path to a term, such as `hourBank.rollover.percent`, with the definition of its value. */
function paths(schema: TermSchema, path: string, definition: string): [string, Schema][] {
  const inner = Object.entries(schema.properties ?? {}).flatMap(([name, part]) =>
    paths(part, `${path}.${name}`, `${definition}/properties/${name}`),
  );
  const isById = typeof schema.additionalProperties === 'object';
  const members = isById
    ? paths(membersOf(schema) ?? {}, `${path}.${anyId}`, `${definition}/additionalProperties`)
    : [];
  return [[path, ref(definition)], ...inner, ...members];
}

/** A path with ids as a pattern of the names it may have. */
const patternOf = (path: string): string =>
  `^${path.replaceAll('.', '\\.').replaceAll(anyId, '[a-z0-9-]{1,40}')}$`;

const expectable = topics.flatMap((topic) => paths(termCatalogue[topic], topic, topic));

/** All paths for which an example can expect a value. */
export const expectablePaths = expectable.map(([path]) => path);

/**
 * The JSON schema of managers' examples, made from the catalogues of facts and terms. `rules/schemas/tests.schema.json` holds
 * it for editors; `npm run schema` writes that file.
 */
export function exampleFileSchema(): Schema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: exampleFileSchemaId,
    ...titled('en fil med exempel', 'a file of examples'),
    ...described(
      'Exempel som reglerna ska uppfylla: för dessa fakta väntas dessa villkor.',
      'Examples that the rules have to fulfil: for these facts these terms are expected.',
    ),
    type: 'object',
    additionalProperties: false,
    required: ['about', 'examples'],
    properties: {
      ...fileHead,
      examples: {
        ...titled('en lista av minst ett exempel', 'a list of at least one example'),
        type: 'array',
        minItems: 1,
        maxItems: 500,
        items: ref('example'),
      },
    },
    definitions: {
      ...scalars,
      ...Object.fromEntries(topics.map((topic) => [topic, published(termCatalogue[topic])])),
      texts: {
        ...titled('en lista av texter, var och en en gång', 'a list of texts, each one once'),
        type: 'array',
        uniqueItems: true,
        maxItems: 100,
        items: ref('text'),
      },
      example: {
        ...titled(
          'ett exempel med name, facts och antingen expect eller expectError',
          'an example with name, facts and either expect or expectError',
        ),
        type: 'object',
        additionalProperties: false,
        required: ['name', 'facts'],
        oneOf: [{ required: ['expect'] }, { required: ['expectError'] }],
        properties: {
          name: { ...ref('text'), ...described('Vad exemplet visar.', 'What the example shows.') },
          facts: {
            ...titled('fakta om avtalet', 'facts of the agreement'),
            ...described(
              'Fakta om avtalet; de som inte nämns har sina förvalda värden.',
              'Facts of the agreement; those not mentioned have their defaults.',
            ),
            type: 'object',
            additionalProperties: false,
            properties: Object.fromEntries(factNames.map((name) => [name, factSchema(name)])),
          },
          expect: {
            ...titled('minst ett väntat villkor', 'at least one expected term'),
            ...described(
              'Väntade villkor: en sökväg som hourBank.discountPercent, eller ämnet som objekt. Bara det som nämns jämförs; listor jämförs hela.',
              'Expected terms: a path such as hourBank.discountPercent, or the topic as an object. Only what is mentioned is compared; lists are compared whole.',
            ),
            type: 'object',
            minProperties: 1,
            additionalProperties: false,
            properties: Object.fromEntries(expectable.filter(([path]) => !path.includes(anyId))),
            patternProperties: Object.fromEntries(
              expectable.flatMap(([path, schema]) =>
                path.includes(anyId) ? [[patternOf(path), schema]] : [],
              ),
            ),
          },
          expectError: {
            ...ref('text'),
            ...described(
              'Del av felet, när reglerna inte ska ge några användbara villkor.',
              'A part of the error, where the rules are to give no usable terms.',
            ),
          },
        },
      },
    },
  };
}
