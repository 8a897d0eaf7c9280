/** Reads `rules/installations/<id>.json`, and finds agreements that are in two installations. */
import installationSchema from '../../schemas/installation.schema.json';
import { expectedFound } from '../basics/text';
import type { Text } from '../basics/text';
import { explainAt } from '../reading/explain-at';
import type { Finding } from '../reading/finding';
import type { JsonSource } from '../reading/read-json';
import type { Installation } from './installation';
import { dataFileReader } from './read-data-file';

/** An installation with its file's text, for the places in it. */
export interface PlacedInstallation {
  installation: Installation;
  source: JsonSource;
}

const read = dataFileReader<Omit<Installation, 'id'>>(
  installationSchema,
  'https://pector.example/serviceavtal/installation.schema.json',
);

/**
 * Reads an installation from its file's text.
 *
 * @param file the name findings carry, as `rules/installations/huvudkontoret.json`
 * @returns the installation, or all that is wrong with it, in the order of the file
 */
export function readInstallation(
  text: string,
  file: string,
): { placed?: PlacedInstallation; findings: Finding[] } {
  const { id, value, source, findings } = read(text, file);
  if (value === undefined || source === undefined) return { findings };
  return { placed: { installation: { id, ...value }, source }, findings };
}

/** Agreements that two installations of one product have: which of them is upgraded with it nobody could tell. */
export function checkInstallations(placed: readonly PlacedInstallation[]): Finding[] {
  const seen = new Map<string, string>();
  return placed.flatMap(({ installation: { product, agreements }, source }) =>
    Object.keys(agreements).flatMap((agreement) => {
      const at = ['agreements', agreement];
      const tell = (message: Text): Finding => explainAt(source, at, message, { aboutKey: true });
      const key = `${product} ${agreement}`;
      const first = seen.get(key);
      if (first !== undefined) return [tell(inTwo(product, agreement, first))];
      const { file, line } = tell({ sv: '', en: '' });
      seen.set(key, `${file}:${line}`);
      return [];
    }),
  );
}

const inTwo = (product: string, agreement: string, first: string): Text =>
  expectedFound(
    {
      sv: `varje avtal i en installation av ${product}`,
      en: `each agreement in one installation of ${product}`,
    },
    { sv: `"${agreement}" även i ${first}`, en: `"${agreement}" also in ${first}` },
  );
