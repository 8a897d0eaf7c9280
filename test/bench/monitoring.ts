/** Monitoring on one worker, beside what Debian has for it: `prometheus-blackbox-exporter` and `monitoring-plugins`. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { provideCheckingPrograms } from './debian-programs';
import type { BenchStack, Measured } from './measured';
import type { Exporter } from './monitoring-processes';
import { residentOfPlugin, startExporter, startTargets } from './monitoring-processes';
import { lanes, measureSpeed } from './monitoring-speed';
import { measureWatch } from './monitoring-watch';

export interface MonitoringOptions {
  repetitions: number;
  /** Of each turn. */
  seconds: number;
  /** How long each pace of watching is measured. */
  minutes: number;
  onProgress: (text: string) => void;
  /** Hears which programs are not to be had. */
  onMissing: (reason: string) => void;
}

export async function measureMonitoring(stack: BenchStack, options: MonitoringOptions): Promise<Measured[]> {
  const { onProgress, onMissing, repetitions, seconds, minutes } = options;
  if (process.platform !== 'linux') {
    onMissing(
      'monitoring is measured on Linux only: elsewhere neither targets nor processor time are to be had',
    );
    return [];
  }
  const folder = path.join(stack.cacheDir, 'checking');
  mkdirSync(folder, { recursive: true });
  onProgress("monitoring: Debian's programs");
  const programs = await provideCheckingPrograms(folder, onMissing);
  const { ports, stop } = await startTargets();
  let exporter: Exporter | undefined;
  try {
    if (programs.exporter) exporter = await startExporter(programs.exporter, folder, lanes);
    const plugin = programs.plugins && (await residentOfPlugin(programs.plugins.http, ports));
    const common = { ports, onProgress, ...(exporter && { exporter }) };
    const speed = await measureSpeed({ ...common, repetitions, seconds, programs });
    const watched = { agreements: 100, checks: 100, minutes, ...(plugin !== undefined && { plugin }) };
    return [...speed, ...(await measureWatch(stack, { ...common, ...watched }))];
  } finally {
    await exporter?.stop();
    await stop();
  }
}
