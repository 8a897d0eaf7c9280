/** Functions that build the schemas of the term catalogue and of checks. */
import type { Text } from '../basics/text';

/** A part of a JSON schema (draft 7); `title` is the phrase an error message uses for what was expected. */
export interface TermSchema {
  [keyword: string]: unknown;
  title?: string;
  titleSv?: string;
  /** What the term means. */
  about?: Text;
  properties?: Record<string, TermSchema>;
  items?: TermSchema;
  /** True for a term that a level's base rule need not give. */
  optional?: boolean;
  /** When a changed value takes effect in running years, unless the rule says otherwise: at once if absent. */
  appliesFrom?: 'nextPeriod';
}

declare const gives: unique symbol;

/** A schema that carries the type of the values it describes. Only the compiler sees that: no value is there. */
export type Term<T> = TermSchema & { readonly [gives]?: T };

/** The type of the values a schema describes. */
export type ValueOf<S> = S extends { readonly [gives]?: infer T } ? T : never;

type Optional = TermSchema & { optional: true };
type Properties = Record<string, TermSchema>;

/** The type of an object with these properties. */
type ValuesOf<P extends Properties> = Flat<
  { [K in keyof P as P[K] extends Optional ? never : K]: ValueOf<P[K]> } & {
    [K in keyof P as P[K] extends Optional ? K : never]?: ValueOf<P[K]>;
  }
>;
type Flat<T> = { [K in keyof T]: T[K] };

export const about = (sv: string, en: string): { about: Text } => ({ about: { sv, en } });
export const titled = (sv: string, en: string): { title: string; titleSv: string } => ({
  title: en,
  titleSv: sv,
});

export const whole = (minimum: number, maximum: number, sv: string, en: string): Term<number> => ({
  type: 'integer',
  minimum,
  maximum,
  ...about(sv, en),
});
export const percent = (sv: string, en: string): Term<number> => ({
  ...titled('en procentsats med högst två decimaler', 'a percentage with at most two decimals'),
  type: 'number',
  minimum: 0,
  maximum: 100,
  multipleOf: 0.01,
  ...about(sv, en),
});
export const yesOrNo = (sv: string, en: string): Term<boolean> => ({ type: 'boolean', ...about(sv, en) });
/** One of some values that need no explanation. */
export const among = <const V>(values: readonly V[]): Term<V> => ({ enum: values });
export const oneOf = <const V extends string>(values: readonly V[], sv: string, en: string): Term<V> => ({
  ...among(values),
  ...about(sv, en),
});
/** A reference to a definition of the schema's file, such as `date` or `check`. */
export const defined = <T>(definition: string): Term<T> => ({ $ref: `#/definitions/${definition}` });
export const ref = (definition: string, sv: string, en: string): Term<string> => ({
  ...defined(definition),
  ...about(sv, en),
});
export const object = <P extends Properties>(
  title: [sv: string, en: string],
  properties: P,
  more: TermSchema = {},
): Term<ValuesOf<P>> => ({
  ...titled(...title),
  type: 'object',
  additionalProperties: false,
  properties,
  ...more,
});
/** An object with a member for each name. */
export const record = <K extends string, S extends TermSchema>(
  names: readonly K[],
  of: () => S,
): Record<K, S> => Object.fromEntries(names.map((name) => [name, of()])) as Record<K, S>;
/** An object whose members' names are ids. */
export const byId = <T>(
  title: [sv: string, en: string],
  maxProperties: number,
  of: Term<T>,
  more: TermSchema,
): Term<Record<string, T>> => ({
  ...titled(...title),
  type: 'object',
  propertyNames: defined('id'),
  maxProperties,
  additionalProperties: of,
  ...more,
});
/** What each member of an object by ids has, if those are terms of their own. */
export function membersOf({ additionalProperties }: TermSchema): TermSchema | undefined {
  const members = additionalProperties as TermSchema | boolean | undefined;
  return typeof members === 'object' && members.properties ? members : undefined;
}
export const list = <T>(
  title: [sv: string, en: string],
  items: Term<T>,
  more: TermSchema = {},
): Term<T[]> => ({
  ...titled(...title),
  type: 'array',
  items,
  ...more,
});
/** An item of a list. Rules replace lists as a whole, so an item needs all its properties itself. */
export const item = <P extends Properties>(
  title: [sv: string, en: string],
  properties: P,
): Term<ValuesOf<P>> =>
  object(title, properties, {
    required: Object.keys(properties).filter((name) => properties[name]?.optional !== true),
  });
export const optional = <S extends TermSchema>(schema: S): S & { optional: true } => ({
  ...schema,
  optional: true,
});
