/** Reads `rules/releases/<product>-<version>.json`, and finds what could never hold in it. */
import releaseSchema from '../../schemas/release.schema.json';
import { didYouMean } from '../basics/did-you-mean';
import { eachOnce, expectedFound, joined } from '../basics/text';
import type { Text } from '../basics/text';
import { compileSchemas, schemaErrors } from '../reading/compile-schema';
import { explainAt, explainErrors, inFileOrder } from '../reading/explain-at';
import { oneOf } from '../reading/explain-schema-error';
import type { Finding } from '../reading/finding';
import { readJson } from '../reading/read-json';
import type { JsonSource } from '../reading/read-json';
import type { Component, Release } from './release';
import { compareVersions } from './versions';

const schemas = compileSchemas(releaseSchema);
const schemaId = 'https://pector.example/serviceavtal/release.schema.json';

/** A release with its file's text, for the places in it. */
export interface PlacedRelease {
  release: Release;
  source: JsonSource;
}

/**
 * Reads a release from its file's text.
 *
 * @param file the name findings carry, as `rules/releases/visma-business-18.10.0.json`
 * @returns the release, or all that is wrong with it, in the order of the file
 */
export function readRelease(text: string, file: string): { placed?: PlacedRelease; findings: Finding[] } {
  const { source, findings } = readJson(text, file);
  if (source === undefined) return { findings };
  const wrong = explainErrors(source, schemaErrors(schemas, schemaId, source.value));
  if (wrong.length > 0) return { findings: wrong };
  const { $schema: _, ...release } = source.value as Release & { $schema?: string };
  const at = (path: string[], message: Text, aboutKey = false): Finding =>
    explainAt(source, path, message, { aboutKey });
  const unfit = [
    ...misnamed(release, file, at),
    ...twice(release, at),
    ...componentProblems(release, at),
    ...backwards(release, at),
    ...homeless(release, at),
  ];
  return unfit.length > 0 ? { findings: inFileOrder(unfit) } : { placed: { release, source }, findings: [] };
}

type At = (path: string[], message: Text, aboutKey?: boolean) => Finding;

/** The name of a file says which release it holds, so that two files never hold the same. */
function misnamed({ product, version }: Release, file: string, at: At): Finding[] {
  const name = `${product}-${version}.json`;
  const found = file.split('/').at(-1) ?? '';
  const expected = {
    sv: `filen ${name}, efter product och version`,
    en: `the file ${name}, by product and version`,
  };
  return found === name ? [] : [at(['version'], expectedFound(expected, found))];
}

const lists = ['news', 'knownIssues', 'checks', 'testScenarios'] as const;

function twice(release: Release, at: At): Finding[] {
  return lists.flatMap((list) => {
    const seen = new Set<string>();
    return release[list].flatMap(({ id }, index) => {
      const again = seen.has(id) ? [at([list, String(index), 'id'], eachOnce('id', id))] : [];
      seen.add(id);
      return again;
    });
  });
}

function componentProblems({ components }: Release, at: At): Finding[] {
  const ids = Object.keys(components);
  return Object.entries(components).flatMap(([id, component]) => [
    ...twoRules(id, component, at),
    ...(component.exceptions ?? []).flatMap(({ with: others = {} }, index) =>
      Object.keys(others).flatMap((other) => {
        const path = ['components', id, 'exceptions', String(index), 'with', other];
        if (other === id) return [at(path, expectedFound(anotherComponent, `"${other}"`), true)];
        if (ids.includes(other)) return [];
        return [at(path, joined(expectedFound(oneOf(ids), `"${other}"`), didYouMean(other, ids)), true)];
      }),
    ),
  ]);
}

const anotherComponent = { sv: 'en annan del', en: 'another component' };

function twoRules(id: string, { fit, fits }: Component, at: At): Finding[] {
  if (!fit || !fits) return [];
  const expected = { sv: 'fit eller fits', en: 'fit or fits' };
  return [at(['components', id, 'fits'], expectedFound(expected, { sv: 'båda', en: 'both' }))];
}

/** Dates and versions that go backwards. */
function backwards({ version, usableFrom, previousSupportedUntil, withdrawn }: Release, at: At): Finding[] {
  const from = { sv: `tidigast ${usableFrom}, som usableFrom`, en: `${usableFrom} or later, as usableFrom` };
  const early =
    previousSupportedUntil !== undefined && previousSupportedUntil < usableFrom
      ? [at(['previousSupportedUntil'], expectedFound(from, previousSupportedUntil))]
      : [];
  const by = withdrawn?.replacedBy;
  const newer = { sv: `en nyare version än ${version}`, en: `a newer version than ${version}` };
  const older =
    by !== undefined && !((compareVersions(by, version) ?? 0) > 0)
      ? [at(['withdrawn', 'replacedBy'], expectedFound(newer, by))]
      : [];
  return [...early, ...older];
}

/** Test scenarios that are neither of a module nor of a business process. */
function homeless({ testScenarios }: Release, at: At): Finding[] {
  const expected = { sv: 'module eller process', en: 'module or process' };
  return testScenarios.flatMap(({ module, process }, index) =>
    module === undefined && process === undefined
      ? [at(['testScenarios', String(index)], expectedFound(expected, { sv: 'ingen', en: 'none' }))]
      : [],
  );
}
