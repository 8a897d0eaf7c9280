/** Reads a contract from disk; what it says is checked in rules/. */
import { readFileSync } from 'node:fs';
import { inWords } from '../basics/spoken';
import { unreadableFile } from '../basics/system-reason';
import type { Contract } from '../../rules/engine/contract/contract';
import { readContract } from '../../rules/engine/contract/read-contract';
import type { Fit } from '../../rules/engine/contract/read-contract';
import { FindingsError } from './rule-files';

/** The text of a file. @throws an error with the file's name if it cannot be read */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadableFile(file, error);
  }
}

/** The contract in a file. Throws all findings at once. @param fit what it has to fit if it is to be signed */
export function readContractFile(file: string, fit?: Fit): Contract {
  const { contract, findings } = readContract(readText(file), file, fit);
  if (!contract) {
    const heading = inWords({ sv: `${file} går inte att använda:`, en: `${file} cannot be used:` });
    throw new FindingsError(findings, heading);
  }
  return contract;
}
