/** `serviceavtal links`: the personal links that hold, what was done by one, and revoking them. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { findAgreement } from '../../activities/agreements/agreements';
import type { Db } from '../../activities/db';
import type { PageEvent } from '../../activities/pages/events';
import { eventsOf } from '../../activities/pages/events';
import type { ListedLink } from '../../activities/pages/links';
import { findListedLink, listLinks, revokeLinks } from '../../activities/pages/links';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { addressKey } from '../../rules/engine/basics/mail-address';
import { printable } from '../../rules/engine/basics/one-line';
import { expectedFound, inBoth } from '../../rules/engine/basics/text';
import { readWhole } from '../../rules/engine/basics/read-number';
import { eventWords, purposeWords, refusedWords } from '../../templates/pages/link-words';
import { formatTimeInWords } from '../../templates/words/numbers';
import { formatMinute } from '../../templates/words/dates';
import { noAgreement } from '../../templates/words/no-agreement';
import { inWords, spoken } from '../basics/spoken';
import { readConfiguration } from '../settings/configuration';
import { withStack } from '../processes/with-stack';
import { languageOption } from './findings-output';
import { below } from './help-words';
import { agreementNumber, asJson, confirmed, refuse, say, whoever } from './terminal';

interface Options {
  json?: boolean;
  agreement?: string;
  contact?: string;
  by?: string;
  yes?: boolean;
}

export function registerLinks(program: Command): void {
  const links = program
    .command('links')
    .description('personal links in mails: whom each went to, and what was done');
  links
    .command('list', { isDefault: true })
    .argument('[agreement]', 'its number; all agreements without one', agreementNumber)
    .description('the links that hold, and those that were refused lately: for whom, what for, and when')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action((number: string | undefined, { json }: Options) =>
      withStack(readConfiguration(), async ({ db }) => {
        if (number !== undefined) await requireAgreement(db, number);
        const all = await listLinks(db, now(), { agreement: number, refused: true });
        if (json) return void say(asJson(all));
        say(all.length === 0 ? inWords(none) : all.map(lineOf).join('\n'));
      }),
    );
  links
    .command('show')
    .argument('<id>', 'as `links` lists it', linkId)
    .description('one link, and who did what by it')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action((id: number, { json }: Options) =>
      withStack(readConfiguration(), async ({ db }) => {
        const link = await requireLink(db, id);
        const events = await eventsOf(db, id);
        say(json ? asJson({ ...link, events }) : [lineOf(link), ...events.map(eventLine)].join('\n'));
      }),
    );
  links
    .command('revoke')
    .argument('[id]', 'as `links` lists it', linkId)
    .description('revokes one link, or all that somebody has of an agreement: they open nothing any more')
    .option('--agreement <number>', "the agreement's number, with --contact", agreementNumber)
    .option('--contact <contact>', "whose links: the contact's id, or the address they went to")
    .option('--by <who>', "who revokes them (the system's user)")
    .option('--yes', 'do not ask')
    .addOption(languageOption('what is shown'))
    .addHelpText(
      'after',
      below(undefined, 'links revoke 17', 'links revoke --agreement testbolaget-2027 --contact contact-1'),
    )
    .action((id: number | undefined, options: Options) =>
      withStack(readConfiguration(), ({ db }) => revoke(db, id, options)),
    );
}

async function revoke(db: Db, id: number | undefined, options: Options): Promise<void> {
  const found = (await meant(db, id, options)).filter(({ revokedAt }) => revokedAt === null);
  if (found.length === 0)
    return refuse(inWords({ sv: 'Ingen länk att återkalla.', en: 'No link to revoke.' }));
  say(found.map(lineOf).join('\n'));
  const question = {
    sv: `Återkalla ${found.length === 1 ? 'länken' : `${found.length} länkar`}? Det går inte att ångra.`,
    en: `Revoke ${found.length === 1 ? 'the link' : `${found.length} links`}? This cannot be undone.`,
  };
  if (!options.yes && !(await confirmed(inWords(question))))
    return refuse(inWords({ sv: 'Inget är ändrat.', en: 'Nothing was changed.' }));
  const ids = found.map((link) => link.id);
  const count = await db.transaction((tx) => revokeLinks(tx, ids, { by: whoever(options.by), at: now() }));
  say(inWords({ sv: `Återkallade: ${count}`, en: `Revoked: ${count}` }));
}

/** The links that somebody names: one, or all of a person in an agreement. */
async function meant(db: Db, id: number | undefined, { agreement, contact }: Options): Promise<ListedLink[]> {
  if (id !== undefined && contact === undefined && agreement === undefined)
    return [await requireLink(db, id)];
  if (id !== undefined || contact === undefined || agreement === undefined)
    throw new BilingualError({
      sv: 'förväntade antingen en länks id, eller både --agreement och --contact',
      en: 'expected either the id of a link, or both --agreement and --contact',
    });
  await requireAgreement(db, agreement);
  return (await listLinks(db, now(), { agreement })).filter(
    (link) => link.contact === contact || addressKey(link.recipient) === addressKey(contact),
  );
}

