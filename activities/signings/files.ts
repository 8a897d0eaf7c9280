/** The signed papers: kept with the agreement, with their hash. */
import type { EnclosedFile } from '../../rules/signing/signing';
import type { Queryable } from '../db';

/** Papers of one document that was signed. */
export interface SignedPapers {
  service: string;
  document: string;
  /** Those that came with the delivery. */
  files: EnclosedFile[];
  /** Whether the service can be asked for the others. */
  api: boolean;
}

/** Keeps what came along, and notes what is to be fetched. */
export async function storeFiles(_tx: Queryable, _papers: SignedPapers[]): Promise<void> {
  throw new Error('not here yet');
}
