/** Reads `rules/imports/<name>.json`, and finds parts of it that no file could be read by. */
import { didYouMean } from '../basics/did-you-mean';
import { fold } from '../basics/patterns';
import { expectedFound, joined } from '../basics/text';
import type { Text } from '../basics/text';
import { checkSchemaLine } from '../reading/check-schema-line';
import { compileSchemas, schemaErrors } from '../reading/compile-schema';
import { explainAt, explainErrors, inFileOrder } from '../reading/explain-at';
import { oneOf } from '../reading/explain-schema-error';
import type { Finding } from '../reading/finding';
import { readJson } from '../reading/read-json';
import type { JsonSource } from '../reading/read-json';
import importSchema from '../../schemas/import.schema.json';
import type { ImportProfile, When } from './profile';

const schemas = compileSchemas(importSchema);
const schemaId = 'https://pector.example/serviceavtal/import.schema.json';

/**
 * Reads a profile's text.
 *
 * @param file the name findings carry, as `rules/imports/clockify.json`
 * @returns the profile, or all that is wrong with it, in the order of the file
 */
export function readProfile(text: string, file: string): { profile?: ImportProfile; findings: Finding[] } {
  const { source, findings } = readJson(text, file);
  if (source === undefined) return { findings };
  const wrong = explainErrors(source, schemaErrors(schemas, schemaId, source.value));
  if (wrong.length > 0) return { findings: wrong };
  const { $schema: _, ...profile } = source.value as ImportProfile & { $schema?: string };
  const unfit = [
    ...headingProblems(profile, source),
    ...unknownColumns(profile, source),
    ...neverReached(profile, source),
  ];
  if (unfit.length > 0) return { findings: inFileOrder(unfit) };
  return { profile, findings: checkSchemaLine(source, 'import.schema.json') };
}

/** A heading that two columns claim: a cell cannot be told from the other. */
function headingProblems({ columns }: ImportProfile, source: JsonSource): Finding[] {
  const owners = new Map<string, string>();
  return Object.entries(columns).flatMap(([column, headings]) =>
    [headings].flat().flatMap((heading) => {
      const owner = owners.get(fold(heading));
      owners.set(fold(heading), column);
      if (owner === undefined) return [];
      const expected = { sv: 'varje rubrik en gång', en: 'each heading once' };
      const found = {
        sv: `"${heading}" igen, som redan är ${owner}`,
        en: `"${heading}" again, which is ${owner} already`,
      };
      return [explainAt(source, ['columns', column], expectedFound(expected, found))];
    }),
  );
}

/** Columns that conditions and the key name, and that the profile does not have. */
function unknownColumns(profile: ImportProfile, source: JsonSource): Finding[] {
  const known = Object.keys(profile.columns);
  const unknown = (name: string): Text =>
    joined(expectedFound(oneOf(known), `"${name}"`), didYouMean(name, known));
  const ofConditions = conditionsOf(profile).flatMap(({ path, when }) =>
    Object.keys(when)
      .filter((name) => !known.includes(name))
      .map((name) => explainAt(source, [...path, 'when', name], unknown(name), { aboutKey: true })),
  );
  const ofKey = (profile.key ?? []).flatMap((name, index) =>
    known.includes(name) ? [] : [explainAt(source, ['key', String(index)], unknown(name))],
  );
  return [...ofConditions, ...ofKey];
}

const lists = ['agreements', 'notOurs', 'kinds'] as const;

function conditionsOf(profile: ImportProfile): { path: string[]; when: When }[] {
  return lists.flatMap((list) =>
    (profile[list] ?? []).map(({ when }, index) => ({ path: [list, String(index)], when })),
  );
}

/** Conditions that one before them says already: what comes behind is never reached. */
function neverReached(profile: ImportProfile, source: JsonSource): Finding[] {
  return lists.flatMap((list) => {
    const before = new Map<string, number>();
    return (profile[list] ?? []).flatMap(({ when }, index) => {
      const content = JSON.stringify(
        Object.entries(when)
          .map(([name, texts]) => [name, [texts].flat().map(fold).sort()])
          .sort(),
      );
      const first = before.get(content);
      if (first === undefined) return before.set(content, index) && [];
      const expected = { sv: 'varje villkor en gång', en: 'each condition once' };
      const found = { sv: `samma som i ${list}[${first}]`, en: `the same as in ${list}[${first}]` };
      return [explainAt(source, [list, String(index), 'when'], expectedFound(expected, found))];
    });
  });
}
