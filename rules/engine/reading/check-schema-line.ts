import { expectedFound } from '../basics/text';
import { explainAt } from './explain-at';
import type { Finding } from './finding';
import type { JsonSource } from './read-json';

/** Deep enough for every `..` that leads out of the project. */
const project = 'file:///a/a/a/a/a/a/a/a/';

/**
 * Warns of a `$schema` that leads an editor to another schema than that of the file, or to none: it would underline what
 * is right, and propose what is wrong. A folder of rules elsewhere may lead to the schema by any way.
 *
 * @param source of a file named from the project's root: `rules/levels/guld.json`
 * @param schema the file's own, such as `rules.schema.json`
 */
export function checkSchemaLine(source: JsonSource, schema: string): Finding[] {
  const { $schema: line } = (source.value ?? {}) as { $schema?: unknown };
  if (typeof line !== 'string') return [];
  const to = URL.canParse(line, project + source.file) ? new URL(line, project + source.file).href : '';
  const isInside = to.startsWith(`${project}rules/`);
  if (isInside ? to === `${project}rules/schemas/${schema}` : to.endsWith(`/${schema}`)) return [];
  const up = '../'.repeat(source.file.split('/').length - 2);
  const message = expectedFound(`"${up === '' ? './' : up}schemas/${schema}"`, `"${line}"`);
  return [explainAt(source, ['$schema'], message, { severity: 'warning' })];
}
