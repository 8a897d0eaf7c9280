/**
 * What a check may look like, property by property, in both languages: contracts and rule files declare checks in the
 * same words.
 */
import type { TermSchema } from '../reading/term-schema';
import { list, object, oneOf, optional, about, titled, whole } from '../reading/term-schema';
import { checkKinds, weekdays } from './monitor';
import type { Check, CheckKind } from './monitor';

type Property = Exclude<keyof Check, 'id' | 'kind' | 'name'>;

const text = (longest: number, sv: string, en: string): TermSchema => ({
  ...titled(`en text av högst ${longest} tecken`, `a text of at most ${longest} characters`),
  type: 'string',
  minLength: 1,
  maxLength: longest,
  ...about(sv, en),
});
const amount = (sv: string, en: string): TermSchema => ({
  ...titled('ett tal', 'a number'),
  type: 'number',
  minimum: 0,
  ...about(sv, en),
});
const secret: TermSchema = object(
  ['en hemlighet som { "secret": "NAMN" }', 'a secret as { "secret": "NAME" }'],
  {
    secret: {
      ...titled('ett namn av A–Z, 0–9 och enkla _', 'a name of A–Z, 0–9 and single _'),
      type: 'string',
      pattern: '^(?=.{1,60}$)[A-Z](_?[A-Z0-9])*$',
    },
  },
  { required: ['secret'] },
);
const secretFor = (sv: string, en: string): TermSchema => ({ ...secret, ...about(sv, en) });
const time: TermSchema = {
  ...titled('ett klockslag som 08:30', 'a time of day as 08:30'),
  type: 'string',
  pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$',
};
const timeOfDay = (sv: string, en: string): TermSchema => ({
  ...time,
  pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
  ...about(sv, en),
});
const host = (sv: string, en: string): TermSchema => ({
  ...titled('ett värdnamn eller en adress', 'a host name or an address'),
  type: 'string',
  maxLength: 253,
  pattern: '^[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?$',
  ...about(sv, en),
});
const port = whole(1, 65_535, 'Port', 'Port');
const hours = (sv: string, en: string): TermSchema =>
  list(
    ['en lista av tider med from och to', 'a list of hours with from and to'],
    object(
      ['tider med from och to', 'hours with from and to'],
      {
        days: optional({
          ...titled('open, all eller en lista av mon … sun', 'open, all, or a list of mon … sun'),
          if: { type: 'array' },
          then: { minItems: 1, uniqueItems: true, items: { enum: weekdays } },
          else: { enum: ['open', 'all'] },
        }),
        from: time,
        to: time,
      },
      { required: ['from', 'to'] },
    ),
    { minItems: 1, maxItems: 14, ...about(sv, en) },
  );
const limit = (sv: string, en: string): TermSchema =>
  object(
    ['gränser', 'limits'],
    {
      warnAbove: amount('Däröver: varning', 'Above it: a warning'),
      errorAbove: amount('Däröver: fel', 'Above it: down'),
      warnBelow: amount('Därunder: varning', 'Below it: a warning'),
      errorBelow: amount('Därunder: fel', 'Below it: down'),
    },
    { minProperties: 1, ...about(sv, en) },
  );
const days = object(['dygn kvar', 'days left'], {
  warn: whole(0, 400, 'Färre dygn: varning', 'Fewer days: a warning'),
  error: whole(0, 400, 'Färre dygn: fel', 'Fewer days: down'),
});

const dotted: TermSchema = { type: 'string', pattern: '^[^.\\s]+(\\.[^.\\s]+)*$', maxLength: 200 };
const aQuery: TermSchema = {
  ...text(2000, '', ''),
  pattern: '^\\s*[Ss][Ee][Ll][Ee][Cc][Tt]\\s',
  ...titled('en fråga som börjar med select', 'a query that begins with select'),
};

