/** What several pages show of an upgrade: how each of its parts stands, and what came of a form. */

/** A picture that a page of the same agreement shows. */
export interface PictureShown {
  url: string;
  text: string;
}

/** What came of what was last sent: taken, refused with the reason, or not answered yet. */
export interface WorksheetNews {
  taken?: string;
  waits?: string;
  refused?: string;
  when?: string;
  some?: string;
  hint?: string;
  /** What was written and stands in no field of the page. */
  written?: string[];
}

/** A part of an upgrade as it stands. */
export interface WorksheetLine {
  name: string;
  versions?: string;
  value?: string;
  who?: string;
  note?: string;
  passed?: string;
  failed?: string;
  accepted?: string;
  open?: string;
  /** It was reported after what was approved before. */
  isNew?: string;
  pictures?: PictureShown[];
}
