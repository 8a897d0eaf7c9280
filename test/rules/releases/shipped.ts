import { readRelease } from '../../../rules/engine/releases/read-release';
import type { Release } from '../../../rules/engine/releases/release';
import { fileText } from '../fixtures';

/** The text of a release of `rules/releases`, and the file's name. */
export const shippedText = (version: string): [text: string, file: string] => {
  const file = `rules/releases/visma-business-${version}.json`;
  return [fileText(file), file];
};

/** A release of `rules/releases`. */
export function shippedRelease(version: string): Release {
  const { placed, findings } = readRelease(...shippedText(version));
  if (!placed) throw new Error(JSON.stringify(findings));
  return placed.release;
}

/** All releases of `rules/releases`. */
export const shippedReleases = (): Release[] => ['17.10.0', '18.00.0', '18.10.0'].map(shippedRelease);

/** A text with one place in it written otherwise. */
export function changed(text: string, from: string, to: string): string {
  const other = text.replace(from, () => to);
  if (other === text) throw new Error(`expected ${from} in the text`);
  return other;
}
