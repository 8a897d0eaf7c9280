import type { Finding } from '../reading/finding';
import { didYouMean } from '../basics/did-you-mean';
import { oneOf } from '../reading/explain-schema-error';
import { expectedFound, joined } from '../basics/text';
import type { CheckContext } from './check-context';
import { knownValues } from './check-context';
import { findingIn } from './placed-rule';

/** Finds conditions that ask for a level without a file, or for a currency or kind of check that no contract has. */
export function checkKnownValues({ files, levels }: CheckContext): Finding[] {
  const known: Record<string, readonly unknown[]> = {
    ...knownValues,
    ...(levels.length > 0 && { level: levels }),
  };
  return files.flatMap(({ rules }) =>
    rules.flatMap((placed) =>
      placed.questions.flatMap(({ fact, path, value }) => {
        const values = known[fact];
        if (values === undefined) return [];
        const isList = Array.isArray(value);
        return [value].flat().flatMap((one, index) => {
          if (values.includes(one)) return [];
          const message = joined(
            expectedFound(oneOf(values), `"${one}"`),
            didYouMean(String(one), values.map(String)),
          );
          const at = ['conditions', ...path, 'value', ...(isList ? [String(index)] : [])];
          return [findingIn(placed, at, message)];
        });
      }),
    ),
  );
}
