/** Answers 405 to methods that a route does not take. */
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';

const methods: HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];

declare module 'fastify' {
  interface FastifyContextConfig {
    /** On the route that refuses the other methods of an address: the methods that the address takes. */
    allows?: HTTPMethods[];
  }
}

/** Answers every other method of an address with 405, before its body is read. */
export function allowMethods(app: FastifyInstance, url: string, ...taken: HTTPMethods[]): void {
  const refuse = async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    reply.code(405).header('allow', taken.join(', ')).type('text/plain').send('method not allowed\n');
  app.route({
    method: methods.filter((method) => !taken.includes(method)),
    url,
    config: { allows: taken },
    onRequest: refuse,
    handler: refuse,
  });
}
