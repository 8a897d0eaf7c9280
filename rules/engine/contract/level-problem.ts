import { didYouMean } from '../basics/did-you-mean';
import { expectedFound, joined } from '../basics/text';
import type { Text } from '../basics/text';
import { oneOf } from '../reading/explain-schema-error';

/** Why a contract's level cannot be: no rule file gives it. A value that is no text is for the schema to refuse. */
export function levelProblem(level: unknown, levels: readonly string[]): Text | undefined {
  if (typeof level !== 'string' || !/^[a-z0-9-]{1,40}$/.test(level) || levels.includes(level))
    return undefined;
  return joined(
    {
      sv: 'reglerna ger inga villkor som kan följas: ',
      en: 'the rules give no terms that can be carried out: ',
    },
    expectedFound(oneOf(levels), `"${level}"`),
    didYouMean(level, levels),
  );
}
