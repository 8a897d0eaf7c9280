/** The only reader of the environment: every setting with its name, default and check. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BilingualError, textOf } from '../../rules/engine/basics/bilingual-error';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { Text, Wording } from '../../rules/engine/basics/text';
import { asciiAddress } from '../../rules/engine/basics/mail-address';
import { readWhole } from '../../rules/engine/basics/read-number';
import { addressPolicy, addressesIn } from '../../activities/monitors/checks/address-policy';
import { secretSetting } from '../../activities/monitors/checks/checker';
import type { Secret } from './secret';
import { openSecret, partsOf } from './secret';

export const projectRoot = path.resolve(__dirname, '../..');

export interface Configuration {
  /** Data of the local stack. */
  dataDir: string;
  /** Folder of the record outside of the database. */
  recordDir: string;
  databaseUrl: string | undefined;
  temporalAddress: string | undefined;
  smtpUrl: string | undefined;
  namespace: string;
  taskQueue: string;
  /** Name of this version of the worker, instead of one made from the code. */
  buildId: string | undefined;
  mailFrom: string;
  /** Address for mails about workflows that are not well; by default the agreements' managers get them. */
  operatorMail: string | undefined;
  /** Address of the clerk who gets the invoice basis of each month, and the profile by which it is written for the ERP. */
  invoices: { mail: string | undefined; export: string | undefined };
  staffLanguage: 'sv' | 'en';
  rulesDir: string;
  /** Address under which people reach the Web UI; by default the local one. */
  webUiUrl: string | undefined;
  intake: IntakeConfiguration;
  signing: SigningConfiguration;
  /** Address that a sign of life is posted to while all is well. */
  heartbeatUrl: string | undefined;
  /** What checks at our own place may reach besides public addresses. */
  monitors: { allow: string[]; files: string[] };
  ports: Partial<Record<'postgres' | 'temporal' | 'webUi' | 'smtp' | 'inbox' | 'intake', number>>;
}

/** How the intake is reached, and what it may tell. */
export interface IntakeConfiguration {
  /** Address it listens on. */
  host: string;
  /** Base address of its links, without a slash at the end; by default where it listens. */
  url: string | undefined;
  /** Secret that links in mails are signed with; by default one is made and kept in the data folder. */
  linkKey: string | undefined;
  /** Token that `/metrics` asks for; without one nobody may read it. */
  metricsToken: Secret | undefined;
  /** Addresses and ranges of proxies whose word on a client's address is taken. */
  proxies: string[];
  /** Whether each request is logged as a line of JSON on standard error. */
  requestLog: boolean;
}

/** Signing services: the keys that prove their deliveries genuine, one or several, and the access to their APIs. */
export interface SigningConfiguration {
  docusign: {
    keys: Secret;
    /** Base address of the account's API, and where tokens are given. */
    api: string | undefined;
    auth: string;
    account: string | undefined;
    client: string | undefined;
    user: string | undefined;
    privateKey: Secret;
  };
  scrive: { keys: Secret; api: string; credentials: Secret };
  oneflow: { keys: Secret; api: string; token: Secret; user: string | undefined };
  signed: { keys: Secret };
}

