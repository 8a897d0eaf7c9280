/** Checks a second and their processor time, beside Debian's exporter and plugins on the same targets. */
import type { CheckingPrograms } from './debian-programs';
import { versionOfProgram } from './debian-programs';
import type { Measured } from './measured';
import type { Cost, Kind, TargetPorts } from './monitoring-load';
import type { Exporter } from './monitoring-processes';
import { loadExporter, pluginLanes, runPlugin, startProduct } from './monitoring-processes';
import { compare, interleave } from './statistics';

/** Checks under way at the same time, ours and the exporter's. */
export const lanes = 32;

export interface SpeedOptions {
  repetitions: number;
  /** Of each turn. */
  seconds: number;
  ports: TargetPorts;
  programs: CheckingPrograms;
  exporter?: Exporter;
  onProgress: (text: string) => void;
}

interface Opponent {
  id: string;
  name: string;
  kinds: readonly Kind[];
  note: string;
  run: (kind: Kind) => Promise<Cost>;
}

const kindNames: Record<Kind, string> = {
  kept: 'http',
  closed: 'http, connected anew',
  tcp: 'tcp',
};

async function opponentsOf(options: SpeedOptions): Promise<Opponent[]> {
  const { exporter, programs, ports, seconds } = options;
  const opponents: Opponent[] = [];
  if (exporter && programs.exporter)
    opponents.push({
      id: 'exporter',
      name: 'exporter',
      kinds: ['kept', 'closed', 'tcp'],
      note: `prometheus-blackbox-exporter ${await versionOfProgram(programs.exporter)}, ${lanes} at a time on both sides`,
      run: (kind) => loadExporter(exporter, { kind, ports, lanes, seconds }),
    });
  const { plugins } = programs;
  if (plugins) {
    // As many as take about the time of a turn.
    const { rate } = await runPlugin(plugins, { kind: 'closed', ports }, 100);
    const checks = Math.max(100, Math.round(rate * seconds));
    opponents.push({
      id: 'plugins',
      name: 'plugins',
      kinds: ['closed', 'tcp'],
      note: `monitoring-plugins ${await versionOfProgram(plugins.http)}, a process a check, ${pluginLanes} at a time; ours ${lanes}`,
      run: (kind) => runPlugin(plugins, { kind, ports }, checks),
    });
  }
  return opponents;
}

/** Measures each way of checking, in a process of the product that does nothing else. */
export async function measureSpeed(options: SpeedOptions): Promise<Measured[]> {
  const { repetitions, seconds, ports, onProgress } = options;
  const product = startProduct();
  const measured: Measured[] = [];
  try {
    const opponents = await opponentsOf(options);
    for (const { id, name, kinds, note, run } of opponents)
      for (const kind of kinds) {
        const title = `${kindNames[kind]}, beside ${name}`;
        const costs: { product: Cost[]; bare: Cost[] } = { product: [], bare: [] };
        const turn = (side: 'product' | 'bare', work: () => Promise<Cost>) => async (): Promise<number> => {
          const cost = await work();
          costs[side].push(cost);
          return cost.rate;
        };
        const ours = () => product.load({ kind, ports, lanes, seconds });
        onProgress(`${title}: warming up`);
        await ours();
        await run(kind);
        const pairs = await interleave(
          repetitions,
          turn('product', ours),
          turn('bare', () => run(kind)),
          (done) => onProgress(`${title}: ${done} of ${repetitions} pairs`),
        );
        const cpuPairs = costs.product.map(({ cpu }, at) => ({ product: cpu, bare: costs.bare[at]!.cpu }));
        measured.push(
          {
            id: `checks-${kind}-${id}`,
            name: `checks: ${title}`,
            unit: 'checks/s',
            ...compare(pairs),
            note,
            pairs,
          },
          {
            id: `cpu-${kind}-${id}`,
            name: '– their processor time',
            unit: 'µs/check',
            ...compare(cpuPairs),
            pairs: cpuPairs,
          },
        );
      }
    return measured;
  } finally {
    await product.stop();
  }
}
