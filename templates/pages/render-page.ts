/** The pages behind links in mails, and that of the intake itself: plain HTML without scripts. Templates are read at load. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import type { Language } from '../../rules/engine/basics/text';
import type { AgreementPageData, MinutesPageData } from './agreement-data';
import { agreementPageWords } from './agreement-words';
import { linkWords } from './link-words';
import type { WorksheetNews } from './news';
import { orderPageWords } from './order-words';
import { approvalPageWords } from './approval-words';
import { partnerPageWords } from './partner-words';
import { statementPageWords } from './statement-words';
import type { ApprovalShown, TestShown } from './test-page';
import { testPageWords } from './test-words';
import { pageWords } from './wording';
import type { WorksheetLine } from './worksheet-lines';
import { worksheetPageWords } from './worksheet-words';

export type { WorksheetNews } from './news';
export type { WorksheetLine } from './worksheet-lines';

/** A form of a page. */
export interface PageForm {
  act: string;
  button: string;
  by: string;
  asksNote: boolean;
  /** `pause`: the ends to choose from, the first by default, and the days a pause may last through. */
  ends?: { value: string; text: string }[];
  firstDay?: string;
  lastDay?: string;
}

/** What an alert is about, as people read it. */
export interface PageSubject {
  customer: string;
  agreement: string;
  check: string;
  severity: string;
  message: string;
  since: string;
  over?: string;
  taken?: string;
  mended?: string;
}

/** A line of a statement, as it is read; prices only where they may be shown. */
export interface StatementPageLine {
  day: string;
  number?: number;
  what: string;
  by?: string;
  note?: string;
  time: string;
  reported?: string;
  /** The agreement includes it. */
  included?: boolean;
  left: string;
  prices?: string;
  amount?: string;
  /** It was asked about, and answered. */
  asked?: string;
  /** Where to ask about it. */
  ask?: string;
}

/** What is wrong with a form that was sent, and with which field. */
export interface Problem {
  field?: string;
  text: string;
}

/** How a page asks for a code: not of somebody without the role. */
export interface CodePart {
  state: 'role' | 'ask' | 'enter' | 'entered';
  title: string;
  text: string;
  /** The beginning of the address that it goes to. */
  to: string;
}

/** What stands on a page whatever it is about. */
export interface Frame {
  /** Token of its forms. */
  form?: string;
  problems?: readonly Problem[];
  code?: CodePart | undefined;
  /** It shows pictures of ours. */
  pictures?: boolean | undefined;
}

/** A page's content by its name. */
export interface Pages {
  alert: { lead: string; form: PageForm } & PageSubject;
  noted: { lead: string; next?: string; form?: PageForm } & PageSubject;
  refused: { lead: string; whom?: string; support?: string };
  statement: {
    lead: string;
    newer?: string;
    /** Its lines cannot be asked about any more. */
    over?: string;
    figures: { name: string; value: string }[];
    opening: { day: string; left: string };
    lines: StatementPageLine[];
    money: boolean;
    /** It is read on another page, which it leads back to. */
    back?: true;
    /** The address of its document. */
    pdf?: string;
  };
  question: { lead: string; line: StatementPageLine; question: string };
  asked: { lead: string; line?: StatementPageLine; question: string };
  order: {
    lead: string;
    lines: StatementPageLine[];
    sum?: { time: string; amount?: string };
    money: boolean;
    /** What can be ordered, once a code was entered. */
    choices?: OrderChoices;
    call: string;
  };
  ordered: { lead: string; more: string };
  partner: {
    lead: string;
    news?: WorksheetNews;
    systems: { name: string; versions: string }[];
    said?: string;
    form?: PartnerForm;
    more: string;
  };
  worksheet: {
    lead: string;
    stands?: string;
    news?: WorksheetNews;
    form?: WorksheetForm;
    phases: { name: string; state: string; lines: WorksheetLine[] }[];
  };
  test: TestShown;
  'testers-changed': { lead: string };
  approval: ApprovalShown;
  agreement: AgreementPageData;
  minutes: MinutesPageData;
  done: { lead: string };
  about: { lead: string; more: string; link: string };
}

