/** The result as one document, and as a table for people. */
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { openDb } from '../../activities/db';
import { projectRoot } from '../../worker/settings/configuration';
import type { StackAddresses } from '../../worker/local/running-stack';
import type { Measured } from './measured';
import { reached } from './measured';

export interface Versions {
  node: string;
  sdk: string;
  temporal: string;
  postgres: string;
}

export interface BenchDocument {
  date: string;
  quick: boolean;
  machine: { cores: number; processor: string; memoryGiB: number; system: string; loadBefore: number };
  versions: Versions;
  /** Commits wait for the disk, as in production. */
  fsync: true;
  seconds: number;
  results: (Measured & { goalReached?: boolean })[];
}

/** No host name, no path: the document is published. */
export function describeMachine(): BenchDocument['machine'] {
  return {
    cores: os.cpus().length,
    processor: os.cpus()[0]?.model.trim() || 'unknown',
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.arch()}`,
    loadBefore: Math.round((os.loadavg()[0] ?? 0) * 10) / 10,
  };
}

/** Asks the running programs what they are. */
export async function readVersions(stack: StackAddresses): Promise<Versions> {
  const connection = await Connection.connect({ address: stack.temporalAddress });
  const db = openDb(stack.databaseUrl, { maxConnections: 1 });
  try {
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    const [row] = await db.query<{ server_version: string }>('show server_version');
    const manifest = readFileSync(path.join(projectRoot, 'package.json'), 'utf8');
    const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
    return {
      node: process.versions.node,
      sdk: dependencies['@temporalio/worker'] ?? 'unknown',
      temporal: serverVersion,
      postgres: row?.server_version ?? 'unknown',
    };
  } finally {
    await db.close();
    await connection.close();
  }
}

const figure = (value: number | undefined): string => {
  if (value === undefined) return '–';
  if (Number.isInteger(value)) return String(value);
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
};

function ratioOf({ ratio, lowestRatio, highestRatio }: Measured): string {
  if (ratio === undefined) return '–';
  const range =
    lowestRatio === undefined || highestRatio === undefined
      ? ''
      : ` (${lowestRatio.toFixed(2)}–${highestRatio.toFixed(2)})`;
  return `${ratio.toFixed(2)}${range}`;
}

function goalOf(measured: Measured): string {
  const { goal } = measured;
  if (!goal) return '';
  const wanted =
    goal.of === 'product'
      ? `< ${goal.below}`
      : 'atLeast' in goal
        ? `ratio ≥ ${goal.atLeast}`
        : `ratio ≤ ${goal.atMost}`;
  return `${wanted}: ${reached(measured) ? 'reached' : 'missed'}`;
}

/** A markdown table that also reads well on a terminal. */
export function table(document: BenchDocument): string {
  const rows = [
    ['', 'product', 'bare', 'ratio (range)', 'unit', 'goal'],
    ...document.results.map((measured) => [
      measured.name,
      figure(measured.product),
      figure(measured.bare),
      ratioOf(measured),
      measured.unit,
      goalOf(measured),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  const notes = document.results.flatMap(({ name, note }) => (note ? [`* ${name}: ${note}`] : []));
  return [head, rule, ...body, '', ...notes, '', footer(document), ''].join('\n');
}

function footer({ date, quick, machine, versions, seconds }: BenchDocument): string {
  return (
    `${date}${quick ? ', quick' : ''}, ${Math.round(seconds)} s; ${machine.cores} cores (${machine.processor}), ` +
    `${machine.memoryGiB} GiB, ${machine.system}, load ${machine.loadBefore} before; Node ${versions.node}, ` +
    `SDK ${versions.sdk}, Temporal ${versions.temporal}, PostgreSQL ${versions.postgres} with fsync`
  );
}
