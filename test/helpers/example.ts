/** The example contract and the working rules, for tests that change a part of them. */
import path from 'node:path';
import type { Contract } from '../../rules/engine/contract/contract';
import { projectRoot } from '../../worker/configuration';
import { readContractFile } from '../../worker/read-contract-file';
import type { RulesOnDisk } from '../../worker/rule-files';
import { readRules } from '../../worker/rule-files';

/** `examples/testbolaget.json`, with parts of it replaced. */
export function exampleContract(changed: Partial<Contract> = {}): Contract {
  return { ...readContractFile(path.join(projectRoot, 'examples/testbolaget.json')), ...changed };
}

/** The rule files as they stand. */
export function workingRules(): RulesOnDisk {
  return readRules(path.join(projectRoot, 'rules'));
}
