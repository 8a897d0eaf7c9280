/** Scrive's API: its callbacks are not signed, so the document is asked for. */
import { ServiceError } from '../service-api';
import type { SigningApi } from '../service-api';
import {
  aboutThat,
  askJson,
  askPdf,
  below,
  checkedId,
  nameOf,
  needed,
  openAsker,
  withinSeconds,
} from './ask';

export interface ScriveSettings {
  /** Base address of the API. */
  api: string;
  /** Client identifier, client secret, token identifier, token secret, separated by white space. */
  credentials: () => string | undefined;
}

const isId = /^[1-9]\d{0,19}$/;

/** The header that personal access asks for. @throws ServiceError */
function authorization(credentials: string): string {
  const words = credentials.split(/\s+/).filter((word) => word !== '');
  const [client, clientSecret, token, tokenSecret] = words;
  if (words.length !== 4 || !words.every((word) => /^[\w.~+/=-]+$/.test(word)))
    throw new ServiceError(
      'scrive: credentials: expected four words of letters and digits (client identifier, client secret, token identifier, token secret), ' +
        `found ${words.length === 4 ? 'other characters' : words.length}`,
      false,
    );
  return [
    'oauth_signature_method="PLAINTEXT"',
    `oauth_consumer_key="${client}"`,
    `oauth_token="${token}"`,
    `oauth_signature="${clientSecret}&${tokenSecret}"`,
  ].join(',');
}

/** @param seconds that a question may take */
export function scriveApi({ api, credentials }: ScriveSettings, seconds: number): SigningApi {
  const service = 'scrive';
  const asker = openAsker(service);
  const headers = (): Record<string, string> => ({
    authorization: authorization(needed(service, 'credentials', credentials())),
  });
  return {
    async fetchDocument(document) {
      const id = checkedId(service, document, isId);
      const { bytes, value } = await askJson(asker, {
        url: below(api, ['documents', id, 'get']),
        what: `document ${id}`,
        headers: headers(),
        signal: withinSeconds(seconds),
      });
      aboutThat(service, id, value.id);
      return bytes;
    },
    async fetchFile(document, kind) {
      const id = checkedId(service, document, isId);
      // The sealed PDF holds the evidence as its attachments.
      if (kind === 'certificate') return undefined;
      const name = nameOf(service, id, kind);
      const content = await askPdf(asker, {
        // Answers 503 until the document is sealed.
        url: below(api, ['documents', id, 'files', 'main', name]),
        what: `sealed PDF of document ${id}`,
        headers: headers(),
        signal: withinSeconds(seconds),
      });
      return { name, mediaType: 'application/pdf', content };
    },
  };
}
