/** Namespaces and search attributes: registered where they are missing, left alone where they are there. */
import type { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { temporal } from '@temporalio/proto';
import { expectedFound, joined } from '../../rules/engine/basics/text';
import type { Wording } from '../../rules/engine/basics/text';
import { inWords } from '../basics/spoken';
import { sleep } from './processes.cjs';

const { IndexedValueType } = temporal.api.enums.v1;
const GRPC_NOT_FOUND = 5;
const GRPC_ALREADY_EXISTS = 6;
/** Milliseconds until every part of the server knows a new namespace: its caches have to be read again. */
const VISIBLE_WITHIN_MS = 30_000;
const POLL_MS = 100;

export interface NamespaceSpec {
  name: string;
  description: string;
  retentionDays: number;
}

/** Where live agreements run. */
export const LIVE: NamespaceSpec = {
  name: 'serviceavtal',
  description: 'Service agreements in force',
  retentionDays: 90,
};

/** Simulated years: the only namespace in which the local server skips time. */
export const SIMULATIONS: NamespaceSpec = {
  name: 'simulations',
  description: 'Simulated agreement years',
  retentionDays: 1,
};

/** The search attributes of agreements, with their types. */
export const SEARCH_ATTRIBUTES = {
  AgreementNumber: 'Keyword',
  CustomerId: 'Keyword',
  Level: 'Keyword',
  Consultant: 'Keyword',
  Phase: 'Keyword',
  UpgradePhase: 'Keyword',
  YearNumber: 'Int',
  NextDue: 'Datetime',
  Attention: 'KeywordList',
} as const;

type AttributeType = (typeof SEARCH_ATTRIBUTES)[keyof typeof SEARCH_ATTRIBUTES];

const ATTRIBUTE_TYPES: Record<AttributeType, temporal.api.enums.v1.IndexedValueType> = {
  Keyword: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  Int: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  Datetime: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
  KeywordList: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
};

const grpcCode = (error: unknown): unknown => (error as { code?: unknown }).code;

/** Registers the namespace when it is missing. */
export async function ensureNamespace(connection: Connection, spec: NamespaceSpec): Promise<void> {
  try {
    await connection.workflowService.describeNamespace({ namespace: spec.name });
    return;
  } catch (error) {
    if (grpcCode(error) !== GRPC_NOT_FOUND) throw error;
  }
  try {
    await connection.workflowService.registerNamespace({
      namespace: spec.name,
      description: spec.description,
      workflowExecutionRetentionPeriod: msToTs(`${spec.retentionDays} days`),
    });
  } catch (error) {
    if (grpcCode(error) !== GRPC_ALREADY_EXISTS) throw error;
  }
}

/**
 * Adds the search attributes that `namespace` lacks. One that exists with another type is an error: the server
 * cannot change it.
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const present = await readSearchAttributes(connection, namespace);
  const wrong = Object.entries(SEARCH_ATTRIBUTES).filter(
    ([name, type]) => present[name] !== undefined && present[name] !== ATTRIBUTE_TYPES[type],
  );
  if (wrong.length > 0) {
    const told = wrong.map(([name, type]) =>
      joined(`${name}: `, expectedFound(type, describeType(present[name]))),
    );
    throw new Error(
      inWords({
        sv: `Sökattribut i namespace ${namespace} har en annan typ: ${told.map(({ sv }) => sv).join('; ')}`,
        en: `Search attributes in namespace ${namespace} have another type: ${told.map(({ en }) => en).join('; ')}`,
      }),
    );
  }
  const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => present[name] === undefined);
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(([name, type]) => [name, ATTRIBUTE_TYPES[type]])),
  });
}

type Attributes = Record<string, temporal.api.enums.v1.IndexedValueType>;

async function readSearchAttributes(connection: Connection, namespace: string): Promise<Attributes> {
  const deadline = Date.now() + VISIBLE_WITHIN_MS;
  for (;;) {
    try {
      return (await connection.operatorService.listSearchAttributes({ namespace })).customAttributes;
    } catch (error) {
      if (grpcCode(error) !== GRPC_NOT_FOUND || Date.now() > deadline) throw error;
    }
    await sleep(POLL_MS);
  }
}

function describeType(type: temporal.api.enums.v1.IndexedValueType | undefined): Wording {
  return type === undefined ? { sv: 'ingen', en: 'none' } : (IndexedValueType[type] ?? String(type));
}

/** The commands with which a person sets up what a server did not permit us to. */
export function describeSetUp(namespace: string): string {
  const attributes = Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => `--name ${name} --type ${type}`);
  return (
    `  temporal operator namespace create --namespace ${namespace} --retention ${LIVE.retentionDays}d\n` +
    `  temporal operator search-attribute create --namespace ${namespace} \\\n    ${attributes.join(' \\\n    ')}`
  );
}
