/** The examples of all mails, to whom they may go. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Language } from '../../rules/engine/basics/text';
import { templateIds } from '../../rules/engine/plan/plan';
import type { TemplateId } from '../../rules/engine/plan/plan';
import type { MailData } from '../../templates/mails/mail-data';

export const room = join(__dirname, '../../templates/mails');
export const languages: Language[] = ['sv', 'en'];

/** The example of a mail's data. */
export function example(id: TemplateId): MailData {
  return JSON.parse(readFileSync(join(room, id, 'example.json'), 'utf8')) as MailData;
}

export const toCustomer = { name: 'Anna Lindqvist', party: 'customer' } as const;
export const toConsultant = { name: 'Karin Ek', party: 'consultant' } as const;

export const toManager = { name: 'Mats Holm', party: 'manager' } as const;
export const toSupport = { name: 'Pector Support', party: 'support' } as const;
export const everybody = [toCustomer, toConsultant, toManager, toSupport] as const;

/** The same example to everybody it may go to: owners, reminders and escalations can name any party. */
export function variants(id: TemplateId): MailData[] {
  const data = example(id);
  const oneReader: TemplateId[] = [
    'welcome',
    'renewal-proposal',
    'step-handed-over',
    'test-invitation',
    'test-case',
    'customer-escalation',
  ];
  if (oneReader.includes(id)) return [data];
  const staffOnly: TemplateId[] = [
    ...(['meeting-call', 'meeting-blocks', 'signal-rejected'] as const),
    ...(['escalation', 'digest', 'attention', 'overage-decision', 'line-question'] as const),
    ...(['monitor-alert', 'monitor-recovery', 'monitor-storm', 'monitor-digest', 'monitor-noise'] as const),
    ...([
      'signing-waiting',
      'signing-amendment',
      'workflow-sick',
      'audit-findings',
      'record-trouble',
      'invoice-basis',
    ] as const),
  ];
  return everybody
    .filter(({ party }) => party !== 'customer' || !staffOnly.includes(id))
    .map((recipient) => ({ ...data, recipient }));
}

/** Every example in both languages, to everybody it may go to. */
export const cases = templateIds.flatMap((id) =>
  languages.flatMap((language) =>
    variants(id).map((data) => [id, language, data.recipient.party, data] as const),
  ),
);
