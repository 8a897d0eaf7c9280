import type { Text } from '../basics/text';
import { addDays } from '../calendar/dates';
import { checkTakeOver } from './check-take-over';
import { compileSchemas, schemaErrors } from '../reading/compile-schema';
import type { Contract, LocalDate } from '../contract/contract';
import type { Finding } from '../reading/finding';
import { explainAt, explainErrors, inFileOrder } from '../reading/explain-at';
import { contractOf } from '../contract/read-contract';
import type { Fit } from '../contract/read-contract';
import { readJson } from '../reading/read-json';
import type { JsonSource } from '../reading/read-json';
import type { TakeOver } from './take-over';
import takeoverSchema from '../../schemas/takeover.schema.json';

const schemas = compileSchemas(takeoverSchema);
const schemaId = 'https://pector.example/serviceavtal/takeover.schema.json';

/** The content of a file that is to be signed. */
export interface Signable {
  contract: Contract;
  /** Given for an agreement in the middle of its year. */
  takeOver?: TakeOver;
  /** The file itself, for the places of later findings. */
  source: JsonSource;
}

/**
 * Reads a contract from a file's text. Under `takeover` it may say what was done before the agreement is taken over.
 *
 * @param today a take over is about the agreement year that this day lies in
 * @returns the contract and the take over, or all that is wrong, in the order of the file
 */
export function readSignable(
  text: string,
  file: string,
  today: LocalDate,
  fit: Fit,
): { signable?: Signable; findings: Finding[] } {
  const { source, findings } = readJson(text, file);
  if (source === undefined) return { findings };
  const { takeover, rest } = apart(source.value);
  const { contract, findings: wrong } = contractOf(source, rest, fit);
  const errors = takeover === undefined ? [] : schemaErrors(schemas, schemaId, takeover);
  wrong.push(
    ...explainErrors(
      source,
      errors.map((error) => ({ ...error, instancePath: `/takeover${error.instancePath}` })),
    ),
  );
  if (contract === undefined || wrong.length > 0) return { findings: inFileOrder(wrong) };
  if (takeover === undefined) return { signable: { contract, source }, findings: [] };
  const takeOver = takeover as TakeOver;
  const problems = checkTakeOver(contract, takeOver, today);
  if (problems.length > 0)
    return {
      findings: inFileOrder(problems.map(({ path, message }) => explainAt(source, path, message))),
    };
  return { signable: { contract, takeOver, source }, findings: [] };
}

/** A contract may be entered so many days before it is signed; further ahead it may be the wrong year. */
const daysAhead = 31;

/** What to say of a contract that is signed far in the future, as a slip of the year has it; nothing of others. */
export function signedFarAhead({ signedOn }: Contract, today: LocalDate): Text | undefined {
  if (signedOn <= addDays(today, daysAhead)) return undefined;
  return {
    sv: `signedOn är ${signedOn}, som ligger i framtiden: är året rätt?`,
    en: `signedOn is ${signedOn}, which is in the future: is the year right?`,
  };
}

/** Separates the contract from the take over beside it. */
function apart(value: unknown): { takeover?: unknown; rest: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { rest: value };
  const { takeover, ...rest } = value as Record<string, unknown>;
  return { takeover, rest };
}
