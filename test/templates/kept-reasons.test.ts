import { keptReason } from '../../templates/words/kept-reasons';

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
    'oneflow: filerna i dokument 1: tjänsten fungerar inte (500)',
  ],
  [
    'docusign: certificate of envelope a-1: no answer (ECONNREFUSED)',
    'docusign: intyget i dokument a-1: inget svar (ECONNREFUSED)',
  ],
  [
    'scrive: document 7: it is not there (404 document_not_found)',
    'scrive: dokument 7: det finns inte där (404 document_not_found)',
  ],
  ['oneflow: expected an API token, found none', 'oneflow: förväntade en API-nyckel, hittade ingen'],
  [
    "Can't send mail - all recipients were rejected: 550 5.1.1 No such user here",
    'mejlservern svarade: «550 5.1.1 No such user here»',
  ],
  [
    'the mail server did not take the message: connect ECONNREFUSED 127.0.0.1:25',
    'mejlservern tog inte emot meddelandet: ingen svarar på 127.0.0.1:25',
  ],
  [
    'the mail server did not take the message: Message failed: 451 4.3.0 try again',
    'mejlservern tog inte emot meddelandet: mejlservern svarade: «451 4.3.0 try again»',
  ],
])('%s', (english, swedish) => {
  expect(keptReason(english, 'sv')).toBe(swedish);
  expect(keptReason(english, 'en')).toBe(english);
});
