/** What several pages show of an upgrade: how each of its parts stands. */

/** A picture that a page of the same agreement shows. */
export interface PictureShown {
  url: string;
  text: string;
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
