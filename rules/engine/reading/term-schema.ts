/** The pieces the catalogue of terms and the schema of checks are written in. */
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

export const about = (sv: string, en: string): { about: Text } => ({ about: { sv, en } });
export const titled = (sv: string, en: string): { title: string; titleSv: string } => ({
  title: en,
  titleSv: sv,
});

export const whole = (minimum: number, maximum: number, sv: string, en: string): TermSchema => ({
  type: 'integer',
  minimum,
  maximum,
  ...about(sv, en),
});
export const percent = (sv: string, en: string): TermSchema => ({
  ...titled('en procentsats med högst två decimaler', 'a percentage with at most two decimals'),
  type: 'number',
  minimum: 0,
  maximum: 100,
  multipleOf: 0.01,
  ...about(sv, en),
});
export const oneOf = (values: readonly string[], sv: string, en: string): TermSchema => ({
  enum: values,
  ...about(sv, en),
});
export const ref = (definition: string, sv: string, en: string): TermSchema => ({
  $ref: `#/definitions/${definition}`,
  ...about(sv, en),
});
export const object = (
  title: [sv: string, en: string],
  properties: Record<string, TermSchema>,
  more: TermSchema = {},
): TermSchema => ({
  ...titled(...title),
  type: 'object',
  additionalProperties: false,
  properties,
  ...more,
});
export const list = (
  title: [sv: string, en: string],
  items: TermSchema,
  more: TermSchema = {},
): TermSchema => ({
  ...titled(...title),
  type: 'array',
  items,
  ...more,
});
/** An item of a list has no rule above or below it: all it needs stands in it. */
export const item = (title: [sv: string, en: string], properties: Record<string, TermSchema>): TermSchema =>
  object(title, properties, {
    required: Object.keys(properties).filter((name) => properties[name]?.optional !== true),
  });
export const optional = (schema: TermSchema): TermSchema => ({ ...schema, optional: true });
