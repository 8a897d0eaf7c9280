import { whyNoPaper } from '../../templates/words/why-no-paper';

it.each([
  ['not enclosed', 'inte bifogat'],
  [
    'not enclosed, and the API of docusign is not set up',
    'inte bifogat, och API:et för docusign är inte inställt',
  ],
  [
    'enclosed, but expected a PDF, found 3 bytes of something else',
    'bifogat, men förväntade en PDF, hittade 3 byte av något annat',
  ],
  ['docusign has no certificate of it', 'docusign har inget intyg för det'],
  [
    'oneflow: files of contract 1: the service fails (500)',
    'oneflow: files of contract 1: the service fails (500)',
  ],
])('%s', (english, swedish) => {
  expect(whyNoPaper(english, 'sv')).toBe(swedish);
  expect(whyNoPaper(english, 'en')).toBe(english);
});
