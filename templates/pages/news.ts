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
