/** Starts an agreement's workflow once, however often it is asked for. */
import type { Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import type { Contract } from '../../rules/engine/contract/contract';
import type { AgreementYearInput } from '../../workflows/year/year-state';

const keyword = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
const keys = {
  agreement: keyword('AgreementNumber'),
  customer: keyword('CustomerId'),
  level: keyword('Level'),
  consultant: keyword('Consultant'),
};

/** Id of an agreement's workflow. */
export const workflowIdOf = (agreement: string): string => `agreement-${agreement}`;

/** Id of the workflow of an agreement's monitoring. */
export const monitoringIdOf = (agreement: string): string => `monitoring-${agreement}`;

/** Search attributes of an agreement's monitoring workflow. */
export const monitoredAttributesOf = ({ agreement, customer, level }: Contract) => [
  { key: keys.agreement, value: agreement },
  { key: keys.customer, value: customer.id },
  { key: keys.level, value: level },
];

export interface StartAgreementOptions {
  taskQueue: string;
  language: 'sv' | 'en';
  /** Id of the workflow, instead of the usual one, for a simulated agreement. */
  workflowId?: string;
  /** Milliseconds added to Temporal's clock. */
  clockOffset?: number;
}

/** Starts the workflow. @returns true if it was started now, false if it already runs or has run */
export async function startAgreement(
  client: Client,
  contract: Contract,
  options: StartAgreementOptions,
): Promise<boolean> {
  const input: AgreementYearInput = {
    agreement: contract.agreement,
    clockOffset: options.clockOffset ?? 0,
    language: options.language,
  };
  try {
    await client.workflow.start('agreementYear', {
      workflowId: options.workflowId ?? workflowIdOf(contract.agreement),
      taskQueue: options.taskQueue,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      typedSearchAttributes: [
        ...monitoredAttributesOf(contract),
        { key: keys.consultant, value: contract.contacts.consultant.id ?? 'unnamed' },
      ],
      staticSummary: contract.agreement,
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
