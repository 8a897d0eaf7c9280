/** What a partner is asked of its integration, and what is known of it, as the page reads it. */
import type { LocalDate, Person } from '../../rules/engine/contract/contract';
import { supportOf } from '../../rules/engine/upgrade/parts';
import type { Queryable } from '../db';
import type { AskedEvent } from './answers';
import type { WorksheetPart } from './worksheet';
import { readWorksheet } from './worksheet';

export interface PartnerPage {
  customer: string;
  consultant: Person;
  integration: { id: string; name: string };
  question: 'before' | 'after';
  /** The day that is agreed. */
  on?: LocalDate;
  /** Systems with the version before, and the one that they go to, or have now. */
  systems: { id: string; from?: string; to?: string }[];
  /** What was last said: by the partner, or by whoever has reported the integration. */
  result?: NonNullable<WorksheetPart['result']>;
  /** Nobody waits for the answer any more: the upgrade is over, or the system is upgraded already. */
  isOver: boolean;
  /** It is asked after the upgrade, and the system is not upgraded, or not any more. */
  notUpgraded?: true;
  last?: AskedEvent;
}

/**
 * @param about the link's subject: `upgrade/1/before/edi`
 * @returns undefined if there is no such upgrade or integration, or it is no partner's any more
 */
export async function readPartnerPage(
  db: Queryable,
  agreement: string,
  { about, link }: { about: string; link: number | null },
): Promise<PartnerPage | undefined> {
  const [, year, asked, id] = /^upgrade\/(\d+)\/(before|after)\/(.+)$/.exec(about) ?? [];
  const sheet =
    year === undefined ? undefined : await readWorksheet(db, agreement, { ofYear: Number(year), link });
  const found = sheet?.contract.integrations.find((one) => one.id === id && one.contact);
  if (!sheet || !found) return undefined;
  const { contract, phases, on, last } = sheet;
  const question = asked === 'before' ? 'before' : 'after';
  const parts = phases.flatMap((phase) => phase.parts);
  const [kind, wanted] =
    question === 'before' ? ['support', supportOf('upgrade', found.id).id] : ['integration', found.id];
  const result = parts.find((part) => part.kind === kind && part.id === wanted)?.result;
  const day = parts.find((part) => part.kind === 'date')?.result?.on;
  const upgrading = phases.filter(({ planned }) => /^(technical|production)$/.test(planned.kind));
  const isDone = upgrading.every(({ state }) => state !== 'open');
  const notUpgraded =
    question === 'after' && upgrading.length > 0 && !upgrading.some(({ state }) => state === 'done');
  return {
    customer: contract.customer.name,
    consultant: contract.contacts.consultant,
    integration: { id: found.id, name: found.name },
    question,
    ...(day !== undefined && { on: day }),
    systems: parts
      .filter((part) => part.kind === 'system')
      .map(({ id: system, from, target, result: reported }) => {
        const to = reported?.version ?? target;
        return { id: system, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
      }),
    ...(result && { result }),
    isOver: !on || notUpgraded || (question === 'before' && isDone),
    ...(notUpgraded && { notUpgraded }),
    ...(last && { last }),
  };
}
