/**
 * Runs `npx serviceavtal …` as a person does, without a terminal: in this process, where all files are loaded already,
 * or in a process of its own.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { identifyProcess } from '../../worker/local/processes.cjs';
import type { StackAddresses } from '../../worker/local/running-stack';
import { runProgram } from '../../worker/program';

const root = path.resolve(__dirname, '../..');

export interface Ran {
  code: number | null;
  out: string;
  errors: string;
}

/** Runs a command in this process. @param args as on the command line: `['check', '--json']` */
export function serviceavtal(...args: string[]): Promise<Ran> {
  return inTurn(args, {});
}

/** The same on the stack that is recorded in `dataDir`, as if `npm start` ran it. */
export function serviceavtalOn(dataDir: string, ...args: string[]): Promise<Ran> {
  return inTurn(args, { SERVICEAVTAL_DATA: dataDir });
}

/** The same in a process of its own, started as `npx serviceavtal` starts it: it has to end by itself. */
export function serviceavtalProcess(dataDir: string, ...args: string[]): Promise<Ran> {
  return spawned(args, { SERVICEAVTAL_DATA: dataDir });
}

/** Makes a data folder that records a stack as run by this process. @returns the folder */
export function writeDownStack(stack: StackAddresses): string {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'serviceavtal-stack-'));
  const info = { ...stack, launcher: identifyProcess(), startedOn: new Date().toISOString() };
  writeFileSync(path.join(dataDir, 'stack.json'), JSON.stringify(info));
  return dataDir;
}

/** Clears the language and rules that the person running the tests may have set. */
const neutral = { SERVICEAVTAL_RULES: '', SERVICEAVTAL_STAFF_LANGUAGE: '' };

function spawned(args: string[], environment: NodeJS.ProcessEnv): Promise<Ran> {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', 'worker/cli.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...neutral, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, errors] = [kept(), kept()];
  child.stdout.pipe(out.stream);
  child.stderr.pipe(errors.stream);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, out: out.text(), errors: errors.text() }));
  });
}

let last: Promise<unknown> = Promise.resolve();

/** Runs commands in this process one after the other: they share its streams, exit code and environment. */
function inTurn(args: string[], environment: NodeJS.ProcessEnv): Promise<Ran> {
  const next = last.then(() => here(args, environment));
  last = next.catch(() => undefined);
  return next;
}

/** Runs a command in this process, with streams, exit code and environment replaced while it runs. */
async function here(args: string[], environment: NodeJS.ProcessEnv): Promise<Ran> {
  const [out, errors] = [kept(), kept()];
  let exited: Ran | undefined;
  const ran = (code: unknown): Ran => ({ code: Number(code ?? 0), out: out.text(), errors: errors.text() });
  const restoreEnvironment = setEnvironment({ ...neutral, ...environment });
  const restoreProcess = replaceProperties(process, {
    stdin: Readable.from([]),
    stdout: out.stream,
    stderr: errors.stream,
    exit: (code?: number) => {
      exited ??= ran(code ?? process.exitCode);
      throw new Error('the process has ended: nothing that follows counts');
    },
  });
  const directory = process.cwd();
  const { exitCode } = process;
  process.exitCode = undefined;
  process.chdir(root);
  try {
    await runProgram(args);
    return exited ?? ran(process.exitCode);
  } finally {
    process.chdir(directory);
    process.exitCode = exitCode;
    restoreProcess();
    restoreEnvironment();
  }
}

/** A stream that collects what is written to it. */
function kept(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    decodeStrings: true,
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

/** Sets environment variables. @returns a function that restores them */
function setEnvironment(values: NodeJS.ProcessEnv): () => void {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
}

/** Replaces properties. @returns a function that restores them */
function replaceProperties(target: object, values: Record<string, unknown>): () => void {
  const before = Object.keys(values).map(
    (name) => [name, Object.getOwnPropertyDescriptor(target, name)] as const,
  );
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: true });
  return () => {
    for (const [name, descriptor] of before)
      if (descriptor) Object.defineProperty(target, name, descriptor);
      else delete (target as Record<string, unknown>)[name];
  };
}