/** Names of the settings, with what `--help` says of them. */
export const settings = {
  DATABASE_URL: 'PostgreSQL to use instead of the embedded one',
  TEMPORAL_ADDRESS: 'Temporal frontend to use instead of the embedded one, host:port',
  TEMPORAL_NAMESPACE: 'namespace of live agreements (serviceavtal)',
  SMTP_URL: 'mail server to use instead of the local catcher, smtp://…',
  SERVICEAVTAL_DATA: 'folder of the local stack (.data)',
  SERVICEAVTAL_RECORD:
    'folder of the record outside of the database, best on another disk (record in the data folder)',
  SERVICEAVTAL_RULES: 'folder of the rule files (rules)',
  SERVICEAVTAL_TASK_QUEUE: 'task queue of the agreements (serviceavtal)',
  SERVICEAVTAL_BUILD_ID: 'name of this version of the worker (made from the code)',
  SERVICEAVTAL_MAIL_FROM: "sender's address (serviceavtal@localhost.localdomain)",
  SERVICEAVTAL_OPERATOR_MAIL:
    "address told of workflows that are not well, and of what audits find (the agreements' managers are)",
  SERVICEAVTAL_INVOICE_MAIL:
    'address that gets the invoice basis of each month (none: made by command alone)',
  SERVICEAVTAL_INVOICE_EXPORT: 'profile in rules/exports by which that mail has a file for the ERP (none)',
  SERVICEAVTAL_STAFF_LANGUAGE:
    'language of what our own people read and of every command that has --language, sv or en (sv)',
  SERVICEAVTAL_WEB_UI: 'address of the Web UI in mails and on the banner',
  SERVICEAVTAL_INTAKE_HOST: 'address the intake listens on (127.0.0.1)',
  SERVICEAVTAL_INTAKE_URL: 'address under which others reach the intake, https://… (where it listens)',
  SERVICEAVTAL_INTAKE_LOG: 'json: a line for each request on standard error (none)',
  SERVICEAVTAL_LINK_KEY: 'secret that links in mails are signed with, at least 32 characters (made and kept)',
  SERVICEAVTAL_INTAKE_PROXIES:
    "proxies in front of the intake, whose X-Forwarded-For names the client: addresses or ranges, separated by commas (none: everybody's own address counts)",
  SERVICEAVTAL_METRICS_TOKEN: 'token that /metrics asks for (none: nobody may read it)',
  SERVICEAVTAL_HEARTBEAT_URL: 'address told every minute that all is well with us, https://… (none)',
  SERVICEAVTAL_MONITOR_ALLOW:
    'private addresses that checks here may connect to: ranges, separated by commas (none)',
  SERVICEAVTAL_MONITOR_FILES:
    'folders below which checks here may look at files, separated as in PATH (none)',
  SERVICEAVTAL_DOCUSIGN_KEYS:
    'HMAC keys of DocuSign Connect, 16 characters or more, separated by spaces (none: not taken in)',
  SERVICEAVTAL_DOCUSIGN_API:
    "base address of the account's API, https://…/restapi (none: papers are not fetched)",
  SERVICEAVTAL_DOCUSIGN_AUTH: 'where DocuSign gives tokens (https://account.docusign.com)',
  SERVICEAVTAL_DOCUSIGN_ACCOUNT: "the account's id at DocuSign",
  SERVICEAVTAL_DOCUSIGN_CLIENT: 'integration key at DocuSign',
  SERVICEAVTAL_DOCUSIGN_USER: 'user id at DocuSign that the integration acts for',
  SERVICEAVTAL_DOCUSIGN_PRIVATE_KEY: 'RSA private key of the integration, PEM',
  SERVICEAVTAL_SCRIVE_KEYS:
    'secrets that end the callback address at Scrive, 16 characters or more, separated by spaces (none: not taken in)',
  SERVICEAVTAL_SCRIVE_API: "base address of Scrive's API (https://scrive.com/api/v2)",
  SERVICEAVTAL_SCRIVE_CREDENTIALS:
    'personal access at Scrive: client identifier, client secret, token identifier, token secret, separated by spaces',
  SERVICEAVTAL_ONEFLOW_KEYS:
    'sign keys of Oneflow webhooks, 16 characters or more, separated by spaces (none: not taken in)',
  SERVICEAVTAL_ONEFLOW_API: "base address of Oneflow's API (https://api.oneflow.com/v1)",
  SERVICEAVTAL_ONEFLOW_TOKEN: 'API token at Oneflow',
  SERVICEAVTAL_ONEFLOW_USER: 'address of the user at Oneflow that the token acts for',
  SERVICEAVTAL_SIGNED_KEYS:
    'keys of our own form of delivery, 16 characters or more, separated by spaces (none: not taken in)',
  SERVICEAVTAL_PORT_POSTGRES: 'port of the embedded PostgreSQL (a free one)',
  SERVICEAVTAL_PORT_TEMPORAL: 'port of the embedded Temporal frontend (a free one)',
  SERVICEAVTAL_PORT_WEB_UI: 'port of the embedded Web UI (a free one)',
  SERVICEAVTAL_PORT_SMTP: 'port of the local mail catcher (a free one)',
  SERVICEAVTAL_PORT_INBOX: "port of the mail catcher's inbox (a free one)",
  SERVICEAVTAL_PORT_INTAKE: 'port of the intake (a free one)',
} as const;

