import type { Text } from '../basics/text';
import { joined } from '../basics/text';
import type { Component, FitException, FitRule, Release } from './release';
import { digitsOf, isVersion } from './versions';

/** What a release says of its components. */
export type Fitting = Pick<Release, 'product' | 'version' | 'fit' | 'components'>;

/** Whether a component's version goes with a release, and why; what is not known has to be asked about. */
export interface Fit {
  answer: 'fits' | 'doesNotFit' | 'unknown';
  because: Text;
}

/**
 * Whether a version of a component fits with a release: by the exceptions first, then by the versions that are listed, then by
 * the rule. Rule and exceptions are the release's data.
 *
 * @param component its id
 * @param others versions of the other components that are installed with it, by id; exceptions may ask for them
 * @example fits(release18000, 'client', '18.01.0') // { answer: 'fits', … }: the first three digits agree
 */
export function fits(
  release: Fitting,
  component: string,
  version: string,
  others: Readonly<Record<string, string>> = {},
): Fit {
  const known = Object.hasOwn(release.components, component) ? release.components[component] : undefined;
  if (!known) return unknown(notNamed(release, component));
  const candidates = (known.exceptions ?? []).filter((each) => isVersion(each.version, version));
  const held = candidates.map((exception) => ({ exception, ...heldWith(exception, others) }));
  const met = held.find(({ holds }) => holds === true);
  if (met) return decided(met.exception.fits ?? true, met.exception.because);
  const ruled = byRule(release, known, version);
  const open = held.find(({ exception, holds }) => holds === undefined && changes(exception, ruled));
  return open ? unknown(asksFor(known, version, open.missing)) : ruled;
}

const decided = (does: boolean, because: Text): Fit => ({ answer: does ? 'fits' : 'doesNotFit', because });
const unknown = (because: Text): Fit => ({ answer: 'unknown', because });

const changes = ({ fits: does = true }: FitException, { answer }: Fit): boolean =>
  answer !== (does ? 'fits' : 'doesNotFit');

/** Whether the other versions that an exception needs are there; undefined where one of them is not known. */
function heldWith(
  { with: needed = {} }: FitException,
  others: Readonly<Record<string, string>>,
): { holds: boolean | undefined; missing: string[] } {
  const ids = Object.keys(needed);
  const missing = ids.filter((id) => !Object.hasOwn(others, id));
  const differs = ids.some(
    (id) => Object.hasOwn(others, id) && !isVersion(needed[id] ?? '', others[id] ?? ''),
  );
  return { holds: differs ? false : missing.length > 0 ? undefined : true, missing };
}

function byRule(release: Fitting, component: Component, version: string): Fit {
  const { name, fits: listed, fit = release.fit } = component;
  if (listed) {
    const does = listed.some((each) => isVersion(each, version));
    const all = listed.join(', ');
    return decided(does, {
      sv: `${name} ${version} ${does ? 'är' : 'är inte'} en av ${all}, som passar med ${release.version}`,
      en: `${name} ${version} is ${does ? '' : 'not '}one of ${all}, which fit with ${release.version}`,
    });
  }
  return fit === undefined ? unknown(noRule(release, name)) : byDigits(release, name, version, fit);
}

function byDigits(release: Fitting, name: string, version: string, { digits }: FitRule): Fit {
  const [own, other] = [digitsOf(release.version), digitsOf(version)];
  if (own === undefined || other === undefined)
    return unknown({
      sv: `${name} ${version} är ingen version som AA.BC.D: fråga leverantören om den passar med ${release.version}`,
      en: `${name} ${version} is no version as AA.BC.D: ask the supplier whether it fits with ${release.version}`,
    });
  const does = own.slice(0, digits) === other.slice(0, digits);
  const first = {
    sv: digits === 1 ? 'den första siffran' : `de första ${digits} siffrorna`,
    en: digits === 1 ? 'the first digit' : `the first ${digits} digits`,
  };
  return decided(
    does,
    joined(first, {
      sv: ` i ${name} ${version} ${does ? 'stämmer' : 'stämmer inte'} med ${release.version}`,
      en: ` of ${name} ${version} ${does ? 'agree' : 'do not agree'} with ${release.version}`,
    }),
  );
}

const notNamed = ({ product, version }: Fitting, component: string): Text => ({
  sv: `${product} ${version} säger inget om ${component}: fråga leverantören vilken version som passar`,
  en: `${product} ${version} says nothing of ${component}: ask the supplier which version fits`,
});

const noRule = ({ product, version }: Fitting, name: string): Text => ({
  sv: `${product} ${version} har ingen regel för ${name}: fråga leverantören vilken version som passar`,
  en: `${product} ${version} has no rule for ${name}: ask the supplier which version fits`,
});

const asksFor = ({ name }: Component, version: string, missing: readonly string[]): Text => ({
  sv: `om ${name} ${version} passar beror på versionen av ${missing.join(', ')}, som inte är känd: ta reda på den`,
  en: `whether ${name} ${version} fits depends on the version of ${missing.join(', ')}, which is not known: find it out`,
});
