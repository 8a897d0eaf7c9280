/**
 * Processes and locks, in plain Node: the bootstrap (before anything is installed), the watchdog and the local
 * stack share it. Typed by `processes.d.cts`.
 */
const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const POLL_MS = 50;
/** A lock file is written right after it is created; the holder of one that stays empty died in between. */
const EMPTY_LOCK_MS = 5_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A token for a process's start, different for a later process with the same id; undefined if it does not run. */
function processStartedAt(pid) {
  if (process.platform !== 'linux') {
    const ps = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C', PATH: process.env.PATH },
    });
    const line = (ps.stdout ?? '').trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  }
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command's name may hold blanks and parentheses: count the fields after the last parenthesis.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie does not run any more; in a container without an init process it stays for ever.
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** Id and start of a process; of this one by default. */
function identifyProcess(pid = process.pid) {
  return { pid, startedAt: processStartedAt(pid) ?? '' };
}

/** Whether exactly this process still runs, not another one that was given its id. */
function isRunning(identity) {
  return identity.startedAt !== '' && processStartedAt(identity.pid) === identity.startedAt;
}

/** The command line of a process, '' when it does not run. */
function commandLine(pid) {
  if (process.platform === 'linux') {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    } catch {
      return '';
    }
  }
  return (spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '').trim();
}

/**
 * Stops a process with a series of signals, each with its time before the next; the last is SIGKILL.
 * A signal is sent only while the identity still matches. Resolves when the process is gone.
 */
async function stopProcess(identity, signals) {
  for (const { signal, waitMs } of [...signals, { signal: 'SIGKILL', waitMs: 5_000 }]) {
    if (!isRunning(identity)) return;
    try {
      process.kill(identity.pid, signal);
    } catch (error) {
      if (error.code === 'ESRCH') return;
      throw new Error(`Process ${identity.pid} cannot be stopped with ${signal}: ${error.message}`, {
        cause: error,
      });
    }
    const deadline = Date.now() + waitMs;
    while (isRunning(identity) && Date.now() < deadline) await sleep(POLL_MS);
  }
}

/** Stops parts in their stop order, those of the same order together. */
async function stopInOrder(parts) {
  for (const order of [...new Set(parts.map((part) => part.stopOrder))].sort((a, b) => a - b)) {
    await Promise.all(
      parts.filter((part) => part.stopOrder === order).map((part) => stopProcess(part, part.stopSignals)),
    );
  }
}

/**
 * Takes the lock file, or names its holder. The lock of a dead holder is taken over.
 * Returns `{ lock: { release() } }` or `{ holder: { pid, startedAt } }`.
 */
function tryLock(file) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const own = JSON.stringify(identifyProcess());
  for (;;) {
    try {
      fs.writeFileSync(file, own, { flag: 'wx' });
      return { lock: { release: () => releaseLock(file, own) } };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const found = readLock(file);
    if (found === undefined) continue;
    if (found.alive) return { holder: found.holder };
    removeDeadLock(file, found.text);
  }
}

function readLock(file) {
  try {
    const text = fs.readFileSync(file, 'utf8');
    if (text === '') {
      return {
        text,
        alive: Date.now() - fs.statSync(file).mtimeMs < EMPTY_LOCK_MS,
        holder: { pid: 0, startedAt: '' },
      };
    }
    const holder = JSON.parse(text);
    return { text, alive: isRunning(holder), holder };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError)
      return { text: fs.readFileSync(file, 'utf8'), alive: false, holder: { pid: 0, startedAt: '' } };
    throw error;
  }
}

/**
 * Removes a dead holder's lock. Two processes that find it dead at the same time must not remove each other's new lock,
 * so the removal has a lock of its own, and compares the content again inside.
 */
function removeDeadLock(file, text) {
  const guard = `${file}.takeover`;
  try {
    fs.writeFileSync(guard, '', { flag: 'wx' });
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const age = Date.now() - (fs.statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > EMPTY_LOCK_MS) fs.rmSync(guard, { force: true });
    return;
  }
  try {
    if (readLock(file)?.text === text) fs.rmSync(file, { force: true });
  } finally {
    fs.rmSync(guard, { force: true });
  }
}

function releaseLock(file, own) {
  if (readLock(file)?.text === own) fs.rmSync(file, { force: true });
}

/** Takes the lock file, waiting for a living holder; `onWait(holder)` is called once when it has to. */
async function acquireLock(file, { onWait = () => {}, signal } = {}) {
  for (let waited = false; ; waited = true) {
    signal?.throwIfAborted();
    const taken = tryLock(file);
    if (taken.lock !== undefined) return taken.lock;
    if (!waited) onWait(taken.holder);
    await sleep(200);
  }
}

module.exports = {
  acquireLock,
  commandLine,
  identifyProcess,
  isRunning,
  sleep,
  stopInOrder,
  stopProcess,
  tryLock,
};
