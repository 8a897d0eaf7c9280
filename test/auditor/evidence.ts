/** What the auditor goes by, and what it finds. Plain data, so that a fault can be planted in it. */

/** What the auditor reads of a signed contract. */
export interface SignedContract {
  agreement: string;
  startsOn: string;
  customer: { id: string; name: string };
  contacts: Record<'consultant' | 'manager' | 'support', { email: string }> & {
    customer: { id?: string; name: string; email: string; roles: string[] }[];
  };
  hourBank: { hours: number };
}

/** What the level promises, read from its file. */
export interface LevelTerms {
  meetings: number;
  statements: number;
  /** Per cent of the contracted hours that roll over at most. */
  rollover: number;
  /** By what a mail is about, the roles whose holders get it. */
  recipients: Record<string, string[]>;
}

/** Something that a person sent, in the order in which it was sent. */
export interface Sent {
  /** The agreement's time, ISO. */
  at: string;
  name: string;
  input: unknown;
  via: 'signal' | 'update' | 'page';
  /** How often it was sent until it was answered. */
  tries: number;
  /** Taken: the server has it. Refused: an update that was answered so. Late: the agreement had ended. */
  answer: 'taken' | 'refused' | 'late' | 'none';
  /** Something that makes no sense, or comes twice: it may not change anything. */
  senseless?: true;
  /** For a step taken back: what it was. */
  undoes?: { name: string; input: unknown };
}

export interface HistoryEvent {
  id: number;
  type: string;
  at: string;
  /** Of a message: its name and content. */
  name?: string;
  input?: unknown;
  /** Of a failed task: its cause and what it says. */
  cause?: string;
  /** Of a timer: the event that started it, and until when it runs. */
  startedBy?: number;
  dueAt?: string;
  /** Of a run that went on as another. */
  next?: string;
}

export interface Run {
  runId: string;
  /** As the server names it, without its prefix: `RUNNING`, `COMPLETED`, … */
  status: string;
  /** Work that the server waits for: activities and a task. */
  pending: number;
  events: HistoryEvent[];
}

export interface MailRow {
  obligation: string;
  step: string;
  year: number;
  contact: string;
  recipient: string;
  messageId: string;
  state: string;
  error: string | null;
}

/** What PostgreSQL holds of an agreement; times are ISO. */
export interface Rows {
  agreement: { state: string; year: number };
  mails: MailRow[];
  entries: {
    id: string;
    number: number;
    action: string;
    target: string | null;
    seconds: number | null;
    ref: string | null;
  }[];
  postings: { transaction: string; subject: string; account: string; seconds: number; minor: number }[];
  obligations: {
    year: number;
    id: string;
    strand: string;
    owner: string;
    dueAt: string;
    state: string;
    after: string | null;
  }[];
  events: { at: string; year: number; kind: string; ref: string; detail: Record<string, unknown> }[];
  attention: { code: string; subject: string }[];
}

export interface ArrivedMail {
  messageId: string;
  to: string;
  subject: string;
  text: string;
  /** Everything that can be read in it: text, page, calendar entries. */
  words: string;
}

export interface Agreement {
  contract: SignedContract;
  /** Where its clock stood at the end, ISO. */
  now: string;
  story: Sent[];
  rows: Rows;
  /** Its workflow's runs, first to last. */
  runs: Run[];
  /** Why it could not be lived through to its end. */
  abandoned?: string;
}

export interface Evidence {
  terms: LevelTerms;
  agreements: Agreement[];
  /** Mails that belong to no agreement: to our own people, of what is not well. */
  ownMails: MailRow[];
  mails: ArrivedMail[];
}

/** What the auditor promises to see. */
export const kinds = [
  ...(['mail-twice', 'mail-owed', 'mail-never-came', 'mail-came-all-the-same', 'mail-left'] as const),
  ...(['mail-without-reason', 'mail-to-stranger'] as const),
  ...(['hour-twice', 'hour-lost', 'hours-wrong', 'postings-wrong'] as const),
  ...(['obligation-absent', 'obligation-open', 'obligation-wrong', 'missed-not-told'] as const),
  ...(['message-lost', 'workflow-ended', 'workflow-stuck', 'history-gap', 'task-failed'] as const),
] as const;

export interface Finding {
  kind: (typeof kinds)[number];
  agreement: string;
  what: string;
}
