/** How long a request may take to arrive: seconds, but minutes for a form with pictures, which comes from a telephone. */
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Its bodies hold pictures, and may take `pictureWithin`. */
    takesPictures?: boolean;
  }
}

/** Milliseconds for a form with pictures. */
export const pictureWithin = 180_000;

/**
 * Ends requests that are not received in time as Node does, which knows one time for all addresses of a server: the longest of
 * them has to be its own `requestTimeout`.
 */
export function receiveWithin(app: FastifyInstance, milliseconds: number): void {
  app.addHook('onRequest', async ({ raw, routeOptions }) => {
    if (routeOptions.config.takesPictures || raw.complete) return;
    const timer = setTimeout(() => {
      const late = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
      if (!raw.complete && !raw.socket.destroyed) app.server.emit('clientError', late, raw.socket);
    }, milliseconds);
    const received = (): void => clearTimeout(timer);
    raw.once('end', received).once('close', received);
  });
}
