/** What the services' own forms say, as one form. */
import type { Read, SigningDocument, SigningService } from './signing';

/**
 * Reads what a service says of a document: for `docusign` and `signed` the body of a delivery, for `oneflow` and
 * `scrive` what the API answers about the document.
 */
export function readDocument(_service: SigningService, _payload: unknown): Read<SigningDocument> {
  throw new Error('not here yet');
}
