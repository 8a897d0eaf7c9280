/**
 * What `npm start` costs when nobody does anything, beside a server and a database that do nothing: processor time over
 * the same minutes on the same machine, and the events that the agreements' histories grew by.
 */
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { runningParts } from '../helpers/own-start';
import type { BenchStack, Measured } from './measured';
import { cpuOf } from './monitoring-load';
import { startProduct } from './second-start';

/** The first minute still has the example to sign, its welcome to send and its plan to make. */
const SETTLE_MS = 60_000;

export interface IdleOptions {
  /** The bench's own data, on which its stack runs. */
  dataDir: string;
  minutes: number;
  onProgress: (text: string) => void;
}

/** Each process's parent. */
function parents(): Map<number, number> {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    processes.flatMap((pid): [number, number][] => {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
        return [[Number(pid), Number(fields[1])]];
      } catch {
        return [];
      }
    }),
  );
}

/** Microseconds of processor time so far: of a process, of all that descend from it, and of those that have ended. */
function cpuOfTree(root: number): number {
  const all = [...parents()];
  const tree = [root];
  for (const pid of tree) tree.push(...all.flatMap(([child, parent]) => (parent === pid ? [child] : [])));
  return tree.reduce((sum, pid) => {
    try {
      return sum + cpuOf(pid) + cpuOf(pid, 'children');
    } catch {
      return sum;
    }
  }, 0);
}

/** Processor time of the parts on a data folder, by name. */
function cpuOfParts(dataDir: string): Map<string, number> {
  return new Map(runningParts(dataDir).map(({ name, pid }) => [name, cpuOfTree(pid)]));
}

/** Events of each workflow that runs. */
async function events(client: Client): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for await (const { workflowId, runId } of client.workflow.list({ query: "ExecutionStatus = 'Running'" })) {
    const { workflowExecutionInfo } = await client.workflowService.describeWorkflowExecution({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
    });
    found.set(workflowId, Number(String(workflowExecutionInfo?.historyLength)));
  }
  return found;
}

/** Leaves the product alone, as it is after its first start, beside the bench's own stack. */
export async function measureIdle(stack: BenchStack, options: IdleOptions): Promise<Measured> {
  const { minutes, onProgress } = options;
  const dataDir = path.join(options.dataDir, 'idle');
  rmSync(dataDir, { recursive: true, force: true });
  onProgress('idle: the first start');
  const product = await startProduct(dataDir);
  try {
    await pause(SETTLE_MS);
    const ports = JSON.parse(readFileSync(path.join(dataDir, 'ports.json'), 'utf8')) as { temporal: number };
    const connection = await Connection.connect({ address: `127.0.0.1:${ports.temporal}` });
    const client = new Client({ connection, namespace: stack.namespace });
    const eventsBefore = await events(client);
    const [before, bareBefore] = [cpuOfTree(product.pid), cpuOfParts(options.dataDir)];
    const partsBefore = cpuOfParts(dataDir);
    for (let minute = 0; minute < minutes; minute += 1) {
      onProgress(`idle: minute ${minute + 1} of ${minutes}`);
      await pause(60_000);
    }
    const [after, bareAfter] = [cpuOfTree(product.pid), cpuOfParts(options.dataDir)];
    const partsAfter = cpuOfParts(dataDir);
    const eventsAfter = await events(client);
    await connection.close();
    const share = (microseconds: number): number => microseconds / (minutes * 600_000);
    const spent = (name: string, from: Map<string, number>, to: Map<string, number>): number =>
      share((to.get(name) ?? NaN) - (from.get(name) ?? NaN));
    const bare = spent('temporal', bareBefore, bareAfter) + spent('postgres', bareBefore, bareAfter);
    const grown = [...eventsBefore].map(([id, length]) => `${id} ${(eventsAfter.get(id) ?? NaN) - length}`);
    const parts = ['temporal', 'postgres'].map((name) => {
      const [own, other] = [spent(name, partsBefore, partsAfter), spent(name, bareBefore, bareAfter)];
      return `${name} ${own.toFixed(2)} beside ${other.toFixed(2)}`;
    });
    return {
      id: 'idle',
      name: `left alone for ${minutes} minutes`,
      unit: '% of a core',
      product: share(after - before),
      bare,
      ratio: share(after - before) / bare,
      goal: { of: 'ratio', atMost: 1.5 },
      note: `of which ${parts.join(', ')}; events: ${grown.join(', ')}`,
    };
  } finally {
    await product.stop();
  }
}