type Setting = keyof typeof settings;

/** Settings whose value may stand in a file named by `<setting>_FILE`, which is read again when it changes. */
export const secretSettings = [
  'SERVICEAVTAL_METRICS_TOKEN',
  'SERVICEAVTAL_DOCUSIGN_KEYS',
  'SERVICEAVTAL_DOCUSIGN_PRIVATE_KEY',
  'SERVICEAVTAL_SCRIVE_KEYS',
  'SERVICEAVTAL_SCRIVE_CREDENTIALS',
  'SERVICEAVTAL_ONEFLOW_KEYS',
  'SERVICEAVTAL_ONEFLOW_TOKEN',
  'SERVICEAVTAL_SIGNED_KEYS',
] as const satisfies readonly Setting[];

/** Whether a setting holds a secret, or names the file of one. */
export const isSecretSetting = (name: string): boolean =>
  secretSettings.some((secret) => name === secret || name === `${secret}_FILE`);

/** Version of the product. */
export function productVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(projectRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

/** Fewest characters of the key that links in alerts are signed with. */
const shortestLinkKey = 32;
/** Fewest characters of the token of `/metrics`. */
const shortestToken = 16;
/** Fewest characters of a key that proves deliveries genuine: shorter ones can be guessed. */
const shortestKey = 16;

/**
 * Reads and checks the settings. Throws one error that names every wrong one.
 * @param log gets a line when the file of a secret becomes unusable while we run
 */
export function readConfiguration(
  environment: NodeJS.ProcessEnv = process.env,
  log: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
): Configuration {
  const wrong: Text[] = [];
  const refuse = (name: string, message: Wording): void => void wrong.push(joined(`${name}: `, message));
  const text = (name: Setting): string | undefined => environment[name]?.trim() || undefined;
  const port = (name: Setting): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const number = readWhole(value, 1, 65_535);
    if (number === undefined)
      refuse(
        name,
        expectedFound({ sv: 'en port från 1 till 65535', en: 'a port from 1 to 65535' }, `"${value}"`),
      );
    return number;
  };
  const staffLanguage = text('SERVICEAVTAL_STAFF_LANGUAGE') ?? 'sv';
  if (staffLanguage !== 'sv' && staffLanguage !== 'en')
    refuse(
      'SERVICEAVTAL_STAFF_LANGUAGE',
      expectedFound({ sv: 'sv eller en', en: 'sv or en' }, `"${staffLanguage}"`),
    );
  const mailFrom = asciiAddress(text('SERVICEAVTAL_MAIL_FROM') ?? 'serviceavtal@localhost.localdomain');
  if (!isMailAddress(mailFrom))
    refuse('SERVICEAVTAL_MAIL_FROM', expectedFound(addressAs('avtal@example.com'), `"${mailFrom}"`));
  const buildId = text('SERVICEAVTAL_BUILD_ID');
  if (buildId !== undefined && !/^[\w.-]{1,60}$/.test(buildId))
    refuse(
      'SERVICEAVTAL_BUILD_ID',
      expectedFound(
        {
          sv: '1 till 60 bokstäver, siffror, punkter och streck',
          en: '1 to 60 letters, digits, dots and dashes',
        },
        `"${buildId}"`,
      ),
    );
  const operatorMail = text('SERVICEAVTAL_OPERATOR_MAIL');
  if (operatorMail !== undefined && !isMailAddress(operatorMail))
    refuse('SERVICEAVTAL_OPERATOR_MAIL', expectedFound(addressAs('drift@example.com'), `"${operatorMail}"`));
  const invoiceMail = text('SERVICEAVTAL_INVOICE_MAIL');
  if (invoiceMail !== undefined && !isMailAddress(invoiceMail))
    refuse('SERVICEAVTAL_INVOICE_MAIL', expectedFound(addressAs('faktura@example.com'), `"${invoiceMail}"`));
  const address = (name: Setting): string | undefined => {
    const value = text(name);
    if (value === undefined || isWebAddress(value)) return value?.replace(/\/+$/, '');
    refuse(
      name,
      expectedFound(
        {
          sv: 'en adress som börjar med https:// eller http://',
          en: 'an address that begins with https:// or http://',
        },
        { sv: 'något annat', en: 'something else' },
      ),
    );
    return undefined;
  };
  const linkKey = text('SERVICEAVTAL_LINK_KEY');
  if (linkKey !== undefined && linkKey.length < shortestLinkKey)
    refuse('SERVICEAVTAL_LINK_KEY', tooShort(shortestLinkKey, linkKey));
  const requestLog = text('SERVICEAVTAL_INTAKE_LOG');
  if (requestLog !== undefined && requestLog !== 'json')
    refuse('SERVICEAVTAL_INTAKE_LOG', expectedFound('json', `"${requestLog}"`));
  const heartbeatUrl = address('SERVICEAVTAL_HEARTBEAT_URL');
  const current = (
    name: (typeof secretSettings)[number],
    problemOf: (value: string) => Text | undefined = () => undefined,
  ): Secret => {
    try {
      const file = environment[`${name}_FILE`]?.trim() || undefined;
      return openSecret(name, text(name), file, { problemOf, log });
    } catch (error) {
      wrong.push(textOf(error));
      return () => undefined;
    }
  };
  const signing: SigningConfiguration = {
    docusign: {
      keys: current('SERVICEAVTAL_DOCUSIGN_KEYS', problemOfKeys),
      api: address('SERVICEAVTAL_DOCUSIGN_API'),
      auth: address('SERVICEAVTAL_DOCUSIGN_AUTH') ?? 'https://account.docusign.com',
      account: text('SERVICEAVTAL_DOCUSIGN_ACCOUNT'),
      client: text('SERVICEAVTAL_DOCUSIGN_CLIENT'),
      user: text('SERVICEAVTAL_DOCUSIGN_USER'),
      privateKey: current('SERVICEAVTAL_DOCUSIGN_PRIVATE_KEY'),
    },
    scrive: {
      keys: current('SERVICEAVTAL_SCRIVE_KEYS', problemOfKeys),
      api: address('SERVICEAVTAL_SCRIVE_API') ?? 'https://scrive.com/api/v2',
      credentials: current('SERVICEAVTAL_SCRIVE_CREDENTIALS'),
    },
    oneflow: {
      keys: current('SERVICEAVTAL_ONEFLOW_KEYS', problemOfKeys),
      api: address('SERVICEAVTAL_ONEFLOW_API') ?? 'https://api.oneflow.com/v1',
      token: current('SERVICEAVTAL_ONEFLOW_TOKEN'),
      user: text('SERVICEAVTAL_ONEFLOW_USER'),
    },
    signed: { keys: current('SERVICEAVTAL_SIGNED_KEYS', problemOfKeys) },
  };
  const parts = (name: Setting, separator: string): string[] =>
    (text(name) ?? '')
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  const ranges = (name: Setting, check: (ranges: string[]) => unknown): string[] => {
    const found = parts(name, ',');
    try {
      check(found);
    } catch (error) {
      refuse(name, textOf(error));
    }
    return found;
  };
  const allow = ranges('SERVICEAVTAL_MONITOR_ALLOW', addressPolicy);
  const tokenIsSet =
    environment.SERVICEAVTAL_METRICS_TOKEN_FILE?.trim() || text('SERVICEAVTAL_METRICS_TOKEN');
  const intake: IntakeConfiguration = {
    host: text('SERVICEAVTAL_INTAKE_HOST') ?? '127.0.0.1',
    url: address('SERVICEAVTAL_INTAKE_URL'),
    linkKey,
    metricsToken: tokenIsSet ? current('SERVICEAVTAL_METRICS_TOKEN', problemOfToken) : undefined,
    proxies: ranges('SERVICEAVTAL_INTAKE_PROXIES', addressesIn),
    requestLog: requestLog !== undefined,
  };
  const files = parts('SERVICEAVTAL_MONITOR_FILES', path.delimiter);
  for (const folder of files)
    if (!path.isAbsolute(folder))
      refuse(
        'SERVICEAVTAL_MONITOR_FILES',
        expectedFound({ sv: 'absoluta sökvägar till mappar', en: 'absolute folders' }, `"${folder}"`),
      );
  const ports = Object.entries({
    postgres: port('SERVICEAVTAL_PORT_POSTGRES'),
    temporal: port('SERVICEAVTAL_PORT_TEMPORAL'),
    webUi: port('SERVICEAVTAL_PORT_WEB_UI'),
    smtp: port('SERVICEAVTAL_PORT_SMTP'),
    inbox: port('SERVICEAVTAL_PORT_INBOX'),
    intake: port('SERVICEAVTAL_PORT_INTAKE'),
  }).filter((entry): entry is [string, number] => entry[1] !== undefined);
  if (wrong.length > 0)
    throw new BilingualError({
      sv: wrong.map(({ sv }) => sv).join('\n'),
      en: wrong.map(({ en }) => en).join('\n'),
    });
  const dataDir = path.resolve(projectRoot, text('SERVICEAVTAL_DATA') ?? '.data');
  const recordDir = text('SERVICEAVTAL_RECORD');
  return {
    dataDir,
    recordDir: recordDir === undefined ? path.join(dataDir, 'record') : path.resolve(recordDir),
    databaseUrl: text('DATABASE_URL'),
    temporalAddress: text('TEMPORAL_ADDRESS'),
    smtpUrl: text('SMTP_URL'),
    namespace: text('TEMPORAL_NAMESPACE') ?? 'serviceavtal',
    taskQueue: text('SERVICEAVTAL_TASK_QUEUE') ?? 'serviceavtal',
    buildId,
    mailFrom,
    operatorMail,
    invoices: { mail: invoiceMail, export: text('SERVICEAVTAL_INVOICE_EXPORT') },
    staffLanguage: staffLanguage as 'sv' | 'en',
    rulesDir: path.resolve(text('SERVICEAVTAL_RULES') ?? path.join(projectRoot, 'rules')),
    webUiUrl: text('SERVICEAVTAL_WEB_UI'),
    intake,
    signing,
    heartbeatUrl,
    monitors: { allow, files },
    ports: Object.fromEntries(ports),
  };
}

