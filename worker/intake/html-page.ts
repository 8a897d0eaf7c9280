/** Pages of the intake, and the language in which they speak to whom. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Picture } from '../../activities/pages/pictures';
import type { Language } from '../../rules/engine/basics/text';
import type { Frame, Pages } from '../../templates/pages/render-page';
import { linkRefusals } from '../../templates/pages/link-words';
import { pageStyleHash, renderPage } from '../../templates/pages/render-page';

/** For who comes without a link that says the language: Swedish, unless the request prefers English. */
export function languageOf({ headers }: FastifyRequest): Language {
  const wishes = (headers['accept-language'] ?? '').split(',').map((part) => {
    const [name = '', ...parameters] = part.trim().toLowerCase().split(';');
    const weight = Number(/^\s*q=([\d.]+)/.exec(parameters.join(';'))?.[1] ?? 1);
    return { name: name.split('-')[0] ?? '', weight: Number.isNaN(weight) ? 0 : weight };
  });
  const weightOf = (language: Language): number =>
    Math.max(0, ...wishes.filter(({ name }) => name === language).map(({ weight }) => weight));
  return weightOf('en') > weightOf('sv') ? 'en' : 'sv';
}

/** Answers with a page that can run no script, be framed nowhere, and send its form to nobody else. */
export function sendPage<K extends keyof Pages>(
  reply: FastifyReply,
  status: number,
  name: K,
  language: Language,
  title: string,
  data: Pages[K],
  frame: Frame = {},
): FastifyReply {
  const images = frame.pictures ? `img-src 'self'; ` : '';
  return reply
    .code(status)
    .headers({
      'content-security-policy': `default-src 'none'; ${images}style-src '${pageStyleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
      'content-language': language,
      vary: 'accept-language',
    })
    .type('text/html; charset=utf-8')
    .send(renderPage(name, language, title, data, frame));
}

/** Answers with a picture, which is drawn and can be nothing else. */
export function sendPicture(reply: FastifyReply, hash: string, { mediaType, bytes }: Picture): FastifyReply {
  const name = `${hash.slice(0, 12)}.${mediaType.slice('image/'.length)}`;
  return reply
    .headers({
      'content-security-policy': `default-src 'none'; sandbox; frame-ancestors 'none'`,
      'content-disposition': `inline; filename="${name}"`,
      // What it is never changes; whoever may not see it any more has seen it.
      'cache-control': 'private, max-age=3600',
    })
    .type(mediaType)
    .send(bytes);
}

/** Says that it could not be done just now, to whoever has a page before them. */
export function sendSorry(request: FastifyRequest, reply: FastifyReply, status: number): FastifyReply {
  const language = languageOf(request);
  const { title, lead } = linkRefusals.notNow;
  return sendPage(reply, status, 'refused', language, title[language], { lead: lead[language] });
}
