/** `rules/imports/<name>.json`: how a file of a time system becomes hours of agreements. */
import type { WorkKind } from '../ruleset/work-kinds';

/** A profile, read and checked. */
export interface ImportProfile {
  /** The headings of each column: those below, and others that conditions name. */
  columns: Record<string, string | string[]>;
  /** How dates are written, as `YYYY-MM-DD`. */
  dates: string;
  times: TimeForm;
  /** The first whose conditions hold is taken. */
  agreements: { when: When; agreement: string }[];
  /** Rows that belong to no agreement. */
  notOurs?: { when: When }[];
  /** The first whose conditions hold is taken. */
  kinds?: { when: When; kind: WorkKind }[];
  /** Columns that name a row together; without them day, customer, project and person do. */
  key?: string[];
  /** Whether a row below zero takes time from an entry of the same day, or is a fault. */
  negative: 'corrects' | 'refused';
}

/** How hours are written: with a decimal comma, with a decimal point, or as hours and minutes. */
export type TimeForm = '1,5' | '1.5' | '1:30';

/** Patterns by the name of a column, all of which have to match; of a list one is enough. */
export type When = Record<string, string | string[]>;

/** Columns that a profile has to name. */
export const neededColumns = ['date', 'person', 'time'] as const;

/** Columns whose content the import reads; every other is for conditions and keys. */
export const readColumns = [...neededColumns, 'customer', 'project', 'kind', 'note'] as const;
