/** Parts shared by the schemas of the managers' files. Editors and errors show their texts, in both languages. */
export type Schema = Record<string, unknown>;

/** The phrase an error message uses for what was expected. */
export const titled = (sv: string, en: string): Schema => ({ title: en, titleSv: sv });
/** What an editor shows while somebody writes. */
export const described = (sv: string, en: string): Schema => ({ description: `${sv} / ${en}` });
export const ref = (definition: string): Schema => ({ $ref: `#/definitions/${definition}` });

/** The properties that every file begins with: its schema, and what it is for. */
export const fileHead: Schema = {
  $schema: {
    type: 'string',
    ...described('Låter redigeraren hitta detta schema.', 'Lets an editor find this schema.'),
  },
  about: {
    ...titled(
      'vad filen är till för, på svenska och engelska',
      'what the file is for, in Swedish and English',
    ),
    type: 'object',
    additionalProperties: false,
    required: ['sv', 'en'],
    properties: {
      sv: { type: 'string', minLength: 1, maxLength: 2000 },
      en: { type: 'string', minLength: 1, maxLength: 2000 },
    },
  },
};
