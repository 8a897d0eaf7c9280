import type { ErrorObject } from 'ajv';
import { compileSchemas, schemaErrors } from '../reading/compile-schema';
import type { Contract } from './contract';
import type { Finding } from '../reading/finding';
import contractSchema from '../../schemas/contract.schema.json';
import { explainAt, explainErrors, inFileOrder } from '../reading/explain-at';
import { explainSchemaErrors } from '../reading/explain-schema-error';
import type { Explanation } from '../reading/explain-schema-error';
import { levelProblem } from './level-problem';
import { readJson } from '../reading/read-json';
import type { JsonSource } from '../reading/read-json';
import { eachOnce } from '../basics/text';

const schemas = compileSchemas(contractSchema);
const schemaId = 'https://pector.example/serviceavtal/contract.schema.json';

/**
 * Reads a contract from a file's text.
 *
 * @param file the name findings carry
 * @param levels those that the rules give, if they are known
 * @returns the contract (without its `$schema`), or all that is wrong with it, in the order of the file
 */
export function readContract(
  text: string,
  file: string,
  levels?: readonly string[],
): { contract?: Contract; findings: Finding[] } {
  const { source, findings } = readJson(text, file);
  return source === undefined ? { findings } : contractOf(source, source.value, levels);
}

/**
 * The contract in a file that holds more than a contract.
 *
 * @param value the part of the file that is to be the contract
 * @param levels those that the rules give, if they are known
 */
export function contractOf(
  source: JsonSource,
  value: unknown,
  levels?: readonly string[],
): { contract?: Contract; findings: Finding[] } {
  const wrong = explainErrors(source, contractErrors(value));
  const levelless = levels && levelProblem(valueAt(value, 'level'), levels);
  if (levelless) wrong.push(explainAt(source, ['level'], levelless));
  wrong.push(...duplicates(value).map(({ path, message }) => explainAt(source, path, message)));
  if (wrong.length > 0) return { findings: inFileOrder(wrong) };
  const { $schema: _, ...contract } = value as Contract & { $schema?: string };
  return { contract, findings: [] };
}

/**
 * The errors a contract has against its schema, or a part of one against that part.
 *
 * @param pointer to the part, as `#/properties/hourBank`
 */
export function contractErrors(value: unknown, pointer = ''): ErrorObject[] {
  return schemaErrors(schemas, `${schemaId}${pointer}`, value);
}

/** All that is wrong with a contract that comes from no file. */
export function contractFaults(value: unknown): Explanation[] {
  return [...explainSchemaErrors(contractErrors(value)), ...duplicates(value)];
}

/** Keys that must be unique within their list. Addresses that differ only in capitals are the same. */
const uniqueKeys: { list: string[]; key: 'id' | 'email' }[] = [
  { list: ['contacts', 'customer'], key: 'id' },
  { list: ['contacts', 'customer'], key: 'email' },
  { list: ['integrations'], key: 'id' },
  { list: ['monitors'], key: 'id' },
];

function duplicates(contract: unknown): Explanation[] {
  return uniqueKeys.flatMap(({ list, key }) => {
    const seen = new Set<string>();
    return itemsAt(contract, list).flatMap((item, index) => {
      const value = valueAt(item, key);
      if (typeof value !== 'string') return [];
      const same = value.toLowerCase();
      if (seen.has(same))
        return [{ path: [...list, String(index), key], aboutKey: false, message: eachOnce(key, value) }];
      seen.add(same);
      return [];
    });
  });
}

/** The list at `path`; empty if the schema has already refused what is there. */
function itemsAt(value: unknown, path: readonly string[]): unknown[] {
  const found = path.reduce(valueAt, value);
  return Array.isArray(found) ? found : [];
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
