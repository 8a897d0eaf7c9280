/** Swedish organisation numbers: ten digits, of which the last checks the others. */

/**
 * Reads an organisation number however people write it: with or without hyphen, with spaces, with the 16 of the form
 * with twelve digits; of a sole trader's, which is a personal number, with or without its century.
 *
 * @returns as `556000-0001`; nothing if the text is no such number. Whether its check digit is right is another question
 */
export function readOrgNumber(text: string): string | undefined {
  const digits = text.replace(/[\s\u2010-\u2015\u2212-]/gu, '');
  const [, first, last] =
    /^(?:16|(?:18|19|20)(?=\d\d(?:0\d|1[0-2])[0-3]\d))?(\d{6})(\d{4})$/.exec(digits) ?? [];
  return first === undefined ? undefined : `${first}-${last}`;
}

/** Whether a number that cannot be right becomes one that can: the organisation is the same. */
export function rightsOrgNumber(before: string, after: string): boolean {
  return !hasCheckDigit(before) && hasCheckDigit(after);
}

/** Whether the last digit of a number, as `readOrgNumber` gives it, fits the others (Luhn). */
export function hasCheckDigit(orgNumber: string): boolean {
  const sum = [...orgNumber.replace('-', '')].reduce((total, digit, index) => {
    const weighed = Number(digit) * (index % 2 === 0 ? 2 : 1);
    return total + (weighed > 9 ? weighed - 9 : weighed);
  }, 0);
  return sum % 10 === 0;
}
