/** Debian's own programs for checking, to measure beside: installed ones, or unpacked below the benchmark's data. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PATIENCE_MS = 5 * 60_000;

/** Where a package puts a program, below the root of a Debian system. */
interface DebianProgram {
  package: string;
  file: string;
}

const exporter: DebianProgram = {
  package: 'prometheus-blackbox-exporter',
  file: 'usr/bin/prometheus-blackbox-exporter',
};
const plugin = (name: string): DebianProgram => ({
  package: 'monitoring-plugins-basic',
  file: `usr/lib/nagios/plugins/${name}`,
});

export interface CheckingPrograms {
  exporter?: string;
  plugins?: { http: string; tcp: string };
}

/** Downloads a package and unpacks it; nothing is installed, so nobody has to be root. */
async function unpack(name: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const download = () => run('apt-get', ['download', name], { cwd: folder, timeout: PATIENCE_MS });
  await download().catch(async () => {
    // Lists may be missing, or name a version that is gone; only root may renew them.
    if (process.getuid?.() === 0) await run('apt-get', ['update'], { timeout: PATIENCE_MS });
    await download();
  });
  const file = readdirSync(folder).find((each) => each.startsWith(`${name}_`) && each.endsWith('.deb'));
  if (file === undefined) throw new Error(`expected apt-get to download ${name}, found no package`);
  await run('dpkg-deb', ['-x', file, 'root'], { cwd: folder });
}

/** @throws what apt-get or dpkg-deb say */
async function provide(program: DebianProgram, cacheDir: string): Promise<string> {
  const folder = path.join(cacheDir, program.package);
  const places = ['/', path.join(folder, 'root')].map((root) => path.join(root, program.file));
  const found = (): string | undefined => places.find((place) => existsSync(place));
  if (found() === undefined) await unpack(program.package, folder);
  const place = found();
  if (place === undefined) throw new Error(`expected ${program.file} in ${program.package}, found none`);
  return place;
}

/**
 * The programs there are to be had here; others are missing.
 * @param onMissing hears why
 */
export async function provideCheckingPrograms(
  cacheDir: string,
  onMissing: (reason: string) => void,
): Promise<CheckingPrograms> {
  const unlessMissing = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      const reason = (error as Error).message.trim().split('\n').at(-1);
      onMissing(`${what} is not to be had here, its lines are left out: ${reason}`);
      return undefined;
    }
  };
  const found = await unlessMissing(exporter.package, () => provide(exporter, cacheDir));
  const plugins = await unlessMissing('monitoring-plugins', async () => ({
    http: await provide(plugin('check_http'), cacheDir),
    tcp: await provide(plugin('check_tcp'), cacheDir),
  }));
  return { ...(found && { exporter: found }), ...(plugins && { plugins }) };
}

/** A program's version as it says it itself. */
export async function versionOfProgram(program: string): Promise<string> {
  // Plugins say it with an exit code that means "unknown".
  const said = await run(program, ['--version']).catch((error: { stdout?: string }) => error);
  return /\d+\.\d+(\.\d+)?/.exec(said.stdout ?? '')?.[0] ?? 'unknown';
}
