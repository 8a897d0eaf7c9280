/** The part of the contract's schema that applies at each place of a contract. */
import contractSchema from '../../schemas/contract.schema.json';
import type { Kind } from './convert';

interface Schema {
  $ref?: string;
  type?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  required?: string[];
  if?: { required?: string[] };
  else?: { required?: string[] };
}

/** A place of the contract: the part of the schema for it, and the pointer to that part. */
export interface ContractPlace {
  schema: Schema;
  /** As `#/properties/hourBank`. */
  pointer: string;
}

const root = contractSchema as unknown as Schema;

/** The whole contract. */
export const wholeContract: ContractPlace = { schema: root, pointer: '' };

/** The place of a member; nothing if the contract has no member of that name. */
export function memberPlace({ schema, pointer }: ContractPlace, name: string): ContractPlace | undefined {
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, name))
    return resolved(schema.properties[name], `${pointer || '#'}/properties/${escaped(name)}`);
  return typeof schema.additionalProperties === 'object'
    ? resolved(schema.additionalProperties, `${pointer || '#'}/additionalProperties`)
    : undefined;
}

/** The members that must stand at a place; the schema may ask for one only where another does not stand. */
export function requiredMembers({ schema }: ContractPlace, value: object): string[] {
  const stands = schema.if?.required?.every((name) => Object.hasOwn(value, name)) ?? true;
  return [...(schema.required ?? []), ...(stands ? [] : (schema.else?.required ?? []))];
}

/** The place of a list's items; nothing if the place is no list. */
export function itemPlace({ schema, pointer }: ContractPlace): ContractPlace | undefined {
  return schema.items === undefined ? undefined : resolved(schema.items, `${pointer || '#'}/items`);
}

/** Whether a place has members of any name, as the systems have. */
export function isRecord({ schema }: ContractPlace): boolean {
  return typeof schema.additionalProperties === 'object';
}

/** How a text at this place is read unless the mapping says otherwise. */
export function kindAt({ schema, pointer }: ContractPlace): Kind {
  if (schema.type === 'number' || schema.type === 'integer') return 'number';
  if (schema.type === 'boolean') return 'yesNo';
  if (/\/definitions\/(id|date|email)$/.test(pointer)) return pointer.split('/').at(-1) as Kind;
  return pointer.endsWith('/orgNumber') ? 'orgNumber' : 'text';
}

function resolved(schema: Schema | undefined, pointer: string): ContractPlace | undefined {
  if (schema?.$ref === undefined) return schema === undefined ? undefined : { schema, pointer };
  const target = schema.$ref
    .split('/')
    .slice(1)
    .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], root);
  return { schema: target as Schema, pointer: schema.$ref };
}

const escaped = (name: string): string => encodeURIComponent(name.replace(/~/g, '~0').replace(/\//g, '~1'));
