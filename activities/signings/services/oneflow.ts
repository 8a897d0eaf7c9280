/** Oneflow's API: a webhook's signature does not cover what it says, so the contract is asked for. */
import type { FetchedFile, SigningApi } from '../service-api';
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

export interface OneflowSettings {
  /** Base address of the API. */
  api: string;
  token: () => string | undefined;
  /** Address of the user that the token acts for; without one it is the account itself. */
  user: string | undefined;
}

const isId = /^[1-9]\d{0,18}$/;
/** Types of a contract's files. Since January 2024 the verification is part of the contract's PDF. */
const types = { contract: 'contract', certificate: 'verification' } as const;

/** @param seconds that a question may take, all its calls together */
export function oneflowApi({ api, token, user }: OneflowSettings, seconds: number): SigningApi {
  const service = 'oneflow';
  const asker = openAsker(service);
  const headers = (): Record<string, string> => ({
    'x-oneflow-api-token': needed(service, 'an API token', token()),
    ...(user !== undefined && { 'x-oneflow-user-email': user }),
  });
  return {
    async fetchDocument(document) {
      const id = checkedId(service, document, isId);
      const { bytes, value } = await askJson(asker, {
        url: below(api, ['contracts', id]),
        what: `contract ${id}`,
        headers: headers(),
        signal: withinSeconds(seconds),
      });
      aboutThat(service, id, value.id);
      return bytes;
    },
    async fetchFile(document, kind): Promise<FetchedFile | undefined> {
      const id = checkedId(service, document, isId);
      const signal = withinSeconds(seconds);
      const list = await askJson(asker, {
        url: below(api, ['contracts', id, 'files']),
        what: `files of contract ${id}`,
        headers: headers(),
        signal,
      });
      const file = fileOf(list.value.data, types[kind]);
      if (file === undefined) return undefined;
      const content = await askPdf(asker, {
        url: below(api, ['contracts', id, 'files', file], { download: 'true' }),
        what: `${kind} of contract ${id}`,
        headers: headers(),
        signal,
        handedOn: true,
      });
      return { name: nameOf(service, id, kind), mediaType: 'application/pdf', content };
    },
  };
}

/** Id of the first file of a type. */
function fileOf(list: unknown, type: string): string | undefined {
  const files = Array.isArray(list) ? (list as { id?: unknown; type?: unknown }[]) : [];
  const id = files.find((file) => String(file?.type).toLowerCase() === type)?.id;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? String(id) : undefined;
}
