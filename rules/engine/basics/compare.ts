/** For `sort`: texts, or numbers, in the order of their characters' codes, alike on every machine and in every language. */
export function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : Number(a > b);
}
