/** `/`: what this address is, for who opens it in a browser. */
import type { FastifyInstance } from 'fastify';
import { aboutWords } from '../../templates/pages/wording';
import { allowMethods } from './allow-methods';
import { languageOf, sendPage } from './html-page';
import { asked, htmlPage } from './openapi';

const operation = asked('What this address is', 'getAbout', { '200': htmlPage('A page that says it.') });

export function aboutRoute(app: FastifyInstance): void {
  app.get('/', { config: { operation } }, async (request, reply) => {
    const language = languageOf(request);
    const { title, lead, more, link } = aboutWords;
    return sendPage(reply, 200, 'about', language, title[language], {
      lead: lead[language],
      more: more[language],
      link: link[language],
    });
  });
  allowMethods(app, '/', 'GET');
}
