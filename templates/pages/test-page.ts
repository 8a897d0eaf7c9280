/** What stands on the page on which customers test an upgrade, and on the one on which they approve it. */
import type { WorksheetNews } from './news';
import type { PictureShown, WorksheetLine } from './worksheet-lines';

export type { PictureShown } from './worksheet-lines';

/** What somebody reported or answered. */
export interface SaidShown {
  line: string;
  isOurs?: true;
  note?: string;
  pictures: PictureShown[];
}

export interface CaseForm {
  /** Id of the case. */
  of: string;
  /** When its result was reported that the form shows; empty: none. */
  seen: string;
  noteId: string;
  note: string;
  picturesId: string;
  /** Hashes of pictures that came with the form before it was refused. */
  kept: string;
  keptPictures: PictureShown[];
  /** Only that it fails can be reported. */
  failsOnly?: true;
}

export interface CaseShown {
  anchor: string;
  title: string;
  state: string;
  isGood?: true;
  isBad?: true;
  open?: true;
  news?: WorksheetNews;
  foundIn?: string;
  accepted?: string;
  steps: string[];
  expected?: string;
  said: SaidShown[];
  form?: CaseForm;
}

export interface TestShown {
  lead: string;
  facts: string[];
  progress: string;
  done: number;
  all: number;
  /** What is said of a case that is not among them any more. */
  news?: WorksheetNews;
  processes: { name: string; progress: string; cases: CaseShown[] }[];
  testers?: TestersShown;
  more: string;
}

export interface TestersShown {
  open?: true;
  listed: { id: string; name: string; email: string; what: string }[];
  name: string;
  email: string;
  other?: true;
  processes: { field: string; name: string; checked?: true }[];
}

export interface ApprovalShown {
  lead: string;
  facts: string[];
  news?: WorksheetNews;
  approved?: string;
  without?: string;
  changed?: string;
  checksum: string;
  heading: string;
  phases: { name: string; lines: WorksheetLine[] }[];
  /** What kind of signature it is, or will be; none where it was ended without one. */
  signature?: string;
  /** Once a code was entered. */
  approve?: { statement: string; shown: string };
  remains?: { cases: { value: string; text: string; selected?: true }[]; note: string; open?: true };
  asks?: true;
  more: string;
}
