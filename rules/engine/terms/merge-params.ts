type Params = Record<string, unknown>;

/**
 * Overrides `base` with `over`: objects property by property, lists and plain values as a whole. Changes neither, and
 * the result shares nothing with them.
 *
 * @example mergeParams({ a: { x: 1, y: [1, 2] } }, { a: { y: [3] } }) // { a: { x: 1, y: [3] } }
 */
export function mergeParams(base: Params, over: Params): Params {
  const merged = structuredClone(base);
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isParams(below) && isParams(value) ? mergeParams(below, value) : structuredClone(value);
  }
  return merged;
}

function isParams(value: unknown): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
