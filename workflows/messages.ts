/** Every message people and our own dispatcher can send to a running agreement year, declared once. */
import { defineSignal } from '@temporalio/workflow';

/** What a message is for and what it looks like; shown in the Web UI's picker. */
export interface MessageDoc {
  description: string;
  example: Record<string, unknown>;
}

/** Signals by name. An omitted meeting, phase or step means the one that is open. */
export const messages = {
  meetingHeld: {
    description: 'A management meeting was held.',
    example: { meeting: 1, by: 'anna', note: 'minutes sent' },
  },
  upgradePhaseCompleted: {
    description:
      'A phase of the annual upgrade is completed: precheck, integrations, technical, test, approval.',
    example: { phase: 'precheck', by: 'anna' },
  },
  startStepCompleted: {
    description: "A step of the first year's start is completed: kickoff, consultant, monitoring.",
    example: { step: 'kickoff', by: 'anna' },
  },
  hoursUsed: {
    description:
      'Hours were used from the hour bank (at most two decimals). The same ref again is a repeat and is not booked twice.',
    example: {
      hours: 2.5,
      kind: 'consulting',
      note: 'new invoice layout',
      ref: 'anna-2027-03-10-1',
      by: 'anna',
    },
  },
  priceApproved: {
    description:
      'A manager approves the ordinary price per hour of the next agreement year; without pricePerHour, as proposed. It can be corrected in the same way until the last day.',
    example: { pricePerHour: 1490, by: 'erik' },
  },
  agreementTerminated: {
    description: 'The agreement ends early: now, or at the end of a given day. It is closed in order.',
    example: { on: '2027-09-30', reason: 'customer gave notice', by: 'maria' },
  },
  failuresRetried: {
    description: 'The cause of a failure shown on the page is mended: try again what failed.',
    example: { by: 'anna' },
  },
  attentionCleared: {
    description:
      'What the page shows under "needs attention" has been seen to: all of a code, or one subject of it.',
    example: { code: 'hours-low', by: 'anna' },
  },
  contractChanged: {
    description:
      'Sent by the dispatcher when contacts, consultant, systems, integrations or monitors changed.',
    example: { change: 7 },
  },
  termsChanged: {
    description: 'Sent by the dispatcher when another ruleset came into force that changes this year.',
    example: { ruleset: '77e1cc87' },
  },
} satisfies Record<string, MessageDoc>;

export type MessageName = keyof typeof messages;

/** Signal definitions, one for each message; the input is checked by the handler, never trusted. */
export const signals = Object.fromEntries(
  (Object.keys(messages) as MessageName[]).map((name) => [name, defineSignal<[unknown?]>(name)]),
) as Record<MessageName, ReturnType<typeof defineSignal<[unknown?]>>>;
