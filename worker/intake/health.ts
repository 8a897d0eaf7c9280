/**
 * `/healthz`: the process lives. `/readyz`: it can do its work. Workflows that are not well are named there, but do not
 * make the process unready: those of one customer must not take the service from all others.
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Db } from '../../activities/db';
import { compareSchema, NewerSchemaError, NoRoomError, tryRoom } from '../../activities/db';
import type { Looking, SickWorkflow } from '../../activities/health/health';
import { listSick, readLooking, troubleOfLooking } from '../../activities/health/health';
import { allowMethods } from './allow-methods';
import { asked, text } from './openapi';
import { within } from './within';

const databaseWithin = 3_000;

const healthOperation = asked('Whether the process lives', 'getHealth', { '200': text('It does.', 'ok') });
const readinessOperation = asked('Whether it can do its work', 'getReadiness', {
  '200': text('It can.', 'ready'),
  '503': text('It cannot, and why.', 'not ready: the database does not answer'),
});

/** Something else that the work needs: gives what is wrong with it, in words for everybody, within seconds. */
export type Need = () => Promise<string | undefined>;

/** Gives the first thing that is wrong. */
export async function troubleOf(needs: readonly Need[]): Promise<string | undefined> {
  const troubles = await Promise.all(needs.map((need) => need()));
  return troubles.find((trouble) => trouble !== undefined);
}

export function healthRoutes(app: FastifyInstance, { db, needs }: { db: Db; needs: readonly Need[] }): void {
  // Requests share one question at a time, as what is asked may hang.
  let looked: Promise<string | undefined> | undefined;
  const look = (): Promise<string | undefined> =>
    (looked ??= troubleOf(needs).finally(() => {
      looked = undefined;
    }));
  let asked: Promise<Answer> | undefined;
  const ask = (): Promise<Answer> =>
    (asked ??= askDatabase(db).finally(() => {
      asked = undefined;
    }));
  const answer = (reply: FastifyReply, status: number, text: string): FastifyReply =>
    reply.code(status).type('text/plain').send(`${text}\n`);

  app.get('/healthz', { config: { operation: healthOperation } }, async (_request, reply) =>
    answer(reply, 200, 'ok'),
  );
  app.get('/readyz', { config: { operation: readinessOperation } }, async (_request, reply) => {
    try {
      const { missing, unknown, looking, sick } = await within(databaseWithin, 'the database', ask());
      if (unknown.length > 0)
        return answer(reply, 503, `not ready: ${new NewerSchemaError(unknown).message}`);
      if (missing.length > 0)
        return answer(reply, 503, `not ready: the database lacks ${missing.join(', ')}`);
      const trouble = (await look()) ?? troubleOfLooking(looking);
      if (trouble !== undefined) return answer(reply, 503, `not ready: ${trouble}`);
      return answer(reply, 200, ['ready', ...sick.slice(0, mostNamed).map(nameOf), ...rest(sick)].join('\n'));
    } catch (error) {
      const why = error instanceof NoRoomError ? 'has no room to write' : 'does not answer';
      return answer(reply, 503, `not ready: the database ${why}`);
    }
  });
  for (const url of ['/healthz', '/readyz']) allowMethods(app, url, 'GET');
}

interface Answer {
  missing: string[];
  unknown: string[];
  looking: Looking | undefined;
  sick: SickWorkflow[];
}

async function askDatabase(db: Db): Promise<Answer> {
  const { missing, unknown } = await compareSchema(db);
  if (missing.length + unknown.length > 0) return { missing, unknown, looking: undefined, sick: [] };
  await tryRoom(db);
  return { missing, unknown, looking: await readLooking(db), sick: await listSick(db) };
}

/** Most workflows that are named. */
const mostNamed = 20;

/** Which workflow and since when. The reason is left out: this address is open to everybody. */
const nameOf = ({ workflowId, kind, since }: SickWorkflow): string =>
  `not well: ${workflowId} (${kind} since ${since})`;

const rest = (sick: readonly SickWorkflow[]): string[] =>
  sick.length > mostNamed ? [`not well: ${sick.length - mostNamed} more`] : [];
