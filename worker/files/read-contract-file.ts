/** Reads a contract from disk; what it says is checked in rules/. */
import { readFileSync } from 'node:fs';
import type { Language } from '../../rules/engine/basics/text';
import type { Contract } from '../../rules/engine/contract/contract';
import { readContract } from '../../rules/engine/contract/read-contract';
import type { Fit } from '../../rules/engine/contract/read-contract';
import { FindingsError } from './rule-files';

/** The text of a file. @throws an error with the file's name if it cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`expected a readable file at ${file}: ${(error as Error).message}`, { cause: error });
  }
}

/** The contract in a file. Throws all findings at once. @param fit what it has to fit if it is to be signed */
export function readContractFile(file: string, fit?: Fit, language?: Language): Contract {
  const { contract, findings } = readContract(readText(file), file, fit);
  if (!contract) {
    const heading = language === 'sv' ? `${file} går inte att använda:` : `${file} cannot be signed:`;
    throw new FindingsError(findings, heading, language);
  }
  return contract;
}
