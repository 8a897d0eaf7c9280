/** Converts the services' own forms of a document into one. */
import { readDocusign } from './docusign';
import { readOneflow } from './oneflow';
import type { ReadForm } from './payload';
import { Place } from './payload';
import { readScrive } from './scrive';
import { readSigned } from './signed';
import type { Read, SigningDocument, SigningReason, SigningService } from './signing';

const forms: Record<SigningService, ReadForm> = {
  docusign: readDocusign,
  oneflow: readOneflow,
  scrive: readScrive,
  signed: readSigned,
};

/**
 * Reads what a service says of a document: for `docusign` and `signed` the body of a delivery, for `oneflow` and
 * `scrive` what the API answers about the document. Unknown members are ignored.
 *
 * @returns the document, or all that is of the wrong kind with its path in the payload; never throws
 */
export function readDocument(service: SigningService, payload: unknown): Read<SigningDocument> {
  const reasons: SigningReason[] = [];
  const top = new Place(payload, '', reasons);
  if (top.isNothing()) top.expect({ sv: 'ett dokument', en: 'a document' });
  const document = top.isNothing() ? undefined : forms[service](top);
  return document === undefined || reasons.length > 0
    ? { reasons: eachOnce(reasons) }
    : { value: { service, ...document } };
}

/** Removes repeated reasons: a value of the wrong kind gives its reason again for each member that is read. */
function eachOnce(reasons: readonly SigningReason[]): SigningReason[] {
  return [...new Map(reasons.map((reason) => [`${reason.about} ${reason.message.en}`, reason])).values()];
}
