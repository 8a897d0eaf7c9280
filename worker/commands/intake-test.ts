/** `npx serviceavtal intake test`: tries a mapping on a signed document, before anything depends on it. */
import { readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import type { Language, Text } from '../../rules/engine/basics/text';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import { unreadableFile } from '../basics/system-reason';
import { didYouMean } from '../../rules/engine/basics/did-you-mean';
import { formatReason, mapSigning } from '../../rules/engine/signing/map-signing';
import type { SigningMapping } from '../../rules/engine/signing/mapping';
import { readDocument } from '../../rules/engine/signing/read-document';
import { readPayload } from '../../rules/engine/signing/read-payload';
import type {
  Read,
  SigningDocument,
  SigningReason,
  SigningService,
} from '../../rules/engine/signing/signing';
import { signingServices } from '../../rules/engine/signing/signing';
import { unusedFields } from '../../rules/engine/signing/unused-fields';
import type { Fit } from '../../rules/engine/contract/read-contract';
import { levelsOf } from '../../rules/engine/ruleset/ruleset-paths';
import { readRulesetTexts } from '../files/rule-folder';
import { FindingsError, inFolder } from '../files/rule-files';
import { readMappingFile } from '../files/signing-mappings';
import { asJson, say, tell } from './terminal';
import type { CheckOptions } from './findings-output';
import { languageOption, rulesOption, settled } from './findings-output';
import { below } from './help-words';

/** Documents hold their papers in base64; larger files are no documents. */
const maxBytes = 64 * 1024 * 1024;

const help = {
  sv: `Filen innehåller, för docusign och signed, en leverans så som den kom (\`intake show ID --raw FIL\` skriver en); för
scrive dokumentet och för oneflow kontraktet, som deras API ger det (\`intake show ID --fetched --raw FIL\`).

Avtalet skrivs som \`sign\` tar det; allt annat skrivs till standardfel:

  $ npx serviceavtal intake test docusign examples/signing/docusign.json > contract.json
  $ npx serviceavtal simulate contract.json

Slutkoden är 1 om något saknas. Inget startas och inget sparas.`,
  en: `The file holds, for docusign and signed, the body of a delivery (\`intake show ID --raw FILE\` writes one that came); for scrive
the document and for oneflow the contract, as their API gives it (\`intake show ID --fetched --raw FILE\`).

The contract is printed as \`sign\` takes it; everything else goes to standard error:

  $ npx serviceavtal intake test docusign examples/signing/docusign.json > contract.json
  $ npx serviceavtal simulate contract.json

The exit code is 1 if something is missing. Nothing is started and nothing is kept.`,
};

/** The result of a test. */
interface Outcome {
  document?: SigningDocument;
  contract?: object;
  from?: string;
  notOurs?: Text;
  missing: SigningReason[];
  unused: string[];
}

/** Adds `test` to the command of the intake. */
export function registerIntakeTest(intake: Command): void {
  intake
    .command('test')
    .argument('<service>', `the signing service: ${signingServices.join(', ')}`)
    .argument('<file>', 'what the service says of a document, JSON')
    .description('shows the contract that a signed document gives, or what is missing')
    .addOption(rulesOption())
    .option('--json', 'print one document')
    .addOption(languageOption())
    .addHelpText('after', below(help))
    .action((name: string, file: string, options: CheckOptions) => {
      const { rulesDir, language } = settled(options);
      const service = knownService(name, language);
      const payload = readFile(file);
      const { mapping, findings } = readMappingFile(rulesDir, service);
      if (mapping === undefined)
        throw new FindingsError(inFolder(findings, rulesDir), words[language].unusable, language);
      const outcome = tried(service, mapping, payload, {
        levels: levelsOf(Object.keys(readRulesetTexts(rulesDir).texts)),
      });
      if (options.json) say(asJson(asDocument(service, outcome)));
      else print(service, outcome, language);
      if (outcome.missing.length > 0) process.exitCode = 1;
    });
}

function tried(service: SigningService, mapping: SigningMapping, payload: Read<unknown>, fit: Fit): Outcome {
  const read = 'reasons' in payload ? payload : readDocument(service, payload.value);
  if ('reasons' in read) return { missing: read.reasons, unused: [] };
  const document = read.value;
  const unused = unusedFields(mapping, document);
  const given = mapSigning(mapping, document, fit);
  if ('notOurs' in given) return { document, notOurs: given.notOurs, missing: [], unused };
  if ('reasons' in given) return { document, missing: given.reasons, unused };
  return { document, ...given.value, missing: [], unused };
}

function knownService(name: string, language: Language): SigningService {
  const known = signingServices.find((service) => service === name);
  if (known !== undefined) return known;
  const hint = didYouMean(name, signingServices)[language];
  const services = signingServices.join(', ');
  throw new Error(
    language === 'sv'
      ? `förväntade en signeringstjänst, ett av ${services}, hittade "${name}"${hint}`
      : `expected a signing service, one of ${services}, found "${name}"${hint}`,
  );
}

/** @throws if it cannot be read, or is no JSON */
function readFile(file: string): Read<unknown> {
  let text: string;
  try {
    const { size } = statSync(file);
    if (size > maxBytes)
      throw new BilingualError(
        expectedFound({ sv: `högst ${maxBytes} byte`, en: `at most ${maxBytes} bytes` }, String(size)),
      );
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    throw unreadableFile(file, error);
  }
  const read = readPayload(text);
  const [noJson] = 'reasons' in read ? read.reasons.filter(({ about }) => about === undefined) : [];
  if (noJson) throw new BilingualError(joined(`${file}: `, noJson.message));
  return read;
}

const asReasons = (reasons: readonly SigningReason[]): object[] =>
  reasons.map(({ about, message }) => ({
    ...(about === undefined ? {} : { about }),
    message: message.en,
    messageSv: message.sv,
  }));

/** The JSON document of a test. Papers are given by their size. */
function asDocument(service: SigningService, outcome: Outcome): object {
  const { document, contract, from, notOurs, missing, unused } = outcome;
  const { contract: _, files = [], ...read } = document ?? {};
  return {
    service,
    ...(document && {
      document: {
        ...read,
        files: files.map(({ base64, ...file }) => ({ ...file, bytes: bytesOf(base64) })),
      },
    }),
    ...(contract && { contract }),
    ...(from && { from }),
    ...(notOurs && { notOurs: notOurs.en, notOursSv: notOurs.sv }),
    missing: asReasons(missing),
    unused,
  };
}

const bytesOf = (base64: string): number => Buffer.byteLength(base64, 'base64');

const words = {
  sv: {
    unusable: 'Mappningen kan inte användas:',
    bytes: 'byte',
    document: 'dokument',
    signer: 'undertecknare',
    file: 'fil',
    from: 'ändring från',
    unused: 'används inte',
    notOurs: 'Inget serviceavtal enligt mappningens villkor:',
    missing: (count: number) => (count === 1 ? 'En sak saknas:' : `${count} saker saknas:`),
    startsNothing: 'Bara ett färdigt dokument (completed) startar ett avtal.',
  },
  en: {
    unusable: 'The mapping cannot be used:',
    bytes: 'bytes',
    document: 'document',
    signer: 'signer',
    file: 'file',
    from: 'amendment from',
    unused: 'not used',
    notOurs: "No service agreement by the mapping's conditions:",
    missing: (count: number) => (count === 1 ? 'One thing is missing:' : `${count} things are missing:`),
    startsNothing: 'Only a completed document starts an agreement.',
  },
} as const;

function print(service: SigningService, outcome: Outcome, language: Language): void {
  const word = words[language];
  const line = (label: string, text: string): boolean => tell(`${label.padEnd(15)} ${text}`);
  const { document, contract, from, notOurs, missing, unused } = outcome;
  if (document !== undefined) {
    const { title, outcome: what, status, completedAt } = document;
    line(word.document, [service, document.document, title].filter((part) => part !== undefined).join('  '));
    line('', [`${what} (${status})`, completedAt].filter((part) => part !== undefined).join('  '));
    for (const { name, email, signedAt } of document.signers)
      line(word.signer, [name, email, signedAt].filter((part) => part).join('  '));
    for (const { kind, name, base64 } of document.files)
      line(word.file, `${kind}: ${name}, ${bytesOf(base64)} ${word.bytes}`);
    if (unused.length > 0) line(word.unused, unused.join(', '));
    if (what !== 'completed') tell(word.startsNothing);
  }
  if (from !== undefined) line(word.from, from);
  if (notOurs !== undefined) tell(`${word.notOurs} ${notOurs[language]}`);
  if (missing.length > 0) {
    tell(word.missing(missing.length));
    for (const reason of missing) tell(`  ${formatReason(reason)[language]}`);
  }
  if (contract !== undefined) say(asJson(contract));
}
