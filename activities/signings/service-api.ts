/** What is asked of a signing service's API. */
import type { SigningService } from '../../rules/engine/signing/signing';

/** A paper as the service has it. */
export interface FetchedFile {
  name: string;
  mediaType: string;
  content: Buffer;
}

export interface SigningApi {
  /**
   * The document as the service has it now, as `readDocument` takes it.
   * @throws ServiceError
   */
  fetchDocument(document: string): Promise<Buffer>;
  /**
   * One of its papers.
   * @returns nothing where the service has none of that kind
   * @throws ServiceError
   */
  fetchFile(document: string, kind: 'contract' | 'certificate'): Promise<FetchedFile | undefined>;
}

/** The services whose API we can ask. */
export type SigningApis = Partial<Record<SigningService, SigningApi>>;

/** A service did not give what was asked for. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** Seconds that the service wants to be left alone, where it says so. */
  readonly retryAfter?: number;
  /** @param permanent true if asking again changes nothing: the document is not there, or we may not see it */
  constructor(
    message: string,
    readonly permanent: boolean,
    { retryAfter, ...options }: ErrorOptions & { retryAfter?: number | undefined } = {},
  ) {
    super(message, options);
    if (retryAfter !== undefined) this.retryAfter = retryAfter;
  }
}
