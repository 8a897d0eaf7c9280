import type { Language, Text } from '../../rules/engine/basics/text';
import type { Integration } from '../../rules/engine/contract/contract';
import type { PartKind } from '../../rules/engine/upgrade/parts';
import type { PlannedPhase } from '../../rules/engine/upgrade/phases';
import { label } from '../../templates/words/labels';

/** Kinds of parts that are named by the contract. */
const ofContract: readonly PartKind[] = ['system', 'integration', 'module'];

/**
 * What a part of an upgrade is called by those who do not know its id: a check by its words, an integration by its name.
 *
 * @param phases those of the upgrade, as its year's plan keeps them
 */
export function partName(
  { kind, phase, part }: { kind: PartKind; phase: string; part: string },
  phases: readonly PlannedPhase[] | undefined,
  integrations: readonly Integration[],
): Text {
  const check =
    kind === 'check' ? phases?.find(({ id }) => id === phase)?.checks[Number(part) - 1] : undefined;
  const named = integrations.find(({ id }) => id === part)?.name;
  const called = (language: Language): string => {
    if (kind === 'check') return part;
    return ofContract.includes(kind)
      ? (named ?? label('module', part, language))
      : label('part', kind, language);
  };
  const text = { sv: called('sv'), en: called('en') };
  return check ?? (kind === 'module' ? { sv: `Test: ${text.sv}`, en: `Test: ${text.en}` } : text);
}
