/** The body of a form, with or without pictures. */
import type { FastifyRequest } from 'fastify';
import type { Db } from '../../../activities/db';
import type { Problem } from '../../../templates/pages/render-page';
import { tooLarge } from '../read-body';
import type { AnyPage, Visit } from './page';
import { largestPictureForm, readPictureForm } from './picture-form';
import { readFormToken } from './proof';

/** What a form brings, which may hold pictures where the page takes some. @throws where it may not, or is too large */
export async function bodyOf(
  { db, linkKey }: { db: Db; linkKey: string },
  request: FastifyRequest,
  { page, visit, session }: { page: AnyPage; visit: Visit<unknown>; session: string | undefined },
): Promise<{ body: unknown; problems: Problem[] }> {
  if (!request.isMultipart()) return { body: request.body, problems: [] };
  const length = Number(request.headers['content-length'] ?? Infinity);
  if (!page.pictureField)
    throw Object.assign(new Error('expected a form without pictures'), { statusCode: 415 });
  if (length > largestPictureForm) throw tooLarge(largestPictureForm);
  const isOurs = ({ form = '' }: Record<string, string>): boolean =>
    'name' in readFormToken(linkKey, visit.link, session, form, visit.now);
  const { body, pictures, problems } = await readPictureForm(request, { db, visit, isOurs });
  const whole = { ...body, pictures: pictures.join(' ') };
  const field = page.pictureField(whole);
  return { body: whole, problems: problems.map((text) => ({ field, text })) };
}
