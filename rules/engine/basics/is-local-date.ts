/** Whether a text is a calendar date that exists, as `YYYY-MM-DD`: 2027-02-30 is none. */
export function isLocalDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(text).toJSON()?.slice(0, 10) === text;
}
