import type { ErrorObject } from 'ajv';
import { compileSchemas, schemaErrors } from '../reading/compile-schema';
import type { Finding } from '../reading/finding';
import { didYouMean } from '../basics/did-you-mean';
import { exampleFileSchema, exampleFileSchemaId, expectablePaths } from './example-file-schema';
import { exampleFacts } from './example-facts';
import { explainAt, explainErrors, inFileOrder } from '../reading/explain-at';
import type { Facts } from '../ruleset/facts';
import { readJson } from '../reading/read-json';
import type { JsonSource } from '../reading/read-json';
import { eachOnce, expectedFound, joined } from '../basics/text';
import type { Text } from '../basics/text';

const schemas = compileSchemas(exampleFileSchema());

/** What a manager expects of the rules for some facts. */
export interface Example {
  name: string;
  facts: Partial<Facts>;
  /** Terms by path or by topic. */
  expect?: Record<string, unknown>;
  /** A part of the message, if an error is expected instead. */
  expectError?: string;
}

/** Reads a file of examples. Findings are all that is wrong with it, in the order of the file. */
export function readExampleFile(
  text: string,
  file: string,
): { source?: JsonSource; examples: Example[]; findings: Finding[] } {
  const { source, findings } = readJson(text, file);
  if (source === undefined) return { examples: [], findings };
  const errors = schemaErrors(schemas, exampleFileSchemaId, source.value);
  const paths = errors.flatMap((error) => unknownPath(error) ?? []);
  const others = errors.filter((error) => unknownPath(error) === undefined && !isPartOfOneOf(error));
  const wrong = [
    ...explainErrors(source, others),
    ...paths.map(({ at, message }) => explainAt(source, at, message, { aboutKey: true })),
  ];
  if (wrong.length > 0) return { examples: [], findings: inFileOrder(wrong) };
  const { examples } = source.value as { examples: Example[] };
  const contradictions = examples.flatMap((example, index) => checkExample(source, examples, example, index));
  return contradictions.length > 0
    ? { examples: [], findings: inFileOrder(contradictions) }
    : { source, examples, findings: [] };
}

/** Whether an error is about one branch of a `oneOf`. Only the error of the `oneOf` itself becomes a finding. */
function isPartOfOneOf({ schemaPath }: ErrorObject): boolean {
  return /\/oneOf\/\d+\//.test(schemaPath);
}

/** The explanation of an unknown path in `expect`. It suggests a near one: a list of all paths has hundreds. */
function unknownPath({
  keyword,
  instancePath,
  params,
}: ErrorObject): { at: string[]; message: Text } | undefined {
  if (keyword !== 'additionalProperties' || !/^\/examples\/\d+\/expect$/.test(instancePath)) return undefined;
  const { additionalProperty: name } = params as { additionalProperty: string };
  const expected = {
    sv: 'ett ämne eller en sökväg till ett villkor, som hourBank.discountPercent',
    en: 'a topic or a path to a term, as hourBank.discountPercent',
  };
  return {
    at: [...instancePath.split('/').slice(1), name],
    message: joined(expectedFound(expected, `"${name}"`), didYouMean(name, expectablePaths)),
  };
}

/** What the schema cannot check: names used twice, and facts that no agreement can have together. */
function checkExample(
  source: JsonSource,
  all: Example[],
  { name, facts }: Example,
  index: number,
): Finding[] {
  const at = ['examples', String(index)];
  const twice = all.findIndex((other) => other.name === name) < index;
  const { integrations, integrationCount } = exampleFacts(facts);
  const few = {
    sv: `minst ${integrations.length}, antalet i integrations`,
    en: `at least ${integrations.length}, as many as integrations has`,
  };
  return [
    ...(twice ? [explainAt(source, [...at, 'name'], eachOnce('name', name))] : []),
    ...(integrationCount < integrations.length
      ? [
          explainAt(
            source,
            [...at, 'facts', 'integrationCount'],
            expectedFound(few, String(integrationCount)),
          ),
        ]
      : []),
  ];
}
