/** Answers with a file in place of a page. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageFile } from './page';

/** Not sent again to who has it: calendars ask anew all day. */
export function sendFile(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { name, mediaType, content, inline }: PageFile,
): FastifyReply {
  const tag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 27)}"`;
  const known = (headers['if-none-match'] ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  void reply.headers({
    etag: tag,
    'cache-control': 'private, no-cache',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  if (known.includes(tag)) return reply.code(304).send();
  return reply
    .headers({ 'content-disposition': `${inline ? 'inline' : 'attachment'}; filename="${name}"` })
    .type(mediaType)
    .send(content);
}
