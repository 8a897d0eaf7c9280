/** The services' APIs, as far as they are set up. */
import type { SigningApis } from './service-api';
import type { DocusignSettings } from './services/docusign';
import { docusignApi } from './services/docusign';
import type { OneflowSettings } from './services/oneflow';
import { oneflowApi } from './services/oneflow';
import type { ScriveSettings } from './services/scrive';
import { scriveApi } from './services/scrive';

/** What the APIs are asked with. Secrets may change while we run: each is looked up when it is needed. */
export interface SigningApiSettings {
  docusign: Pick<DocusignSettings, 'auth' | 'privateKey'> & {
    [name in 'api' | 'account' | 'client' | 'user']: string | undefined;
  };
  scrive: ScriveSettings;
  oneflow: OneflowSettings;
}

/** Seconds that a question may take, all its calls together. */
const longest = 10;

/** The APIs that are set up; a service without is not among them. */
export function openSigningApis(
  { docusign, scrive, oneflow }: SigningApiSettings,
  { seconds = longest }: { seconds?: number } = {},
): SigningApis {
  const { api, auth, account, client, user, privateKey } = docusign;
  const isSet = api !== undefined && account !== undefined && client !== undefined && user !== undefined;
  return {
    ...(isSet &&
      privateKey() !== undefined && {
        docusign: docusignApi({ api, auth, account, client, user, privateKey }, seconds),
      }),
    ...(scrive.credentials() !== undefined && { scrive: scriveApi(scrive, seconds) }),
    ...(oneflow.token() !== undefined && { oneflow: oneflowApi(oneflow, seconds) }),
  };
}
