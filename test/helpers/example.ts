/** The example contract and the working rules, for tests that change a part of them. */
import path from 'node:path';
import type { Contract } from '../../rules/engine/contract/contract';
import { projectRoot } from '../../worker/settings/configuration';
import { readContractFile } from '../../worker/files/read-contract-file';
import type { RulesOnDisk } from '../../worker/files/rule-files';
import { readRules } from '../../worker/files/rule-files';

/** `examples/testbolaget.json`, with parts of it replaced. */
export function exampleContract(changed: Partial<Contract> = {}): Contract {
  return { ...readContractFile(path.join(projectRoot, 'examples/testbolaget.json')), ...changed };
}

/** The rule files as they stand. */
export function workingRules(): RulesOnDisk {
  return readRules(path.join(projectRoot, 'rules'));
}

/** The example, with a contact at the partner that answers for its payroll integration. */
export function withPartner(): Contract {
  const contact = { name: 'Petra Sund', email: 'petra.sund@lonepartner.example', language: 'sv' } as const;
  const { integrations, ...contract } = exampleContract();
  return {
    ...contract,
    integrations: integrations.map((one) => (one.owner === 'partner' ? { ...one, contact } : one)),
  };
}
