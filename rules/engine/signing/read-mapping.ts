/** Reads `rules/signing/<service>.json`, and finds parts of it that could never give a valid contract. */
import type { ErrorObject } from 'ajv';
import { compileSchemas, schemaErrors } from '../reading/compile-schema';
import type { Finding } from '../reading/finding';
import { didYouMean } from '../basics/did-you-mean';
import { checkSchemaLine } from '../reading/check-schema-line';
import { explainAt, explainErrors, inFileOrder } from '../reading/explain-at';
import { oneOf, show } from '../reading/explain-schema-error';
import { contractErrors } from '../contract/read-contract';
import { readJson } from '../reading/read-json';
import type { JsonSource } from '../reading/read-json';
import { expectedFound, joined } from '../basics/text';
import type { Text } from '../basics/text';
import type { ContractPlace } from './contract-places';
import { isRecord, itemPlace, kindAt, memberPlace, requiredMembers, wholeContract } from './contract-places';
import type { Kind } from './convert';
import { isLookup, withoutWhen } from './lookup';
import type { Lookup, SigningMapping } from './mapping';
import mappingSchema from '../../schemas/mapping.schema.json';
import { isObject } from './payload';

const schemas = compileSchemas(mappingSchema);
const schemaId = 'https://pector.example/serviceavtal/mapping.schema.json';

/** A part of the mapping with its path in the file. */
interface Part {
  value: unknown;
  path: string[];
}

/**
 * Reads a mapping file's text.
 *
 * @param file the name findings carry, as `rules/signing/docusign.json`: it must be named for its service
 * @returns the mapping, or all that is wrong with it, in the order of the file
 */
export function readMapping(text: string, file: string): { mapping?: SigningMapping; findings: Finding[] } {
  const { source, findings } = readJson(text, file);
  if (source === undefined) return { findings };
  const wrong = explainErrors(source, schemaErrors(schemas, schemaId, source.value));
  const check = checker(source, wrong);
  if (isObject(source.value)) {
    const { service, from, counterpart, document, contract } = source.value;
    checkName(source, service, wrong);
    if (isObject(document) && Array.isArray(document.when))
      document.when.forEach((each, index) =>
        check.source({ value: each, path: ['document', 'when', String(index)] }),
      );
    if (isObject(from)) check.source({ value: from, path: ['from'] });
    if (isObject(counterpart)) check.source({ value: counterpart, path: ['counterpart'] });
    if (isObject(contract)) check.part({ value: contract, path: ['contract'] }, wholeContract);
  }
  if (wrong.length > 0) return { findings: inFileOrder(wrong) };
  const warnings = checkSchemaLine(source, 'mapping.schema.json');
  const { $schema: _, ...mapping } = source.value as SigningMapping & { $schema?: string };
  return { mapping, findings: warnings };
}

function checkName(source: JsonSource, service: unknown, wrong: Finding[]): void {
  const [, name] = /([^/]+)\.json$/.exec(source.file) ?? [];
  if (name === undefined || typeof service !== 'string' || name === service) return;
  const expected = joined(`"${name}", `, { sv: 'som filen heter', en: "as the file's name says" });
  wrong.push(explainAt(source, ['service'], expectedFound(expected, `"${service}"`)));
}

