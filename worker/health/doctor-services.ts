/** What `doctor` looks at in other processes: Temporal and its queues, the mail server, the intake and its address outside. */
import { connect } from 'node:tls';
import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { monitoringQueueOf } from '../../rules/engine/monitoring/queues';
import type { Text } from '../../rules/engine/basics/text';
import { checkSmtp, showUrl } from '../local/external';
import { SEARCH_ATTRIBUTES } from '../local/namespaces';
import type { Configuration } from '../settings/configuration';
import type { Finding } from './doctor';
import { fewDays, least, ok, tooFewDays, warning, wrong } from './doctor';
import { clockOf } from './doctor-database';

const { TaskQueueType } = temporal.api.enums.v1;

/** Looks at the server, our namespace and its search attributes. */
export async function lookAtTemporal(client: Client): Promise<Finding[]> {
  const { workflowService, options, connection } = client;
  const { namespace } = options;
  const begun = Date.now();
  const { serverVersion } = await workflowService.getSystemInfo({});
  const { namespaceInfo } = await workflowService.describeNamespace({ namespace });
  const took = Date.now() - begun;
  const findings = [
    ok('temporal', {
      sv: `Temporal ${serverVersion} svarar på ${took} ms, namespace ${namespaceInfo?.name ?? namespace}`,
      en: `Temporal ${serverVersion} answers in ${took} ms, namespace ${namespaceInfo?.name ?? namespace}`,
    }),
  ];
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = Object.keys(SEARCH_ATTRIBUTES).filter((name) => customAttributes[name] === undefined);
    if (missing.length > 0)
      findings.push(
        wrong(
          'temporal.attributes',
          {
            sv: `Sökattribut saknas: ${missing.join(', ')}`,
            en: `Search attributes are missing: ${missing.join(', ')}`,
          },
          {
            sv: '`npm start` gör dem där det får, och säger annars hur',
            en: '`npm start` makes them where it may, and else says how',
          },
        ),
      );
  } catch {
    // Temporal Cloud does not let clients list them.
    findings.push(
      warning(
        'temporal.rights',
        { sv: 'Vi får inte se sökattributen', en: 'We may not see the search attributes' },
        { sv: 'låt den som får kontrollera dem', en: 'have them checked by whoever may' },
      ),
    );
  }
  return findings;
}

/** Looks at whether somebody works on each task queue, and at what waits in it. */
export async function lookAtQueues(
  client: Client,
  { taskQueue }: Pick<Configuration, 'taskQueue'>,
): Promise<Finding[]> {
  const queues = [taskQueue, monitoringQueueOf(taskQueue)].flatMap((name) =>
    ([TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY] as const).map(
      (type) => ({ name, type }),
    ),
  );
  const looked = await Promise.all(queues.map((queue) => lookAtQueue(client, queue)));
  const seen = looked.flatMap(({ seenAt }) => seenAt ?? []);
  // A worker asks again at least once a minute, so the newest is of about now: what lies ahead is the server's clock.
  const ahead = Math.max(0, ...seen.map((at) => at - Date.now()));
  return [...looked.map(({ finding }) => finding), ...(seen.length > 0 ? [clockOf('Temporal', ahead)] : [])];
}

async function lookAtQueue(
  { workflowService, options }: Client,
  { name, type }: { name: string; type: number },
): Promise<{ finding: Finding; seenAt?: number }> {
  const { pollers, stats } = await workflowService.describeTaskQueue({
    ...{ namespace: options.namespace, taskQueue: { name }, taskQueueType: type, reportStats: true },
  });
  const kind: Text =
    type === TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
      ? { sv: 'arbetsflöden', en: 'workflows' }
      : { sv: 'aktiviteter', en: 'activities' };
  const about = `queue.${name}.${kind.en}`;
  const waiting = Number(stats?.approximateBacklogCount ?? 0);
  const told = {
    sv: `Kön ${name} (${kind.sv}): ${pollers.length} arbetar, ${waiting} väntar`,
    en: `The queue ${name} (${kind.en}): ${pollers.length} at work, ${waiting} waiting`,
  };
  const [newest] = pollers
    .map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1_000)
    .sort((a, b) => b - a);
  const seen = newest === undefined ? {} : { seenAt: newest };
  if (pollers.length === 0)
    return {
      finding: wrong(about, told, {
        sv: 'starta en worker (`npm start`), med samma SERVICEAVTAL_TASK_QUEUE',
        en: 'start a worker (`npm start`), with the same SERVICEAVTAL_TASK_QUEUE',
      }),
    };
  const age = Number(stats?.approximateBacklogAge?.seconds ?? 0);
  if (age > 60)
    return {
      finding: warning(about, told, {
        sv: `den äldsta har väntat ${age} s: starta fler workers`,
        en: `the oldest has waited ${age} s: start more workers`,
      }),
      ...seen,
    };
  return { finding: ok(about, told), ...seen };
}

