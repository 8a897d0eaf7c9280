/** `/healthz`: the process lives. `/readyz`: it can do its work. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Db } from '../../activities/db';
import { compareSchema, NewerSchemaError } from '../../activities/db';
import { takesOnly } from './only';
import { within } from './within';

const databaseWithin = 3_000;

export function healthRoutes(app: FastifyInstance, { db }: { db: Db }): void {
  // However many ask, one question at a time is put to a database that may hang.
  let asked: ReturnType<typeof compareSchema> | undefined;
  const compared = (): ReturnType<typeof compareSchema> =>
    (asked ??= compareSchema(db).finally(() => {
      asked = undefined;
    }));
  const answer = (reply: FastifyReply, status: number, text: string): FastifyReply =>
    reply.code(status).type('text/plain').send(`${text}\n`);

  app.get('/healthz', async (_request, reply) => answer(reply, 200, 'ok'));
  app.get('/readyz', async (_request, reply) => {
    try {
      const { missing, unknown } = await within(databaseWithin, 'the database', compared());
      if (unknown.length > 0)
        return answer(reply, 503, `not ready: ${new NewerSchemaError(unknown).message}`);
      return missing.length === 0
        ? answer(reply, 200, 'ready')
        : answer(reply, 503, `not ready: the database lacks ${missing.join(', ')}`);
    } catch {
      return answer(reply, 503, 'not ready: the database does not answer');
    }
  });
  for (const url of ['/healthz', '/readyz']) takesOnly(app, url, 'GET');
}