const now = (): string => new Date().toISOString();

async function requireAgreement(db: Db, number: string): Promise<void> {
  if (!(await findAgreement(db, number))) throw new BilingualError(noAgreement(number));
}

async function requireLink(db: Db, id: number): Promise<ListedLink> {
  const link = await findListedLink(db, id);
  if (link) return link;
  const one = { sv: 'en länk som `links` listar', en: 'a link as `links` lists it' };
  throw new BilingualError(expectedFound(one, `${id}`));
}

function linkId(text: string): number {
  const id = readWhole(text, 1, Number.MAX_SAFE_INTEGER);
  if (id !== undefined) return id;
  throw new InvalidArgumentError(
    inWords(expectedFound({ sv: 'ett id som 17', en: 'an id as 17' }, `"${text}"`)),
  );
}

const none = { sv: 'Ingen länk gäller.', en: 'No link holds.' };

function lineOf(link: ListedLink): string {
  const {
    id,
    agreement,
    contact,
    recipient,
    purpose,
    subject,
    expires,
    revokedAt,
    revokedBy,
    openedAt,
    refusedAt,
  } = link;
  const until = formatMinute(expires);
  const opened = openedAt && formatMinute(openedAt);
  const state = revokedAt
    ? {
        sv: `återkallad ${formatMinute(revokedAt)} av ${revokedBy ?? '-'}`,
        en: `revoked ${formatMinute(revokedAt)} by ${revokedBy ?? '-'}`,
      }
    : expires > now()
      ? { sv: `till ${until}`, en: `until ${until}` }
      : { sv: `gick ut ${until}`, en: `expired ${until}` };
  const last = opened
    ? { sv: `öppnad senast ${opened}`, en: `opened last ${opened}` }
    : { sv: 'inte öppnad', en: 'not opened' };
  const tried = refusedAt && formatMinute(refusedAt);
  const refused = tried ? [{ sv: `avvisat besök senast ${tried}`, en: `visit refused last ${tried}` }] : [];
  return [
    `${String(id).padEnd(6)} ${agreement}  ${inWords(purposeWords[purpose] ?? inBoth(purpose))} (${subject})`,
    printable(`       ${contact}, ${recipient}: ${[state, last, ...refused].map(inWords).join(', ')}`),
  ].join('\n');
}

/** What is kept of an event for the page itself. */
const untold = ['said', 'state', 'amountMinor', 'rest', 'form'];

function eventLine({ event, at, details }: PageEvent): string {
  const words = inWords(eventWords[event] ?? inBoth(event));
  const more = Object.entries(details).flatMap(([name, value]) => {
    if (untold.includes(name)) return [];
    if (event === 'refused') return [inWords(refusedWords[String(value)] ?? inBoth(String(value)))];
    return name === 'seconds' && typeof value === 'number'
      ? [formatTimeInWords(value, spoken())]
      : [`${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`];
  });
  return printable(`       ${formatMinute(at)}  ${[words, ...more].join(', ')}`);
}
