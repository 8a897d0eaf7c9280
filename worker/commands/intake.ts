/** `serviceavtal intake`: lists the deliveries of signing services, and lets a person act on those that wait. */
import { writeFileSync } from 'node:fs';
import { counted } from '../../rules/engine/basics/counted';
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { Db } from '../../activities/db';
import type { DeliveryState } from '../../activities/signings/delivery-commands';
import {
  contentOf,
  deliveryStates,
  findDelivery,
  listDeliveries,
  rejectDelivery,
  retryDeliveries,
  retryDelivery,
  takenWithin,
} from '../../activities/signings/delivery-commands';
import { readWhole } from '../../rules/engine/basics/read-number';
import type { SigningService } from '../../rules/engine/signing/signing';
import { signingServices } from '../../rules/engine/signing/signing';
import { deliveryStateName } from '../../templates/words/delivery-states';
import { inWords, spoken } from '../basics/spoken';
import { languageOption } from './findings-output';
import { readConfiguration } from '../settings/configuration';
import { nextSteps, printDeliveries, printDelivery, showContent } from './intake/print-delivery';
import { asJson, confirmed, reasonText, refuse, say, tell, whoever } from './terminal';
import { agreementLink } from '../temporal/web-ui-links';
import { withStack } from '../processes/with-stack';
import { below } from './help-words';
import { unwritableFile } from '../files/make-folder';

/** Days whose deliveries are counted when nothing waits. */
const takenDays = 30;

interface ListOptions {
  state?: DeliveryState | 'all';
  service?: SigningService;
  limit: number;
  json?: boolean;
}

interface ShowOptions {
  raw?: string;
  fetched?: boolean;
  json?: boolean;
}

interface RetryOptions {
  all?: boolean;
  service?: SigningService;
  by?: string;
  json?: boolean;
}

interface RejectOptions {
  reason: string;
  by?: string;
  yes?: boolean;
  json?: boolean;
}

/** Registers the command. @returns it, for others to add subcommands */
export function registerIntake(program: Command): Command {
  const intake = program
    .command('intake')
    .description('what signing services delivered, and what waits for a person');
  intake
    .command('list', { isDefault: true })
    .description('what waits for a person or could not be processed, newest last')
    .addOption(new Option('--state <state>', 'those in this state').choices([...deliveryStates, 'all']))
    .addOption(ofService('those of this service'))
    .option('--limit <n>', 'so many of the newest', atMost, 200)
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(listAction);
  intake
    .command('show')
    .argument('<id>', 'as `intake list` shows it', deliveryNumber)
    .description('everything about one delivery, and what can be done with it')
    .option('--raw <file>', 'write what came, byte for byte, to a file; - to the output')
    .option('--fetched', "what the service's API answered, in the place of what came")
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .addHelpText('after', below(undefined, 'intake show 17', 'intake show 17 --raw -'))
    .action(showAction);
  intake
    .command('retry')
    .argument('[id]', 'as `intake list` shows it', deliveryNumber)
    .description('has one delivery, or all that wait, processed again; undoes a reject')
    .option('--all', 'all that `intake list` shows')
    .addOption(ofService('with --all: those of this service'))
    .option('--by <name>', 'who asks for it (you, as the system knows you)')
    .option('--json', 'print one document')
    .addOption(languageOption('what is shown'))
    .action(retryAction);
  intake
    .command('reject')
    .argument('<id>', 'as `intake list` shows it', deliveryNumber)
    .description('puts a delivery aside: no agreement becomes of it; `intake retry` undoes it')
    .requiredOption('--reason <text>', 'why; it is kept', reasonText)
    .option('--by <name>', 'who rejects it (you, as the system knows you)')
    .option('--yes', 'do not ask')
    .option('--json', 'print one document; asks nothing, so it takes --yes')
    .addOption(languageOption('what is shown'))
    .action(rejectAction);
  return intake;
}

const said = {
  sv: {
    noDelivery: 'förväntade numret på en leverans, som `intake list` visar det',
    noLimit: 'förväntade ett heltal från 1 till 999999',
    nothingCame: 'Inget har kommit.',
    nothingIs: (state: DeliveryState) =>
      `Ingen leverans ${state === 'waiting' ? '' : 'är '}${deliveryStateName(state, 'sv')}.`,
    nothingWaits: (taken: number) =>
      `Inget väntar. Senaste ${takenDays} dagarna har ${taken} tagits emot som avtal eller tillägg.`,
    notAsked: (id: number) =>
      `förväntade ett svar från tjänstens API om leverans ${id}, hittade inget: det tillfrågades inte`,
    written: (id: number, bytes: number, file: string) =>
      `Leverans ${id}: ${counted(bytes, ['byte skriven', 'byte skrivna'])} till ${file}.`,
    oneOrAll: 'förväntade numret på en leverans eller --all, hittade båda eller inget',
    serviceOfAll: 'förväntade --service endast med --all, hittade den med numret på en leverans',
    noneToRetry: 'Inget väntar.',
    retried: (ids: readonly number[], running: boolean) =>
      (ids.length === 1 ? `Leverans ${ids[0]} behandlas` : `${ids.length} leveranser behandlas`) +
      (running
        ? ' nu; `npx serviceavtal intake list` visar vad som väntar ännu.'
        : ' när `npm start` körs igen.'),
    needsYes: 'förväntade --yes med --json: då ställs ingen fråga',
    ask: (id: number) => `Lägga leverans ${id} åt sidan? Det blir inget avtal av den.`,
    unchanged: 'Inget är ändrat.',
    rejected: (id: number) =>
      `Leverans ${id} är lagd åt sidan. För att ångra det: npx serviceavtal intake retry ${id}`,
  },
  en: {
    noDelivery: 'expected the number of a delivery, as `intake list` shows it',
    noLimit: 'expected a whole number from 1 to 999999',
    nothingCame: 'Nothing came.',
    nothingIs: (state: DeliveryState) => `Nothing is ${state}.`,
    nothingWaits: (taken: number) => `Nothing waits. ${taken} taken in the last ${takenDays} days.`,
    notAsked: (id: number) =>
      `expected an answer of the service's API about delivery ${id}, found none: it was not asked`,
    written: (id: number, bytes: number, file: string) =>
      `Delivery ${id}: ${counted(bytes, ['byte', 'bytes'])} written to ${file}.`,
    oneOrAll: 'expected the number of a delivery or --all, found both or neither',
    serviceOfAll: 'expected --service with --all only, found it with the number of a delivery',
    noneToRetry: 'Nothing waits.',
    retried: (ids: readonly number[], running: boolean) =>
      (ids.length === 1 ? `Delivery ${ids[0]} is processed` : `${ids.length} deliveries are processed`) +
      (running
        ? ' now; `npx serviceavtal intake list` shows what waits still.'
        : ' when `npm start` runs again.'),
    needsYes: 'expected --yes with --json, which asks nothing',
    ask: (id: number) => `Reject delivery ${id}? No agreement becomes of it.`,
    unchanged: 'Nothing was changed.',
    rejected: (id: number) => `Delivery ${id} is rejected. To undo it: npx serviceavtal intake retry ${id}`,
  },
} as const;

