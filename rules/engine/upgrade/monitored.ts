/** Which checks of the monitoring check an integration after an upgrade, and what their results say of it. */
import type { Text } from '../basics/text';
import { joined } from '../basics/text';
import type { Integration } from '../contract/contract';
import type { Check } from '../contract/monitor';

/**
 * The checks of each integration that has some: those that name it, and those that report its version. A job that reports by itself
 * cannot be asked.
 *
 * @returns ids of checks by the integration's id
 */
export function monitorsOfIntegrations(
  integrations: readonly Pick<Integration, 'id'>[],
  checks: readonly Check[],
): Record<string, string[]> {
  const checksOf = (id: string): string[] =>
    checks
      .filter(({ integration, reportsVersion }) => integration === id || reportsVersion?.of === id)
      .filter(({ kind }) => kind !== 'heartbeat')
      .map((check) => check.id);
  const all = integrations.map(({ id }) => [id, checksOf(id)] as const);
  return Object.fromEntries(all.filter(([, monitors]) => monitors.length > 0));
}

/** What came of asking one check: its result, or why there is none. */
export interface Answered {
  /** What the check is called. */
  name: string;
  result?: {
    outcome: 'ok' | 'warning' | 'down' | 'unknown';
    message: Text;
    version?: { of: string; version?: string | undefined };
  };
  why?: Text;
}

/** What the checks of an integration say of it together. Without `ok` they say nothing: then a person looks at it. */
export interface Monitored {
  ok?: boolean;
  version?: string;
  /** What failed, or why nothing is known; of one that passed, what was warned of. */
  said?: Text;
}

/**
 * What the checks of an integration say of it: one that is down fails it, all have to be well for it to pass, and one that could not
 * be made leaves it to a person. A warning passes, and is told.
 *
 * @param integration its id: of the versions that they report its own counts
 */
export function judgeMonitored(integration: string, answers: readonly Answered[]): Monitored {
  const of = (outcome: NonNullable<Answered['result']>['outcome']): Answered[] =>
    answers.filter(({ result }) => result?.outcome === outcome);
  const [down, unknown] = [
    of('down'),
    answers.filter(({ result }) => !result || result.outcome === 'unknown'),
  ];
  const found = answers.flatMap(({ result }) =>
    result?.version?.of === integration ? [result.version] : [],
  );
  const version = found.find((one) => one.version !== undefined)?.version;
  const known = version !== undefined && { version };
  if (down.length > 0) return { ok: false, ...known, said: sayingOf(down) };
  if (unknown.length > 0) return { said: sayingOf(unknown) };
  const warned = of('warning');
  return { ok: true, ...known, ...(warned.length > 0 && { said: sayingOf(warned) }) };
}

/** What several say: `Name: what it said; Other: what that said`. */
const sayingOf = (answers: readonly Answered[]): Text =>
  answers.reduce<Text>(
    (before, { name, result, why }) =>
      joined(before, before.sv === '' ? '' : '; ', `${name}: `, result?.message ?? why ?? '-'),
    { sv: '', en: '' },
  );

/** How results name the checks that gave them, beside people: `monitor/order-import`. */
const byMonitor = 'monitor/';

/** Who has checked, where checks of the monitoring have. @param monitors their ids */
export const checkedBy = (monitors: readonly string[]): string => `${byMonitor}${monitors.join(',')}`;

/** The checks that gave a result; nothing where a person did. */
export const monitorsIn = (by: string | undefined): string[] | undefined =>
  by?.startsWith(byMonitor) ? by.slice(byMonitor.length).split(',') : undefined;