/** Looks at the mail server; nothing is sent. */
export async function lookAtMailServer(smtpUrl: string): Promise<Finding[]> {
  await checkSmtp(smtpUrl);
  const { protocol, hostname, port } = new URL(smtpUrl);
  const shown = showUrl(smtpUrl);
  return [
    ok('smtp', { sv: `Mejlservern svarar (${shown})`, en: `The mail server answers (${shown})` }),
    ...(protocol === 'smtps:' ? [await lookAtCertificate('smtp', hostname, Number(port || 465))] : []),
  ];
}

/** Looks at the intake on this machine: whether it is ready. */
export async function lookAtIntake(port: number, host = '127.0.0.1'): Promise<Finding[]> {
  const answer = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/readyz`, {
    signal: AbortSignal.timeout(10_000),
  });
  const text = (await answer.text()).trim().split('\n')[0] ?? '';
  if (answer.ok)
    return [
      ok('intake', { sv: `Intaget är redo på port ${port}`, en: `The intake is ready at port ${port}` }),
    ];
  return [
    wrong(
      'intake',
      { sv: `Intaget är inte redo: «${text}»`, en: `The intake is not ready: ${text}` },
      {
        sv: 'laga det som nämns; se loggen av `npm start`',
        en: 'mend what it names; see the log of `npm start`',
      },
    ),
  ];
}

/** Looks at the address by which others reach the intake. */
export async function lookAtOutside({ intake }: Pick<Configuration, 'intake'>): Promise<Finding[]> {
  if (intake.url === undefined)
    return [
      ok('intake.outside', {
        sv: 'Ingen adress utifrån är satt (SERVICEAVTAL_INTAKE_URL)',
        en: 'No address from outside is set (SERVICEAVTAL_INTAKE_URL)',
      }),
    ];
  const { url } = intake;
  const answer = await fetch(`${url}/healthz`, {
    signal: AbortSignal.timeout(10_000),
    redirect: 'manual',
  }).catch((error: Error) => error.cause ?? error);
  const { protocol, hostname, port } = new URL(url);
  const certificate =
    protocol === 'https:' ? [await lookAtCertificate('intake.outside', hostname, Number(port || 443))] : [];
  // The proxy may well keep /healthz to itself: an answer of any kind is one of it.
  if (answer instanceof Response)
    return [ok('intake.outside', { sv: `${url} svarar`, en: `${url} answers` }), ...certificate];
  const why = answer instanceof Error ? answer.message : String(answer);
  return [
    wrong(
      'intake.outside',
      { sv: `${url} nås inte härifrån: «${why}»`, en: `${url} is not reached from here: ${why}` },
      {
        sv: 'se till proxyn och namnet (DNS), eller rätta SERVICEAVTAL_INTAKE_URL',
        en: 'see to the proxy and the name (DNS), or correct SERVICEAVTAL_INTAKE_URL',
      },
    ),
    ...certificate,
  ];
}

/** Looks at when a server's certificate ends. */
export async function lookAtCertificate(about: string, host: string, port: number): Promise<Finding> {
  const ends = await endOfCertificate(host, port);
  const days = Math.floor((ends.getTime() - Date.now()) / 86_400_000);
  const on = ends.toISOString().slice(0, 10);
  const told =
    days < 0
      ? { sv: `Certifikatet för ${host} gick ut ${on}`, en: `The certificate of ${host} ended on ${on}` }
      : {
          sv: `Certifikatet för ${host} går ut ${on}, om ${days} dagar`,
          en: `The certificate of ${host} ends on ${on}, in ${days} days`,
        };
  const standing = least(days, fewDays, tooFewDays);
  const name = `${about}.certificate`;
  if (standing === 'ok') return ok(name, told);
  return (standing === 'warning' ? warning : wrong)(name, told, { sv: 'förnya det', en: 'renew it' });
}

function endOfCertificate(host: string, port: number): Promise<Date> {
  return new Promise((resolve, reject) => {
    // Whoever it is: one that has ended, or is not trusted, is what is asked for.
    const socket = connect(
      { host, port, servername: host, rejectUnauthorized: false, timeout: 10_000 },
      () => {
        const { valid_to: ends } = socket.getPeerCertificate();
        socket.end();
        resolve(new Date(ends));
      },
    );
    socket.once('error', reject);
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
  });
}
