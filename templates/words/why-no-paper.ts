/** Why a signed paper is not here. It is kept in English; our own words have Swedish ones. */
import type { Language } from '../../rules/engine/basics/text';

const reasonsInSwedish: [english: RegExp, swedish: string][] = [
  [/^not enclosed/, 'inte bifogat'],
  [/^enclosed, but /, 'bifogat, men '],
  [/expected base64, found other characters/, 'förväntade base64, hittade andra tecken'],
  [/expected at most (\d+) bytes, found (\d+)/, 'förväntade högst $1 byte, hittade $2'],
  [
    /expected a PDF, found (\d+) bytes of something else/,
    'förväntade en PDF, hittade $1 byte av något annat',
  ],
  [/, and the API of (\w+) is not set up$/, ', och API:et för $1 är inte inställt'],
  [/^(\w+) has no contract of it$/, '$1 har inget avtal för det'],
  [/^(\w+) has no certificate of it$/, '$1 har inget intyg för det'],
  [
    /^scrive seals the evidence into .*/,
    'scrive förseglar bevisen i avtalets egen PDF; det finns inget separat intyg',
  ],
  [
    /^oneflow has no separate certificate for it: .*/,
    'oneflow har inget separat intyg för det: sedan januari 2024 är det en del av avtalets PDF',
  ],
];

/**
 * @param error as it is kept; what a service answered stays as it is
 * @example whyNoPaper('not enclosed', 'sv') // 'inte bifogat'
 */
export const whyNoPaper = (error: string, language: Language): string =>
  language === 'en'
    ? error
    : reasonsInSwedish.reduce((text, [english, swedish]) => text.replace(english, swedish), error);