const ofService = (description: string): Option =>
  new Option('--service <service>', description).choices(signingServices);

function deliveryNumber(text: string): number {
  const number = readWhole(text, 1, Number.MAX_SAFE_INTEGER);
  if (number === undefined) throw new InvalidArgumentError(said[spoken()].noDelivery);
  return number;
}

function atMost(text: string): number {
  const number = readWhole(text, 1, 999_999);
  if (number === undefined) throw new InvalidArgumentError(said[spoken()].noLimit);
  return number;
}

async function listAction({ state, service, limit, json }: ListOptions): Promise<void> {
  await withStack(readConfiguration(), async ({ db }) => {
    const filter = { limit, ...(state && { state }), ...(service && { service }) };
    const { deliveries, older } = await listDeliveries(db, filter);
    if (json) return void say(asJson({ deliveries, older }));
    if (deliveries.length > 0) return void say(printDeliveries(deliveries, older, spoken()));
    const words = said[spoken()];
    if (state !== undefined) return void say(state === 'all' ? words.nothingCame : words.nothingIs(state));
    say(words.nothingWaits(await takenWithin(db, takenDays)));
  });
}

async function showAction(id: number, { raw, fetched, json }: ShowOptions): Promise<void> {
  const configuration = readConfiguration();
  await withStack(configuration, async ({ db, stack }) => {
    const which = fetched ? 'fetched' : 'body';
    if (raw !== undefined) return writeRaw(raw, id, await given(db, id, which));
    const delivery = await findDelivery(db, id);
    const linkTo = agreementLink(configuration, stack);
    const agreement = delivery.agreement ?? delivery.signing?.agreement;
    const link = agreement === undefined ? undefined : linkTo(agreement);
    const next = nextSteps(delivery);
    if (json)
      return void say(
        asJson({ ...delivery, ...(link !== undefined && { link }), next: next.map(({ en }) => en) }),
      );
    const content = await given(db, id, which);
    say(printDelivery(delivery, link, spoken()));
    say(showContent(content, delivery, which, spoken()));
    for (const line of next) say(inWords(line));
  });
}

async function given(db: Db, id: number, which: 'body' | 'fetched'): Promise<Buffer> {
  const content = await contentOf(db, id, which);
  if (content === null) throw new Error(said[spoken()].notAsked(id));
  return content;
}

function writeRaw(file: string, id: number, content: Buffer): void {
  if (file === '-') return void process.stdout.write(content);
  try {
    // An existing file is not overwritten, and only the owner may read the new one.
    writeFileSync(file, content, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    throw unwritableFile(file, error);
  }
  tell(said[spoken()].written(id, content.length, file));
}

async function retryAction(id: number | undefined, { all, service, by, json }: RetryOptions): Promise<void> {
  const words = said[spoken()];
  if ((id === undefined) !== (all === true)) throw new Error(words.oneOrAll);
  if (id !== undefined && service !== undefined) throw new Error(words.serviceOfAll);
  await withStack(readConfiguration(), async ({ db, running }) => {
    const ids =
      id === undefined
        ? await retryDeliveries(db, { by: whoever(by), ...(service && { service }) })
        : [(await retryDelivery(db, id, whoever(by))).id];
    if (json) return void say(asJson({ retried: ids, running }));
    if (ids.length === 0) return void say(words.noneToRetry);
    say(words.retried(ids, running));
  });
}

async function rejectAction(id: number, { reason, by, yes, json }: RejectOptions): Promise<void> {
  const words = said[spoken()];
  if (json && !yes) throw new Error(words.needsYes);
  await withStack(readConfiguration(), async ({ db }) => {
    if (!yes) {
      say(printDeliveries([await findDelivery(db, id)], 0, spoken()));
      if (!(await confirmed(words.ask(id)))) return refuse(words.unchanged);
    }
    const rejected = await rejectDelivery(db, id, { reason, by: whoever(by) });
    if (json) return void say(asJson(rejected));
    say(words.rejected(id));
  });
}
