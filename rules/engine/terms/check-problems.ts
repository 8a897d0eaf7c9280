/** Why an agreement's checks, from its contract and rules together, cannot be carried out. */
import type { Contract } from '../contract/contract';
import { anIntegration, contractErrors } from '../contract/read-contract';
import { explainSchemaErrors } from '../reading/explain-schema-error';
import type { Terms } from '../ruleset/terms';
import { expectedFound, joined } from '../basics/text';
import type { Text } from '../basics/text';
import type { Check } from '../contract/monitor';
import { withRules } from './declared-checks';

/**
 * @returns one text for each problem: a check that is declared only in part, settings that do not fit its kind, a check
 *   it depends on, or an integration that it checks, that does not exist, dependencies in a circle. Empty if every check can be carried out.
 */
export function checkProblems(contract: Contract, { monitoring }: Pick<Terms, 'monitoring'>): Text[] {
  const { checks } = monitoring;
  const declared = new Map(contract.monitors.map((check) => [check.id, check]));
  const merged = [...new Set([...declared.keys(), ...Object.keys(checks)])].map((id) => ({
    ...withRules<Partial<Check>>(declared.get(id) ?? {}, checks[id]),
    id,
  }));
  const wrong = merged.flatMap((check) => (checks[check.id] === undefined ? [] : problemsOf(check)));
  return [...wrong, ...parentProblems(merged), ...integrationProblems(contract, checks)];
}

const about = (id: string, ...rest: string[]): string => `monitors.${[id, ...rest].join('.')}: `;

function problemsOf(check: Partial<Check> & { id: string }): Text[] {
  return explainSchemaErrors(contractErrors(check, '#/definitions/check')).map(({ path, message }) =>
    joined(about(check.id, ...path), message),
  );
}

/** Integrations that rules have a check check, and that the contract does not have. */
function integrationProblems(
  { integrations }: Contract,
  checks: Readonly<Record<string, Partial<Check>>>,
): Text[] {
  const known = integrations.map(({ id }) => id);
  return Object.entries(checks).flatMap(([id, { integration }]) =>
    integration === undefined || known.includes(integration)
      ? []
      : [joined(about(id, 'integration'), expectedFound(anIntegration(known), integration))],
  );
}

function parentProblems(checks: readonly (Partial<Check> & { id: string })[]): Text[] {
  const byId = new Map(checks.map((check) => [check.id, check]));
  const parentsOf = (id: string): string[] => byId.get(id)?.dependsOn ?? [];
  const ids = [...byId.keys()].join(', ');
  const absent = checks.flatMap(({ id, dependsOn = [] }) =>
    dependsOn
      .filter((parent) => !byId.has(parent))
      .map((parent) =>
        joined(
          about(id, 'dependsOn'),
          expectedFound(
            { sv: `en av avtalets kontroller (${ids})`, en: `one of the agreement's checks (${ids})` },
            parent,
          ),
        ),
      ),
  );
  const circles = checks.flatMap(({ id }) =>
    reaches(id, id, parentsOf)
      ? [
          joined(about(id, 'dependsOn'), {
            sv: 'förväntade kontroller som inte själva beror på den, hittade en cirkel',
            en: 'expected checks that do not depend on it themselves, found a circle',
          }),
        ]
      : [],
  );
  return [...absent, ...circles];
}

function reaches(from: string, to: string, parentsOf: (id: string) => string[]): boolean {
  const seen = new Set<string>();
  const next = [...parentsOf(from)];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (id === to) return true;
    if (!seen.has(id)) next.push(...parentsOf(id));
    seen.add(id);
  }
  return false;
}