/** The forms of the page to order hours, with what was written in them. */
export interface OrderChoices {
  orderHint: string;
  hours: string;
  until: string;
  today: string;
  latest: string;
  packages: { hours: string; text: string }[];
  ahead?: string;
}

/** The answer of a partner, as it was written. */
export interface PartnerForm {
  yes: string;
  no: string;
  isYes?: boolean;
  isNo?: boolean;
  version?: string;
  asksVersion?: boolean;
  note: string;
}

/** A value that can be chosen. */
interface Choice {
  value: string;
  text: string;
  selected?: true;
}

/** A value that is asked of a phase: one of some, a day, or a text. */
export interface WorksheetField {
  name: string;
  text: string;
  value: string;
  isDay?: true;
  /** It takes a day with a time of day. */
  isMoment?: true;
  choices?: Choice[];
}

/** The form of a phase, with what is kept of it and what was written. */
export interface WorksheetForm {
  phase: string;
  heading: string;
  parts: {
    name: string;
    versions?: string;
    result: string;
    choices: { value: string; text: string; checked: boolean }[];
    version?: { name: string; value: string };
    note: { name: string; value: string };
  }[];
  values: WorksheetField[];
  /** Days are asked for, of which the agreement may ask whether they are right. */
  days?: { confirmed: boolean; text: string };
  /** Parts that pass or fail; parts that can be reported one by one. */
  hasParts: boolean;
  byParts: boolean;
  all?: boolean;
  note: string;
  accept: { open: boolean; people: Choice[]; reason: string };
  fail: {
    open: boolean;
    reason: string;
    ways: Choice[];
    /** Once people work in the new version: who of the customer's management has it restored, and what is lost. */
    restore?: { people: Choice[]; lostSince: string };
  };
}

const read = (name: string): string => readFileSync(join(__dirname, `${name}.hbs`), 'utf8');
const handlebars = Handlebars.create();
const compile = (name: string): Handlebars.TemplateDelegate =>
  handlebars.compile(read(name), { knownHelpersOnly: true });
for (const partial of ['subject', 'form', 'code', 'line', 'form-token', 'news', 'state', 'phases', 'said'])
  handlebars.registerPartial(partial, compile(partial));
const layout = compile('layout');
const bodies: Record<keyof Pages, Handlebars.TemplateDelegate> = {
  alert: compile('alert'),
  noted: compile('noted'),
  refused: compile('refused'),
  about: compile('about'),
  statement: compile('statement'),
  question: compile('question'),
  asked: compile('asked'),
  order: compile('order'),
  ordered: compile('ordered'),
  worksheet: compile('worksheet'),
  partner: compile('partner'),
  test: compile('test'),
  'testers-changed': compile('testers-changed'),
  approval: compile('approval'),
  agreement: compile('agreement'),
  minutes: compile('minutes'),
  done: compile('done'),
};

/** The only style that a page may have, for its content security policy. */
export const pageStyleHash = ((): string => {
  const style = /<style>([\s\S]*?)<\/style>/.exec(read('layout'))?.[1] ?? '';
  return `sha256-${createHash('sha256').update(style).digest('base64')}`;
})();

const allWords = {
  ...pageWords,
  ...linkWords,
  ...statementPageWords,
  ...orderPageWords,
  ...worksheetPageWords,
  ...partnerPageWords,
  ...testPageWords,
  ...approvalPageWords,
  ...agreementPageWords,
};
const wordsIn = (language: Language): Record<string, string> =>
  Object.fromEntries(Object.entries(allWords).map(([key, text]) => [key, text[language]]));

/** Renders a page. What people wrote is escaped, wherever it stands. */
export function renderPage<K extends keyof Pages>(
  name: K,
  language: Language,
  title: string,
  data: Pages[K],
  { form, problems = [], code }: Frame = {},
): string {
  const errors = Object.fromEntries(problems.flatMap(({ field, text }) => (field ? [[field, text]] : [])));
  const asks = code && { ...code, [code.state]: true };
  const frame = { title, language, words: wordsIn(language), form, problems, errors, code: asks };
  return layout(data, { data: frame, partials: { body: bodies[name] } });
}
