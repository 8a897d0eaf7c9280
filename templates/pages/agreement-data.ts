/** What the customer's own page of the agreement is drawn from, as people read it. */
import type { WorksheetNews } from './news';

/** A name and a value beside it. */
export interface NamedValue {
  name: string;
  value: string;
}

/** A row that tells how something stands. */
export interface StandingRow {
  /** What it is, and when. */
  name: string;
  day?: string;
  state: string;
  good?: boolean;
  bad?: boolean;
}

export interface AgreementPageData {
  lead: string;
  ended?: string;
  news?: WorksheetNews;
  /** What waits for the customer, and the reader's own actions. */
  waits: { text: string; url?: string }[];
  own: { id: string; text: string }[];
  dates: StandingRow[];
  hours: NamedValue[];
  kinds: NamedValue[];
  reported: string;
  money: boolean;
  upgrades: {
    title: string;
    stands?: string;
    agreed?: string;
    /** When nobody can work in the system. */
    down?: string;
    systems: NamedValue[];
    phases: StandingRow[];
  }[];
  monitors: StandingRow[];
  others: { what: string; who: string; due: string }[];
  toRead: { href: string; text: string }[];
  requests: StandingRow[];
  /** The forms, with what was written in them; none where the agreement has ended. */
  asks?: AskForms;
  feed?: { address: string; subscribe: string; text: string };
  reach: string[];
}

export interface AskForms {
  today: string;
  meeting: { open: boolean; about: string; on: string; at: string };
  /** There where a meeting is to come. */
  time?: {
    open: boolean;
    meetings: { value: string; text: string; selected?: true }[];
    on: string;
    at: string;
    why: string;
  };
  contact: { open: boolean; changed: string };
  canMakeFeed: boolean;
}

export interface MinutesPageData {
  lead: string;
  participants: string[];
  decisions: string[];
  note?: string;
  actions: StandingRow[];
}
