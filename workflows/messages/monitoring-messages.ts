/** What people and our own dispatcher can tell an agreement's monitoring, declared once. */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { MonitoringPage } from '../../templates/ui/monitoring';
import type { Language } from '../../rules/engine/basics/text';
import type { MessageDoc } from './messages';

/** Messages of people. An omitted incident means the only one that is open. */
export const monitoringMessages = {
  incidentTaken: {
    description: {
      sv: 'Någon har tagit ett larm: det eskaleras inte och påminns inte om.',
      en: 'Somebody has taken an alert: it does not escalate and is not told again.',
    },
    example: { incident: 12, by: 'support' },
    fields: { incident: 'number' },
  },
  incidentMended: {
    description: {
      sv: 'Felet är åtgärdat; kontrollen körs genast, och är det kvar larmas det på nytt.',
      en: 'The problem is mended; the check runs at once, and if it is still there it is alerted anew.',
    },
    example: { incident: 12, note: 'restarted the import', by: 'support' },
    exampleInSwedish: { note: 'startade om importen' },
    fields: { incident: 'number', note: 'text' },
  },
  monitorPaused: {
    description: {
      sv: 'Övervakningen vilar, för en kontroll eller för alla, till och med en dag eller till ett klockslag: fel noteras men larmas inte.',
      en: 'Monitoring rests, of a check or of all, through a day or until a time: problems are kept, not alerted.',
    },
    example: { monitor: 'order-import', until: '2027-06-07 08:30', reason: 'server move', by: 'support' },
    exampleInSwedish: { reason: 'serverflytt' },
    fields: { monitor: 'text', until: 'text', reason: 'text' },
  },
  monitorResumed: {
    description: {
      sv: 'En paus är slut i förtid; det som är nere larmas efter en ny kontroll.',
      en: 'A pause ends early; what is down is alerted after a fresh check.',
    },
    example: { monitor: 'order-import', by: 'support' },
    fields: { monitor: 'text' },
  },
} as const satisfies Record<string, MessageDoc>;

export type MonitoringMessage = keyof typeof monitoringMessages;

/** The example of a message with its texts in a language. */
export function monitoringExample(name: MonitoringMessage, language: Language): Record<string, unknown> {
  const { example, exampleInSwedish }: MessageDoc = monitoringMessages[name];
  return language === 'sv' ? { ...example, ...exampleInSwedish } : example;
}

export const monitoringMessageNames = Object.keys(monitoringMessages) as MonitoringMessage[];

export const monitoringSignals = Object.fromEntries(
  monitoringMessageNames.map((name) => [name, defineSignal<[unknown?]>(name)]),
) as Record<MonitoringMessage, ReturnType<typeof defineSignal<[unknown?]>>>;

/** Sent by the dispatcher: a check changed its state, or somebody's step concerns what is told. */
export const incidentsChanged = defineSignal<[unknown?]>('incidentsChanged');
/** Sent by the dispatcher: the plan, and with it contract or terms, is another. */
export const configurationChanged = defineSignal<[unknown?]>('configurationChanged');

/** The monitoring's state as data; `monitors` asks for it. */
export const monitoringQuery = defineQuery<MonitoringPage | undefined>('monitoring');
