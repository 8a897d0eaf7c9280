/** Reasons that are kept in English: why a mail, a paper or a delivery got nowhere. Our own words have Swedish ones. */
import type { Language } from '../../rules/engine/basics/text';

/** In this order: what is longer comes before its parts. */
const reasonsInSwedish: [english: RegExp, swedish: string][] = [
  // A signed paper that is not here.
  [/^not enclosed/, 'inte bifogat'],
  [/^enclosed, but /, 'bifogat, men '],
  [/expected base64, found other characters/, 'förväntade base64, hittade andra tecken'],
  [/expected at most (\d+) bytes, found more/, 'förväntade högst $1 byte, hittade fler'],
  [/expected at most (\d+) bytes, found (\d+)/, 'förväntade högst $1 byte, hittade $2'],
  [
    /expected a PDF, found (\d+) bytes of something else/,
    'förväntade en PDF, hittade $1 byte av något annat',
  ],
  [/expected a PDF, found (\d+) bytes of /, 'förväntade en PDF, hittade $1 byte '],
  [/, and the API of (\w+) is not set up$/, ', och API:et för $1 är inte inställt'],
  [/^(\w+) has no contract of it$/, '$1 har inget avtal för det'],
  [/^(\w+) has no certificate of it$/, '$1 har inget intyg för det'],
  [/^(\w+) has no signed PDF of it yet$/, '$1 har ingen signerad PDF av det än'],
  [
    /^scrive seals the evidence into .*/,
    'scrive förseglar bevisen i avtalets egen PDF; det finns inget separat intyg',
  ],
  [
    /^oneflow has no separate certificate for it: .*/,
    'oneflow har inget separat intyg för det: sedan januari 2024 är det en del av avtalets PDF',
  ],
  // A signing service that was asked.
  [/^(docusign|scrive|oneflow): contract of (?:envelope|contract) /, '$1: avtalet i dokument '],
  [/^(docusign|scrive|oneflow): certificate of (?:envelope|contract) /, '$1: intyget i dokument '],
  [/^(docusign|scrive|oneflow): sealed PDF of document /, '$1: förseglad PDF av dokument '],
  [/^(docusign|scrive|oneflow): files of contract /, '$1: filerna i dokument '],
  [/^(docusign|scrive|oneflow): (?:envelope|document|contract) /, '$1: dokument '],
  [/^docusign: a token: /, 'docusign: en åtkomst: '],
  [/expected one, found none in the answer/, 'förväntade en, hittade ingen i svaret'],
  [/expected a private key, found none/, 'förväntade en privat nyckel, hittade ingen'],
  [/expected an API token, found none/, 'förväntade en API-nyckel, hittade ingen'],
  [/expected credentials, found none/, 'förväntade personlig åtkomst, hittade ingen'],
  [
    /credentials: expected four words of letters and digits \((.*)\), found /,
    'personlig åtkomst: förväntade fyra ord av bokstäver och siffror ($1), hittade ',
  ],
  [/found other characters$/, 'hittade andra tecken'],
  [
    /expected an RSA private key as PEM, found something else/,
    'förväntade en privat RSA-nyckel som PEM, hittade något annat',
  ],
  [/expected a document's id, found /, 'förväntade ett dokuments id, hittade '],
  [
    /expected an answer about document (\S+), found another/,
    'förväntade ett svar om dokument $1, hittade ett annat',
  ],
  [/expected a JSON object, found (\d+) bytes of /, 'förväntade ett JSON-objekt, hittade $1 byte '],
  [/no content type/, 'utan content-type'],
  [/: no whole answer in time/, ': inget helt svar i tid'],
  [/: no answer \(/, ': inget svar ('],
  [
    /expected an answer, found a redirect, which is not followed/,
    'förväntade ett svar, hittade en omdirigering, som inte följs',
  ],
  [/: our credentials are not accepted/, ': våra inloggningsuppgifter godtas inte'],
  [/: we may not see it/, ': vi får inte se det'],
  [/: it is not there/, ': det finns inte där'],
  [/: it is not ready yet/, ': det är inte klart än'],
  [/: asked too often/, ': frågat för ofta'],
  [/: the service fails/, ': tjänsten fungerar inte'],
  [/: the service refuses the question/, ': tjänsten avvisar frågan'],
  [/, where the service keeps its files/, ', där tjänsten har sina filer'],
  [
    /; the user has to consent once to the integration acting for them/,
    '; användaren måste en gång samtycka till att integrationen agerar för den',
  ],
  [
    /; check the integration key, the user and the private key/,
    '; kontrollera integrationsnyckeln, användaren och den privata nyckeln',
  ],
  // A mail.
  [/the mail server did not take the message: /, 'mejlservern tog inte emot meddelandet: '],
  [/the mail server closed the connection/, 'mejlservern stängde förbindelsen'],
  [
    /a letter as å before the @ takes a mail server .*/,
    'en bokstav som å före @ kräver en mejlserver med SMTPUTF8, och det har inte vår; kontakten behöver en annan adress',
  ],
  [
    /an earlier attempt ended between handing the message over and noting the answer/,
    'ett tidigare försök slutade efter att meddelandet lämnats över, innan svaret hade noterats',
  ],
  [
    /due before the restoration, and no record tells whether it went out/,
    'skulle ha gått före återställningen, och ingen journal säger om det gick',
  ],
  [
    /before the restoration it was handed over, and no answer was noted/,
    'före återställningen lämnades det över till mejlservern, och inget svar noterades',
  ],
  [/it went out before the restoration/, 'det gick ut före återställningen'],
  [
    /before the restoration a mail of this name went out, with another subject/,
    'före återställningen gick ett mejl med den här nyckeln, med en annan ämnesrad',
  ],
  [
    /(?:Can't send mail - all recipients were rejected|(?:Mail|Recipient|Data) command failed|Message failed|Invalid login|Invalid greeting\. response=): ?([45]\d\d[^]*)$/,
    'mejlservern svarade: «$1»',
  ],
  [/connect ECONNREFUSED (\S+)/, 'ingen svarar på $1'],
  [/getaddrinfo (?:ENOTFOUND|EAI_AGAIN) (\S+)/, 'värden $1 hittas inte'],
  [/(?:Connection timeout|Greeting never received|Timeout)$/, 'inget svar i tid'],
  [/Connection closed unexpectedly/, 'förbindelsen stängdes mitt i'],
];

/**
 * A reason for its reader. What others said, such as a mail server, stays as it is and is quoted.
 *
 * @param reason as it is kept, in English
 * @example keptReason('not enclosed', 'sv') // 'inte bifogat'
 */
export const keptReason = (reason: string, language: Language): string =>
  language === 'en'
    ? reason
    : reasonsInSwedish.reduce((text, [english, swedish]) => text.replace(english, swedish), reason);