/** Makes the functions that check parts of one file and collect findings. */
function checker(
  file: JsonSource,
  wrong: Finding[],
): { part: (part: Part, place: ContractPlace) => void; source: (part: Part) => void } {
  const add = (path: string[], message: Text, aboutKey = false): void => {
    wrong.push(explainAt(file, path, message, { aboutKey }));
  };
  const addErrors = (path: string[], errors: readonly ErrorObject[]): void => {
    const prefix = path.map((each) => `/${each.replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
    wrong.push(
      ...explainErrors(
        file,
        errors.map((error) => ({ ...error, instancePath: prefix + error.instancePath })),
      ),
    );
  };

  /** Checks that a source has exactly one of `field` and `signing`. */
  const source = ({ value, path }: Part): void => {
    if (!isObject(value)) return;
    const both = value.field !== undefined && value.signing !== undefined;
    if (both || (value.field === undefined && value.signing === undefined))
      add(
        path,
        expectedFound(
          { sv: 'antingen field eller signing', en: 'either field or signing' },
          both ? { sv: 'båda', en: 'both' } : { sv: 'ingetdera', en: 'neither' },
        ),
      );
  };

  const lookup = (value: Lookup, path: string[], place: ContractPlace, isRequired: boolean): void => {
    const errors = schemaErrors(schemas, `${schemaId}#/definitions/lookup`, value);
    addErrors(path, errors);
    source({ value, path });
    if (errors.length > 0) return;
    if (takesMembers(place) && value.choices === undefined)
      add(
        path,
        expectedFound(
          {
            sv: 'choices, eftersom avtalet har mer än en text här',
            en: 'choices, since the contract has more than a text here',
          },
          { sv: 'ett uppslag utan', en: 'a lookup without' },
        ),
      );
    else if (value.as !== undefined && !fits(value.as, kindAt(place)))
      add([...path, 'as'], expectedFound(`"${kindAt(place)}"`, `"${value.as}"`));
    if (value.units !== undefined && (value.as ?? kindAt(place)) !== 'number')
      add(
        [...path, 'units'],
        expectedFound({ sv: 'enheter bara vid tal', en: 'units with numbers only' }, show(value.units)),
        true,
      );
    for (const [choice, given] of Object.entries(value.choices ?? {}))
      addErrors([...path, 'choices', choice], contractErrors(given, place.pointer));
    if (value.default !== undefined)
      addErrors([...path, 'default'], contractErrors(value.default, place.pointer));
    if (isRequired && value.optional === true && value.default === undefined)
      add(
        [...path, 'optional'],
        expectedFound(
          {
            sv: 'default, eftersom avtalet kräver ett värde här',
            en: 'default, since the contract needs a value here',
          },
          'optional',
        ),
        true,
      );
  };

  const when = (value: Record<string, unknown>, path: string[]): void => {
    if (value.when === undefined || typeof value.when === 'string') return;
    const at = [...path, 'when'];
    if (!isObject(value.when)) {
      const expected = { sv: 'ett fälts namn eller ett villkor', en: "a field's name or a condition" };
      return add(at, expectedFound(expected, show(value.when)));
    }
    addErrors(at, schemaErrors(schemas, `${schemaId}#/definitions/condition`, value.when));
    source({ value: value.when, path: at });
  };

  const part = ({ value, path }: Part, place: ContractPlace, isRequired = true, isItem = false): void => {
    if (isLookup(value)) return lookup(value, path, place, isRequired);
    if (isItem && isObject(value)) when(value, path);
    const bare = isItem && isObject(value) ? withoutWhen(value) : value;
    if (!holdsLookups(bare)) {
      const misspelled = misspelledLookup(bare, place);
      if (misspelled !== undefined) return add([...path, misspelled.name], misspelled.message, true);
      return addErrors(path, contractErrors(bare, place.pointer));
    }
    const items = itemPlace(place);
    if (Array.isArray(bare) && items !== undefined)
      return bare.forEach((item, index) =>
        part({ value: item, path: [...path, String(index)] }, items, false, true),
      );
    if (!isObject(bare) || (place.schema.properties === undefined && !isRecord(place)))
      // Its form is wrong, whatever its leaves give.
      return addErrors(path, contractErrors(bare, place.pointer));
    members(bare, path, place);
  };

  const members = (value: Record<string, unknown>, path: string[], place: ContractPlace): void => {
    const required = requiredMembers(place, value);
    for (const [name, member] of Object.entries(value)) {
      const inner = memberPlace(place, name);
      if (inner !== undefined)
        part({ value: member, path: [...path, name] }, inner, required.includes(name), isRecord(place));
      else add([...path, name], unknownMember(name, place), true);
    }
    for (const name of required.filter((each) => !Object.hasOwn(value, each)))
      add(
        path,
        expectedFound({ sv: `egenskapen "${name}"`, en: `property "${name}"` }, { sv: 'ingen', en: 'none' }),
      );
    if (isRecord(place))
      addErrors(
        path,
        contractErrors(value, place.pointer).filter((error) => error.propertyName !== undefined),
      );
  };

  return { part: (each, place) => part(each, place), source };
}

function unknownMember(name: string, { schema }: ContractPlace): Text {
  const known = Object.keys(schema.properties ?? {});
  const found = { sv: `okänd egenskap "${name}"`, en: `unknown property "${name}"` };
  return joined(expectedFound(oneOf(known), found), didYouMean(name, known));
}

/** Finds a misspelled lookup: an object where a plain value belongs, such as `{ "feild": … }`. */
function misspelledLookup(value: unknown, place: ContractPlace): { name: string; message: Text } | undefined {
  if (!isObject(value) || takesMembers(place)) return undefined;
  const name =
    Object.keys(value).find((each) => didYouMean(each, ['field', 'signing']).en !== '') ??
    Object.keys(value)[0];
  if (name === undefined) return undefined;
  const expected = {
    sv: 'ett värde, eller ett uppslag med field eller signing',
    en: 'a value, or a lookup with field or signing',
  };
  return {
    name,
    message: joined(expectedFound(expected, `"${name}"`), didYouMean(name, ['field', 'signing'])),
  };
}

/** Whether a place takes an object or a list, instead of one value. */
function takesMembers({ schema }: ContractPlace): boolean {
  return schema.type === 'object' || schema.type === 'array';
}

/** Whether any part of it depends on the document. */
function holdsLookups(value: unknown): boolean {
  if (isLookup(value)) return true;
  if (Array.isArray(value)) return value.some((item) => holdsLookups(item) || holdsWhen(item));
  return isObject(value) && Object.values(value).some((member) => holdsLookups(member) || holdsWhen(member));
}

const holdsWhen = (value: unknown): boolean => isObject(value) && value.when !== undefined;

/** Whether a text read as one kind fits where another is asked for: numbers and truth values need their own kind. */
function fits(as: Kind, asked: Kind): boolean {
  const isText = (kind: Kind): boolean => kind !== 'number' && kind !== 'yesNo';
  return isText(as) ? isText(asked) : as === asked;
}
