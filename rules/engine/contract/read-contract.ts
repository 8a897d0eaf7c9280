import type { ErrorObject } from 'ajv';
import { compileSchemas, schemaErrors } from '../reading/compile-schema';
import type { Contract } from './contract';
import { scheduleProblems } from './check-schedule';
import { contractForm, isSamePerson } from './contract-form';
import type { WrittenContact, WrittenContract } from './contract-form';
import type { Finding } from '../reading/finding';
import contractSchema from '../../schemas/contract.schema.json';
import { explainAt, explainErrors, inFileOrder } from '../reading/explain-at';
import { explainSchemaErrors } from '../reading/explain-schema-error';
import type { Explanation } from '../reading/explain-schema-error';
import { levelProblem } from './level-problem';
import type { Check } from './monitor';
import { readJson } from '../reading/read-json';
import type { JsonSource } from '../reading/read-json';
import { addressKey } from '../basics/mail-address';
import { didYouMean } from '../basics/did-you-mean';
import { hasCheckDigit, readOrgNumber } from '../basics/org-number';
import { eachOnce, expectedFound, joined } from '../basics/text';
import type { Text } from '../basics/text';

const schemas = compileSchemas(contractSchema);
const schemaId = 'https://pector.example/serviceavtal/contract.schema.json';

/** What a contract that is new has to fit, besides its form. One that was signed is read without it. */
export interface Fit {
  /** Those that the rules give, if they are known. */
  levels?: readonly string[];
  /** Organisation numbers that are taken although their check digit is wrong: agreements were signed with them. */
  orgNumbers?: readonly string[];
}

/**
 * Reads a contract from a file's text.
 *
 * @param file the name findings carry
 * @returns the contract in the form in which it is kept, or all that is wrong with it, in the order of the file
 */
export function readContract(
  text: string,
  file: string,
  fit?: Fit,
): { contract?: Contract; findings: Finding[] } {
  const { source, findings } = readJson(text, file);
  return source === undefined ? { findings } : contractOf(source, source.value, fit);
}

/**
 * The contract in a file that holds more than a contract.
 *
 * @param value the part of the file that is to be the contract
 */
