/** The word for one and the word for none, two and more. */
export type Forms = readonly [one: string, many: string];

/**
 * The form of a word that fits a number.
 *
 * @example formOf(1, ['ny', 'nya']) // 'ny'
 */
export const formOf = (count: number, [one, many]: Forms): string => (count === 1 ? one : many);

/**
 * A number with its word.
 *
 * @example counted(2, ['file', 'files']) // '2 files'
 */
export const counted = (count: number, forms: Forms): string => `${count} ${formOf(count, forms)}`;