/** Every property of a check besides id, kind and name. */
const properties: Record<Property, TermSchema> = {
  site: {
    $ref: '#/definitions/id',
    ...about(
      'Den platsarbetare i kundens nät som kör kontrollen',
      "The site worker in the customer's network that runs it",
    ),
  },
  notPossible: text(
    200,
    'Varför kontrollen inte går att köra hos kunden',
    'Why it cannot be run in the customer’s environment',
  ),
  dependsOn: list(
    ['en lista av kontrollers id', "a list of checks' ids"],
    { $ref: '#/definitions/id' },
    {
      uniqueItems: true,
      maxItems: 20,
      ...about(
        'Kontroller som måste vara hela för att denna ska kunna vara det; larmas inte medan någon av dem är nere',
        'Checks that must be well for this one to be; it is not alerted while one of them is down',
      ),
    },
  ),
  runbook: text(1000, 'Vad supporten ska göra', 'What support is to do'),
  expectedHours: hours(
    'När något väntas hända; utanför saknas ingenting. Utan days gäller öppna dagar',
    'When something is expected to happen; outside nothing is missing. Without days: open days',
  ),
  maintenance: hours(
    'Återkommande servicefönster: fel noteras men larmas inte',
    'Recurring maintenance windows: problems are kept, not alerted',
  ),
  intervalMinutes: whole(1, 1440, 'Minuter mellan två kontroller', 'Minutes between two checks'),
  failuresBeforeAlert: whole(1, 20, 'Misslyckade kontroller innan larm', 'Failed checks before an alert'),
  failuresWithin: whole(1, 20, 'Av så många senaste kontroller', 'Of so many last checks'),
  retrySeconds: whole(
    5,
    3600,
    'Sekunder till nästa försök efter ett fel',
    'Seconds until the next try after a failure',
  ),
  goodBeforeRecovery: whole(
    1,
    20,
    'Lyckade kontroller i rad innan felet är över',
    'Good checks in a row before it has recovered',
  ),
  graceMinutes: whole(
    0,
    1440,
    'Minuter efter att den satts upp eller ändrats utan larm',
    'Minutes after it was set up or changed without an alert',
  ),
  repeatMinutes: whole(
    0,
    10_080,
    'Minuter tills ett pågående fel påminns om; 0 är aldrig',
    'Minutes until an ongoing problem is told again; 0 is never',
  ),
  timeoutSeconds: whole(1, 120, 'Sekunder innan kontrollen ges upp', 'Seconds until a check is given up'),
  slowSeconds: {
    ...amount('Sekunder därefter ett svar är en varning', 'Seconds after which an answer is a warning'),
    maximum: 120,
  },
  limits: object(
    ['gränser för det som mäts', 'limits of what is measured'],
    {
      ageMinutes: limit(
        'sql: minuter sedan tidpunkten som frågan ger',
        'sql: minutes since the point in time the query gives',
      ),
      value: limit('sql: talet som frågan ger', 'sql: the number the query gives'),
      oldestMinutes: limit('files: den äldsta filens ålder', "files: the oldest file's age"),
      newestMinutes: limit('files: den nyaste filens ålder', "files: the newest file's age"),
      count: limit(
        'files: antal filer; process: antal processer',
        'files: number of files; process: number of processes',
      ),
      megabytes: limit('files: filernas storlek tillsammans', "files: the files' size together"),
    },
    { minProperties: 1, ...about('Gränser för varning och fel', 'Limits for a warning and for down') },
  ),
  url: {
    ...titled('en adress som https://example.com/', 'an address as https://example.com/'),
    type: 'string',
    maxLength: 1000,
    pattern: '^https?://[^\\s@/?#]+([/?#]\\S*)?$',
    ...about('Adress', 'Address'),
  },
  method: oneOf(['GET', 'HEAD', 'POST'], 'Metod; utan den GET', 'Method; GET without it'),
  headers: {
    ...titled('rubriker med text eller { "secret": "NAMN" }', 'headers with a text or { "secret": "NAME" }'),
    type: 'object',
    maxProperties: 20,
    propertyNames: { pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$" },
    additionalProperties: {
      ...titled('en text eller { "secret": "NAMN" }', 'a text or { "secret": "NAME" }'),
      if: { type: 'object' },
      then: secret,
      else: { type: 'string', maxLength: 1000, pattern: '^[^\\u0000-\\u001f\\u007f]*$' },
    },
    ...about('Rubriker', 'Headers'),
  },
  body: text(4000, 'Text som skickas', 'Text that is sent'),
  status: list(
    ['en lista av statuskoder', 'a list of status codes'],
    { type: 'integer', minimum: 100, maximum: 599 },
    {
      minItems: 1,
      maxItems: 20,
      uniqueItems: true,
      ...about(
        'Statuskoder som är bra; utan dem 200–299',
        'Status codes that are well; 200–299 without them',
      ),
    },
  ),
  contains: text(500, 'Text som svaret ska innehålla', 'Text the answer has to contain'),
  lacks: text(500, 'Text som svaret inte får innehålla', 'Text the answer must not contain'),
  json: list(
    ['en lista av förväntningar med path', 'a list of expectations with path'],
    object(
      [
        'en förväntning med path och equals, above eller below',
        'an expectation with path and equals, above or below',
      ],
      {
        path: { ...dotted, ...about('Punktad väg: queue.0.length', 'Dotted path: queue.0.length') },
        equals: { type: ['string', 'number', 'boolean', 'null'] },
        above: { type: 'number' },
        below: { type: 'number' },
      },
      { required: ['path'], minProperties: 2 },
    ),
    {
      minItems: 1,
      maxItems: 20,
      ...about('Vad som ska stå i ett svar av JSON', 'What an answer of JSON has to hold'),
    },
  ),
  certificateDays: {
    ...days,
    minProperties: 1,
    ...about('Dygn som certifikatet minst ska gälla', 'Days the certificate must still be valid'),
  },
  host: host('Värdnamn eller adress', 'Host name or address'),
  port,
  serverName: host('Namnet i certifikatet, om det är ett annat', 'Name in the certificate, if it is another'),
  connection: secretFor(
    'Hemlighet med adressen postgresql://… eller sqlserver://…',
    'Secret that holds the address postgresql://… or sqlserver://…',
  ),
  query: {
    ...aQuery,
    ...about(
      'En fråga som ger ett enda värde: en tidpunkt eller ett tal',
      'A query that gives a single value: a point in time or a number',
    ),
  },
  clock: oneOf(
    ['local', 'utc'],
    'Om tidpunkter i databasen är lokala eller UTC',
    'Whether times in the database are local or UTC',
  ),
  folder: text(500, 'Mapp', 'Folder'),
  sftp: object(
    ['en SFTP-server med host, user och hostKey', 'an SFTP server with host, user and hostKey'],
    {
      host: host('Värd', 'Host'),
      port,
      user: text(100, 'Användare', 'User'),
      password: secretFor('Lösenord', 'Password'),
      key: secretFor('Privat nyckel', 'Private key'),
      hostKey: {
        ...titled('ett SHA-256-fingeravtryck i base64', 'a SHA-256 fingerprint in base64'),
        type: 'string',
        pattern: '^[A-Za-z0-9+/]{43}$',
        ...about('Värdens nyckel: SHA-256 i base64 utan =', "The host's key: SHA-256 in base64 without ="),
      },
    },
    { required: ['host', 'user', 'hostKey'] },
  ),
  pattern: text(100, 'Filnamn som räknas: * och ? som vanligt', 'File names that count: * and ? as usual'),
  everyMinutes: whole(1, 44_640, 'Minuter mellan jobbets rapporter', "Minutes between the job's reports"),
  dailyAt: timeOfDay('Klockslag då jobbet körs varje dag', 'Time of day at which the job runs every day'),
  weekdaysAt: timeOfDay(
    'Klockslag då jobbet körs måndag till fredag',
    'Time of day at which the job runs from Monday to Friday',
  ),
  cron: {
    ...titled(
      'en cron-rad med minut, timme, dag, månad och veckodag, som 15 2 * * 1-5',
      'a cron line of minute, hour, day, month and weekday, as 15 2 * * 1-5',
    ),
    type: 'string',
    maxLength: 200,
    format: 'cron',
    ...about('Cron-rad då jobbet körs', 'Cron line by which the job runs'),
  },
  zone: {
    ...titled('en tidszon som Europe/Stockholm', 'a time zone as Europe/Stockholm'),
    type: 'string',
    maxLength: 100,
    format: 'time-zone',
    ...about(
      'Tidszon för klockslagen, annars Europe/Stockholm',
      'Time zone of the times of day, otherwise Europe/Stockholm',
    ),
  },
  lateMinutes: whole(0, 10_080, 'Minuter de får vara försenade', 'Minutes they may be late'),
  maxRunMinutes: whole(1, 10_080, 'Minuter en körning får ta', 'Minutes a run may take'),
  reportsVersion: object(
    ['en version som kontrollen rapporterar, med of', 'a version that the check reports, with of'],
    {
      of: {
        $ref: '#/definitions/id',
        ...about(
          'Systemet, delen eller integrationen i avtalet som versionen gäller',
          'The system, component or integration of the contract whose version it is',
        ),
      },
      query: {
        ...aQuery,
        ...about('sql: en egen fråga som ger versionen', 'sql: a query of its own that gives the version'),
      },
      path: {
        ...dotted,
        ...about(
          'http: punktad väg till versionen i ett svar av JSON',
          'http: dotted path to the version in an answer of JSON',
        ),
      },
      file: text(
        500,
        'files: en fil i mappen; process: hela sökvägen. Ett program för Windows (.exe, .dll) har en filversion, andra filer läses som text',
        'files: a file of the folder; process: the whole path. A program of Windows (.exe, .dll) has a file version, other files are read as text',
      ),
      after: text(
        100,
        'Text som versionen följer i filen; utan den det första som liknar 18.00.0',
        'Text that the version follows in the file; without it the first that looks like 18.00.0',
      ),
    },
    {
      required: ['of'],
      ...about('En version som kontrollen också tar reda på', 'A version that the check finds out besides'),
    },
  ),
  integration: {
    $ref: '#/definitions/id',
    ...about(
      'Integrationen i avtalet som kontrollen gäller: efter en uppgradering är det den som kontrollerar den',
      'The integration of the contract that it checks: after an upgrade it is this that checks it',
    ),
  },
  service: text(200, 'Systemtjänstens namn', "The system service's name"),
  program: text(200, 'Programmets namn', "The program's name"),
};

const everywhere: Property[] = [
  'site',
  'notPossible',
  'dependsOn',
  'runbook',
  'expectedHours',
  'maintenance',
  'intervalMinutes',
  'failuresBeforeAlert',
  'failuresWithin',
  'retrySeconds',
  'goodBeforeRecovery',
  'graceMinutes',
  'repeatMinutes',
];

/** Per kind: the further properties it takes, and the sets of which one must be complete for the check to be set up. */
export const kindProperties: Record<CheckKind, { takes: Property[]; needs: Property[][] }> = {
  http: {
    takes: [
      'url',
      'method',
      'headers',
      'body',
      'status',
      'contains',
      'lacks',
      'json',
      'certificateDays',
      'timeoutSeconds',
      'slowSeconds',
      'reportsVersion',
      'integration',
    ],
    needs: [['url']],
  },
  tcp: {
    takes: ['host', 'port', 'contains', 'timeoutSeconds', 'slowSeconds', 'integration'],
    needs: [['host', 'port']],
  },
  tls: {
    takes: ['host', 'port', 'serverName', 'certificateDays', 'timeoutSeconds', 'slowSeconds', 'integration'],
    needs: [['host', 'port']],
  },
  sql: {
    takes: [
      'connection',
      'query',
      'clock',
      'limits',
      'timeoutSeconds',
      'slowSeconds',
      'reportsVersion',
      'integration',
    ],
    needs: [['connection', 'query', 'limits']],
  },
  files: {
    takes: ['folder', 'sftp', 'pattern', 'limits', 'timeoutSeconds', 'reportsVersion', 'integration'],
    needs: [['folder', 'limits']],
  },
  heartbeat: {
    takes: ['everyMinutes', 'dailyAt', 'weekdaysAt', 'cron', 'zone', 'lateMinutes', 'maxRunMinutes'],
    needs: [['everyMinutes'], ['dailyAt'], ['weekdaysAt'], ['cron']],
  },
  process: {
    takes: ['service', 'program', 'limits', 'timeoutSeconds', 'reportsVersion', 'integration'],
    needs: [['service'], ['program']],
  },
};

/** Where a version stands, by the kind of check: what has to be said of it, and what may be. */
const versionPlaces: Partial<Record<CheckKind, { needs: string; takes: string[] }>> = {
  http: { needs: 'path', takes: [] },
  sql: { needs: 'query', takes: [] },
  files: { needs: 'file', takes: ['after'] },
  process: { needs: 'file', takes: ['after'] },
};

const versionPlace = (kind: CheckKind): TermSchema => {
  const place = versionPlaces[kind];
  if (!place) return {};
  const { needs, takes } = place;
  return {
    properties: {
      reportsVersion: { required: [needs], propertyNames: { enum: ['of', needs, ...takes] } },
    },
  };
};

const identity: Record<'id' | 'kind' | 'name', TermSchema> = {
  id: { $ref: '#/definitions/id' },
  kind: { enum: checkKinds, ...about('Slag av kontroll', 'Kind of check') },
  name: { $ref: '#/definitions/line' },
};

const ofKind = (kind: CheckKind): TermSchema => {
  const { takes, needs } = kindProperties[kind];
  const all = [...new Set(needs.flat())];
  return {
    if: { properties: { kind: { const: kind } }, required: ['kind'] },
    then: {
      propertyNames: { enum: ['id', 'kind', 'name', ...everywhere, ...takes] },
      ...versionPlace(kind),
      // A check with some of what it needs was meant to be set up: the rest is required.
      ...(needs.length === 1 && all.length > 1
        ? {
            dependencies: Object.fromEntries(
              all.map((name) => [name, all.filter((other) => other !== name)]),
            ),
          }
        : {}),
    },
  };
};

/** The schema of a whole check. */
export const checkSchema: TermSchema = object(
  ['en kontroll med id, kind och name', 'a check with id, kind and name'],
  { ...identity, ...properties },
  { required: ['id', 'kind', 'name'], allOf: checkKinds.map(ofKind) },
);

/** What a rule says of a check: settings of a check in the contract, or a whole check that no contract declares. */
export const checkPartSchema: TermSchema = object(
  ['det som gäller för en kontroll', 'what holds for a check'],
  { kind: identity.kind, name: identity.name, ...properties },
  { minProperties: 1, allOf: checkKinds.map(ofKind) },
);

/** Whether a check has what its kind needs to be run. */
export function isSetUp(check: Check): boolean {
  return kindProperties[check.kind].needs.some((needed) => needed.every((name) => check[name] !== undefined));
}