export function contractOf(
  source: JsonSource,
  value: unknown,
  fit?: Fit,
): { contract?: Contract; findings: Finding[] } {
  const wrong = explainErrors(source, contractErrors(value));
  for (const { path, message } of problemsOf(value, fit)) wrong.push(explainAt(source, path, message));
  return wrong.length > 0
    ? { findings: inFileOrder(wrong) }
    : { contract: contractForm(value as WrittenContract), findings: [] };
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
export function contractFaults(value: unknown, fit?: Fit): Explanation[] {
  return [...explainSchemaErrors(contractErrors(value)), ...problemsOf(value, fit)];
}

const problemsOf = (value: unknown, fit: Fit | undefined): Explanation[] => [
  ...(fit ? misfits(value, fit) : []),
  ...duplicates(value),
  ...unknownVersions(value),
  ...unknownIntegrations(value),
];

/** What a new contract says that does not fit: values of the wrong kind are for the schema to refuse. */
function misfits(value: unknown, { levels, orgNumbers = [] }: Fit): Explanation[] {
  const level = levels && levelProblem(valueAt(value, 'level'), levels);
  const jobs = itemsAt(value, ['monitors']).flatMap((monitor, index) =>
    valueAt(monitor, 'kind') !== 'heartbeat'
      ? []
      : scheduleProblems(monitor as Partial<Check>).map(({ name, message }) => ({
          path: ['monitors', String(index), ...(name === undefined ? [] : [name])],
          aboutKey: false,
          message,
        })),
  );
  return [
    ...jobs,
    ...(level ? [{ path: ['level'], aboutKey: false, message: level }] : []),
    ...['customer', 'billTo'].flatMap((company) => wrongNumber(value, company, orgNumbers)),
  ];
}

/** A company's organisation number whose check digit is wrong: an e-invoice to it would be refused. */
function wrongNumber(value: unknown, company: string, known: readonly string[]): Explanation[] {
  const number = valueAt(valueAt(value, company), 'orgNumber');
  const read = typeof number === 'string' ? readOrgNumber(number) : undefined;
  if (read === undefined || hasCheckDigit(read) || known.includes(read)) return [];
  const message = expectedFound(rightCheckDigit, `"${String(number)}"`);
  return [{ path: [company, 'orgNumber'], aboutKey: false, message }];
}

/** Monitors that report the version of something that the contract does not have. */
function unknownVersions(contract: unknown): Explanation[] {
  const known = versionedIds(contract);
  return itemsAt(contract, ['monitors']).flatMap((monitor, index) => {
    const of = valueAt(valueAt(monitor, 'reportsVersion'), 'of');
    if (typeof of !== 'string' || known.includes(of)) return [];
    const expected = {
      sv: `ett system, en del eller en integration i avtalet (${known.join(', ')})`,
      en: `a system, component or integration of the contract (${known.join(', ')})`,
    };
    const message = joined(expectedFound(expected, `"${of}"`), didYouMean(of, known));
    return [{ path: ['monitors', String(index), 'reportsVersion', 'of'], aboutKey: false, message }];
  });
}

/** Monitors that check an integration that the contract does not have. */
function unknownIntegrations(contract: unknown): Explanation[] {
  const known = integrationIds(contract);
  return itemsAt(contract, ['monitors']).flatMap((monitor, index) => {
    const named = valueAt(monitor, 'integration');
    if (typeof named !== 'string' || known.includes(named)) return [];
    const message = joined(expectedFound(anIntegration(known), `"${named}"`), didYouMean(named, known));
    return [{ path: ['monitors', String(index), 'integration'], aboutKey: false, message }];
  });
}

/** One of the integrations of a contract, as what was expected. */
export const anIntegration = (known: readonly string[]): Text => ({
  sv: `en av avtalets integrationer (${known.join(', ') || '-'})`,
  en: `one of the contract's integrations (${known.join(', ') || '-'})`,
});

const integrationIds = (contract: unknown): string[] =>
  itemsAt(contract, ['integrations']).flatMap((each) => {
    const id = valueAt(each, 'id');
    return typeof id === 'string' ? [id] : [];
  });

/** Ids of all that has a version in a contract: systems, their components, integrations. */
function versionedIds(contract: unknown): string[] {
  const keysOf = (value: unknown): string[] =>
    typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const systems = valueAt(contract, 'systems');
  const components = keysOf(systems).flatMap((id) => keysOf(valueAt(valueAt(systems, id), 'components')));
  return [...new Set([...keysOf(systems), ...components, ...integrationIds(contract)])];
}

const rightCheckDigit = {
  sv: 'ett organisationsnummer vars sista siffra stämmer med de andra',
  en: 'an organisation number whose last digit fits the others',
};

/** Keys that must be unique within their list. An address twice is one person's, in several roles, if the name is the same. */
const uniqueKeys: { list: string[]; key: 'id' | 'email' }[] = [
  { list: ['contacts', 'customer'], key: 'id' },
  { list: ['contacts', 'customer'], key: 'email' },
  { list: ['integrations'], key: 'id' },
  { list: ['monitors'], key: 'id' },
];

function duplicates(contract: unknown): Explanation[] {
  return uniqueKeys.flatMap(({ list, key }) => {
    const seen = new Map<string, unknown>();
    return itemsAt(contract, list).flatMap((item, index) => {
      const value = valueAt(item, key);
      if (typeof value !== 'string') return [];
      const same = key === 'email' ? addressKey(value) : value.toLowerCase();
      const before = seen.get(same);
      if (before !== undefined && !(key === 'email' && isOnePerson(before, item))) {
        const message = joined(eachOnce(key, value), key === 'email' ? inSeveralRoles : '');
        return [{ path: [...list, String(index), key], aboutKey: false, message }];
      }
      seen.set(same, item);
      return [];
    });
  });
}

const inSeveralRoles = {
  sv: '; en person med flera roller heter lika överallt',
  en: '; one person with several roles has the same name everywhere',
};

/** Whether two contacts with one address are one person; a name of the wrong kind is for the schema to refuse. */
function isOnePerson(one: unknown, other: unknown): boolean {
  const isNamed = (contact: unknown): boolean => typeof valueAt(contact, 'name') === 'string';
  return isNamed(one) && isNamed(other) && isSamePerson(one as WrittenContact, other as WrittenContact);
}

/** The list at `path`; empty if the schema has already refused what is there. */
function itemsAt(value: unknown, path: readonly string[]): unknown[] {
  const found = path.reduce(valueAt, value);
  return Array.isArray(found) ? found : [];
}

function valueAt(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
