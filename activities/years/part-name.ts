import type { Language, Text } from '../../rules/engine/basics/text';
import type { Contract, Integration } from '../../rules/engine/contract/contract';
import type { TestCase } from '../../rules/engine/upgrade/test-cases';
import type { PartKind } from '../../rules/engine/upgrade/parts';
import type { UpgradePlan } from '../../rules/engine/plan/plan';
import { label } from '../../templates/words/labels';

/** Kinds of parts that are named by the contract. */
const ofContract: readonly PartKind[] = ['system', 'integration', 'module'];

/**
 * What a part of an upgrade is called by those who do not know its id: a check by its words, an integration by its name.
 *
 * @param upgrade its phases and test cases, as its year's plan keeps them
 */
export function partName(
  { kind, phase, part }: { kind: PartKind; phase: string; part: string },
  upgrade: Partial<Pick<UpgradePlan, 'phases' | 'cases'>> | undefined,
  integrations: readonly Integration[],
): Text {
  const check =
    kind === 'check' ? upgrade?.phases?.find(({ id }) => id === phase)?.checks[Number(part) - 1] : undefined;
  const tested = kind === 'module' ? upgrade?.cases?.find(({ id }) => id === part)?.words : undefined;
  const named = integrations.find(({ id }) => id === part)?.name;
  const called = (language: Language): string => {
    if (kind === 'check') return part;
    return ofContract.includes(kind)
      ? (named ?? label('module', part, language))
      : label('part', kind, language);
  };
  const text = { sv: called('sv'), en: called('en') };
  return check ?? tested ?? (kind === 'module' ? { sv: `Test: ${text.sv}`, en: `Test: ${text.en}` } : text);
}

/** What a process of the tests is called, where the rules or the contract name it; a system, or `all`, by its label. */
export const processName = (
  { integrations }: Pick<Contract, 'integrations'>,
  { process, called }: Pick<TestCase, 'process' | 'called'>,
): Text | undefined => {
  const name = integrations.find(({ id }) => id === process)?.name;
  return called ?? (name === undefined ? undefined : { sv: name, en: name });
};
