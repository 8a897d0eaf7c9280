/** Which document a delivery is about, for services whose API is asked for the document itself. */
import { parseExactJson } from '../reading/exact-json';

/**
 * @param body of a delivery of `oneflow` (JSON) or `scrive` (a form)
 * @returns the service's id of the document; nothing if the delivery names none
 */
export function deliveredDocument(service: 'oneflow' | 'scrive', body: string): string | undefined {
  const id = service === 'oneflow' ? contractId(body) : (new URLSearchParams(body).get('document_id') ?? '');
  // The id becomes part of a URL at the service.
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,79}$/.test(id) ? id : undefined;
}

function contractId(body: string): string {
  try {
    const { contract } = parseExactJson(body) as { contract?: { id?: unknown } };
    const id = contract?.id;
    return typeof id === 'string' || typeof id === 'number' ? String(id) : '';
  } catch {
    return '';
  }
}
