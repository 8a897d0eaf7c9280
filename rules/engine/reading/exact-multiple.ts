/**
 * Whether `value` is a whole multiple of `step`, decided on their decimal digits: 4.35 is a multiple of
 * 0.01 although 4.35 / 0.01 is 434.99999999999994 in floating point.
 *
 * @param step a positive decimal number
 */
export function isExactMultiple(value: number, step: number): boolean {
  const places = Math.max(decimalPlaces(value), decimalPlaces(step));
  return places <= 100 && scaled(value, places) % scaled(step, places) === 0n;
}

/** Digits after the point in the shortest text that reads back as `value`. */
function decimalPlaces(value: number): number {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (mantissa.split('.')[1] ?? '').length - Number(exponent));
}

/** `value` × 10^`places` as an exact integer; `places` must cover the value's decimals. */
function scaled(value: number, places: number): bigint {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(places - fraction.length + Number(exponent));
}
