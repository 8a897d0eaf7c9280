/** A process by id and start, so that another process with the same id is never mistaken for it. */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
}

/** One signal of a stop, and how long the process has before the next. */
export interface StopSignal {
  signal: NodeJS.Signals;
  waitMs: number;
}

/** The record of a child process: its identity, and how to stop it. */
export interface PartRecord extends ProcessIdentity {
  name: string;
  stopOrder: number;
  stopSignals: StopSignal[];
}

export interface Lock {
  release(): void;
}

export function sleep(ms: number): Promise<void>;
export function identifyProcess(pid?: number): ProcessIdentity;
export function isRunning(identity: ProcessIdentity): boolean;
export function commandLine(pid: number): string;
export function stopProcess(identity: ProcessIdentity, signals: StopSignal[]): Promise<void>;
export function stopInOrder(parts: PartRecord[]): Promise<void>;
export function tryLock(
  file: string,
): { lock: Lock; holder?: never } | { lock?: never; holder: ProcessIdentity };
export function acquireLock(
  file: string,
  options?: { onWait?: (holder: ProcessIdentity) => void; signal?: AbortSignal },
): Promise<Lock>;