const addressAs = (example: string): Text => ({
  sv: `en adress som ${example}`,
  en: `an address such as ${example}`,
});

const tooShort = (least: number, { length }: string): Text =>
  expectedFound({ sv: `minst ${least} tecken`, en: `at least ${least} characters` }, String(length));

function problemOfToken(value: string): Text | undefined {
  return value.length < shortestToken ? tooShort(shortestToken, value) : undefined;
}

function problemOfKeys(value: string): Text | undefined {
  const short = partsOf(() => value).find(({ length }) => length < shortestKey);
  if (short === undefined) return undefined;
  return expectedFound(
    {
      sv: `nycklar på minst ${shortestKey} tecken vardera`,
      en: `keys of at least ${shortestKey} characters each`,
    },
    { sv: `en på ${short.length}`, en: `one of ${short.length}` },
  );
}

const isMailAddress = (value: string): boolean => /^[^\s@<>]+@[^\s@<>]+$/.test(value);

/** Whether it is an address without spaces, quotes or other characters that could end it where it is embedded. */
function isWebAddress(value: string): boolean {
  return /^https?:\/\/[^\s"'<>`\\]+$/.test(value) && URL.canParse(value);
}

/** The part of the environment that the local stack needs: the services that it names. */
export function environmentOf(
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string | undefined> {
  const names = Object.keys(environment).filter((name) => name.startsWith('TEMPORAL_'));
  return Object.fromEntries(
    ['DATABASE_URL', 'SMTP_URL', ...names].map((name) => [name, environment[name] || undefined]),
  );
}

/**
 * Customers' secrets in the environment, one setting each: `SERVICEAVTAL_SECRET_<CUSTOMER>__<NAME>`.
 * @returns a function that gives a secret's value, or undefined if this worker does not have it
 */
export function secretsOf(
  environment: NodeJS.ProcessEnv = process.env,
): (customer: string, name: string) => string | undefined {
  return (customer, name) => environment[secretSetting(customer, name)] || undefined;
}

/** Whether to write colours: to a terminal, unless `NO_COLOR` is set. */
export function showsColours(
  output: { isTTY?: boolean },
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  return output.isTTY === true && !environment.NO_COLOR;
}
