/** Answers with a file in place of a page. */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PageFile } from './page';

const tagOf = ({ content }: PageFile): string =>
  `"${createHash('sha256').update(content).digest('base64url').slice(0, 27)}"`;

/** Whether who asks has the file as it is: calendars ask anew all day. */
export const hasFile = ({ headers }: FastifyRequest, file: PageFile): boolean =>
  (headers['if-none-match'] ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === tagOf(file));

/** Gives a file; to who has it, that it is the same. */
export function sendFile(request: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  const { name, mediaType, content, inline } = file;
  void reply.headers({
    etag: tagOf(file),
    'cache-control': 'private, no-cache',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  });
  if (hasFile(request, file)) return reply.code(304).send();
  return reply
    .headers({ 'content-disposition': `${inline ? 'inline' : 'attachment'}; filename="${name}"` })
    .type(mediaType)
    .send(content);
}
