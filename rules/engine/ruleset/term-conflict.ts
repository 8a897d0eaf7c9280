import type { Text } from '../basics/text';

/** A term that contradicts another of its topic. */
export interface TermConflict {
  /** Within the topic's terms. */
  path: string[];
  message: Text;
}
