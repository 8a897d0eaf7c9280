/** The terms a ruleset gives an agreement, by topic (`event.type` in the rule files), and the form of its rules. */
import type { Text } from '../basics/text';
import type { LocalDate } from '../contract/contract';
import type { ValueOf } from '../reading/term-schema';
import type { Topic, termCatalogue } from './term-catalogue';

/** `term-catalogue.ts` says what each term means, and in which unit. */
export type Terms = { [T in Exclude<Topic, 'invoicing'>]: ValueOf<(typeof termCatalogue)[T]> } & {
  invoicing?: InvoicingTerms;
};

/** Förvaltningsledning: management meetings. */
export type MeetingTerms = Terms['meetings'];
/** Uppgradering: the annual upgrade, and one phase of it. */
export type UpgradeTerms = Terms['upgrade'];
export type UpgradePhaseTerms = UpgradeTerms['phases'][string];
/** Timbank: the hour bank. */
export type HourBankTerms = Terms['hourBank'];
/** Fakturering: what is invoiced, and when. A level may leave it out: then somebody else invoices. */
export type InvoicingTerms = ValueOf<(typeof termCatalogue)['invoicing']>;
/** Supporttid: when we act. */
export type SupportTerms = Terms['support'];
/** When the support desk is open, on some days. */
export type SupportHours = NonNullable<SupportTerms['hours']>[number];
/** Övervakning: checks besides those that the contract declares, and how support is mailed. */
export type MonitoringTerms = Terms['monitoring'];
/** Which of the customer's contacts get which mail, and when mails about the contract go out. */
export type NoticeTerms = Terms['notices'];
/** The steps that open the first year: kick-off, dedicated consultant, monitoring. */
export type StartTerms = Terms['start'];
/** Days to keep free, besides closed days. */
export type CalendarTerms = Terms['calendar'];

/** How often a digest goes out. */
export type DigestRhythm = NoticeTerms['digests']['manager'];

/** Who is told, and how many open days after the due date, that an obligation was not done. */
export type EscalationStep = MeetingTerms['escalation'][number];
export type UpgradeEscalationStep = UpgradeTerms['escalation'][number];

/** The signed amendment that lets a rule promise less than what was signed. */
export interface Amendment {
  reference: string;
  signedOn: LocalDate;
  /** Numbers of the agreements it amends. */
  agreements: string[];
}

export interface Rule {
  name: string;
  priority: number;
  conditions: Record<string, unknown>;
  event: { type: string; params: Record<string, unknown> };
  /** When changed values take effect in running years; if absent, as the term catalogue says. */
  appliesFrom?: 'now' | 'nextPeriod';
  amendment?: Amendment;
}

/** A rule file. json-rules-engine loads its `rules` as they are. */
export interface RuleFile {
  $schema?: string;
  about: Text;
  rules: Rule[];
}

/** All rule files together: path relative to `rules/` with `/` (as `levels/guld.json`) → its text. */
export type RulesetFiles = Record<string, string>;
