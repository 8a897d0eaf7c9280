import { compileSchemas, schemaErrors } from '../reading/compile-schema';
import type { LocalDate } from '../contract/contract';
import type { Finding } from '../reading/finding';
import { explainAt, explainErrors, inFileOrder } from '../reading/explain-at';
import pricesSchema from '../../schemas/prices.schema.json';
import { readJson } from '../reading/read-json';
import type { Text } from '../basics/text';

/** The kinds of work that have an ordinary price. */
export type Service = 'consulting' | 'technical' | 'training' | 'meeting' | 'project';

/** A dated ordinary price ("ordinarie timpristaxa"). */
export interface OrdinaryPrice {
  service: Service;
  currency: string;
  /** The first day of the price. It holds until the next one of the same service and currency. */
  from: LocalDate;
  /** Before discount, in whole currency units with at most two decimals. */
  pricePerHour: number;
}

/** `rules/prices.json`. */
export interface PriceFile {
  $schema?: string;
  about: Text;
  prices: OrdinaryPrice[];
}

const schemas = compileSchemas(pricesSchema);
const schemaId = 'https://pector.example/serviceavtal/prices.schema.json';

/**
 * Reads the ordinary prices from their file's text.
 *
 * @param file the name findings carry, as `rules/prices.json`
 * @returns the file, or all that is wrong with it, in its order
 */
export function readPrices(text: string, file: string): { file?: PriceFile; findings: Finding[] } {
  const { source, findings } = readJson(text, file);
  if (source === undefined) return { findings };
  const wrong = explainErrors(source, schemaErrors(schemas, schemaId, source.value));
  if (wrong.length > 0) return { findings: wrong };
  const prices = source.value as PriceFile;
  const seen = new Set<string>();
  const twice = prices.prices.flatMap(({ service, currency, from }, index) => {
    const what = `${service} in ${currency} from ${from}`;
    const message = {
      sv: `förväntade ett pris för ${what}, fann ett till`,
      en: `expected one price of ${what}, found another`,
    };
    const again = seen.has(what) ? [explainAt(source, ['prices', String(index)], message)] : [];
    seen.add(what);
    return again;
  });
  return twice.length > 0 ? { findings: inFileOrder(twice) } : { file: prices, findings: [] };
}
