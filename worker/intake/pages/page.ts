/** What a personal page is made of: one definition a page says what it shows, what can be done there, and who may. */
import type { Db, Queryable } from '../../../activities/db';
import type { PageEvent } from '../../../activities/pages/events';
import type { PageLink, PagePurpose } from '../../../activities/pages/links';
import type { Holder } from '../../../activities/pages/holder';
import type { PageMessage } from '../../../activities/pages/tell';
import type { Language } from '../../../rules/engine/basics/text';
import type { Contract, ContactRole, Instant } from '../../../rules/engine/contract/contract';
import type { Pages, Problem } from '../../../templates/pages/render-page';
import type { CodeWords, RefusalWords } from '../../../templates/pages/link-words';
import type { Form } from './read-form';
import type { Told } from './tell-workflow';

/** A link that is followed. Alert links of before 0.3.0 have no row, and so no id. */
export interface FollowedLink extends Omit<PageLink, 'id'> {
  id: number | null;
}

/** Somebody's visit to a page, with what it is about. */
export interface Visit<S> {
  link: FollowedLink;
  subject: S;
  holder: Holder;
  /** None behind an alert link of before 0.3.0. */
  contract?: Contract;
  /** The agreement has ended: no workflow hears what is said. */
  ended: boolean;
  /** A code was entered that went to the holder: what binds or shows money may be shown and done. */
  proven: boolean;
  language: Language;
  /** The link's token: the last part of the page's address, to which what belongs to the page is relative. */
  token: string;
  /** Milliseconds since 1970. */
  now: number;
  /** The address of another page of the holder's, by its link. */
  urlOf: (link: PageLink) => string;
}

/** What was asked for: the address's query, and a form that was sent and could not be taken, with what is wrong. */
export interface Asked {
  query: Form;
  form: Form;
  problems: readonly Problem[];
}

/** A file as it is to be given. */
export interface PageFile {
  /** In letters that every system keeps. */
  name: string;
  mediaType: string;
  content: string | Buffer;
  /** It is shown where it is opened, and not saved. */
  inline?: true;
}

/** A page as it is to be shown. */
export type Shown = { [K in keyof Pages]: { page: K; title: string; data: Pages[K] } }[keyof Pages];

/** What an action takes. */
interface Limits {
  /** Asks for the code first: it binds. */
  needsCode?: boolean;
  /** Most times a day by one link. */
  mostADay?: number;
}

/** What a form does. `D` is kept with the event; the answer is made from it, so that a form sent again is answered the same. */
export interface Action<S, D> extends Limits {
  /** A form that is sent again is answered as at first, also with something else in it: the first sender has done it. */
  firstHolds?: boolean;
  judge(visit: Visit<S>, form: Form): { problems: Problem[] } | { details: D };
  /** What the workflow is told, which decides; nothing where it need not. @param event the id of what is kept, to tell repeats by */
  tell?(visit: Visit<S>, details: D, event: number): Told | undefined;
  /** What else is kept, in the same transaction. @returns what is then told and answered, where that is more than was said */
  keep?(tx: Queryable, visit: Visit<S>, details: D): Promise<D | undefined>;
  /** Whether what the link has sent before, word for word, is this: it is neither kept nor told again. */
  repeats?(visit: Visit<S>, before: Pick<PageEvent, 'at'>): boolean;
  /** @param before when the same was sent, where it is not taken a second time */
  done(visit: Visit<S>, details: D, before?: Instant): Shown;
}

/**
 * A form that asks the workflow and waits for its answer: then the page is opened anew, and shows what came of it. What was written in the
 * form is kept with it.
 */
export interface Asking<S> extends Limits {
  asks: true;
  /** Where the page is opened anew, as a query and a fragment; without it where it was. */
  then?(form: Form): string;
  /** As of an action: the answer to what was sent before is shown. */
  repeats?(visit: Visit<S>, before: Pick<PageEvent, 'at'>, form: Form): boolean;
  judge(visit: Visit<S>, form: Form): { problems: Problem[] } | { details: { updates: PageMessage[] } };
}

export interface Page<S> {
  purpose: PagePurpose;
  /** The holder's roles that may see and do what takes a code, and how it is asked for; without it nothing takes one. */
  code?: { roles: readonly ContactRole[]; words: CodeWords };
  /** Fields of its forms and of its query, with the most characters that are read of each. */
  fields: Fields | ((subject: S) => Fields);
  /** It shows pictures of its agreement: those that the visitor may see, by their hash and the link that they came by. */
  showsPicture?(visit: Visit<S>, hash: string, link: number | null): boolean;
  /** Its forms may send pictures. @returns the id of the field that they are chosen in */
  pictureField?(form: Form): string;
  /** Tells forms from one another that do the same, where a page has several: each can be sent once. */
  formName?(form: Form): string;
  /** What to say where `load` finds nothing. */
  gone: RefusalWords;
  /** @param now by the intake's clock; `query` holds the fields of the address */
  load(db: Db, link: FollowedLink, now: Instant, query: Form): Promise<S | undefined>;
  /** What is given in place of the page: the address asks for a file, or it is one. */
  file?(db: Db, visit: Visit<S>, query: Form): Promise<PageFile | undefined>;
  show(visit: Visit<S>, asked: Asked): Shown;
  /** By the form's `do`; the first one where it has none. */
  actions: Readonly<Record<string, Action<S, Record<string, unknown>> | Asking<S>>>;
}

type Fields = Readonly<Record<string, number>>;

/** The fields of a page, for what it is about. */
export const fieldsOf = ({ fields }: AnyPage, { subject }: Visit<unknown>): Fields =>
  typeof fields === 'function' ? fields(subject) : fields;

/** Any page, whatever it is about. */
export type AnyPage = Page<unknown>;

/** Milliseconds within which the same request is the same, while it waits. */
const onceWithin = 24 * 3_600_000;

/** Whether what was sent before was sent within a day of a visit: a second press asks for nothing more. */
export const isOfToday = ({ now }: Pick<Visit<unknown>, 'now'>, { at }: Pick<PageEvent, 'at'>): boolean =>
  now - Date.parse(at) < onceWithin;

/** Names a page's definition; all that it shares with other pages is in `routes.ts`. */
export const definePage = <S>(page: Page<S>): AnyPage => page as unknown as AnyPage;

/** Names an action, with the type of what it keeps. */
export const defineAction = <S, D extends object>(action: Action<S, D>): Action<S, Record<string, unknown>> =>
  action as unknown as Action<S, Record<string, unknown>>;

/** The number at the end of a link's subject: `incident/12` → 12. */
export const numberOf = ({ subject }: Pick<PageLink, 'subject'>): number =>
  Number(subject.slice(subject.indexOf('/') + 1));
