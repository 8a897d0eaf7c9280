/** Cookies of one run of a check: a page that sets one and leads back to itself shows its content only to who brings it. */
import { Headers, getSetCookies } from 'undici';

interface Kept {
  name: string;
  value: string;
  /** The host it is for, and whether hosts below it get it too. */
  host: string;
  below: boolean;
  path: string;
  secure: boolean;
}

/** Keeps the cookies servers set, and gives each server its own back, as a browser does. */
export class CookieJar {
  private kept: Kept[] = [];

  /** Keeps what an answer's `Set-Cookie` lines set, and forgets what they end. */
  keep(lines: string | string[] | undefined, { hostname, pathname }: URL): void {
    for (const line of [lines ?? []].flat()) {
      const [cookie] = getSetCookies(new Headers([['set-cookie', line]]));
      if (!cookie) continue;
      const domain = cookie.domain?.replace(/^\./, '').toLowerCase() ?? '';
      const below = domain !== '' && domain !== hostname;
      // Nobody sets cookies for others, nor for a whole top-level domain.
      if (below && !(hostname.endsWith(`.${domain}`) && domain.includes('.'))) continue;
      const { name, value, secure = false, maxAge, expires } = cookie;
      const path = cookie.path?.startsWith('/') ? cookie.path : pathname.replace(/(.)\/[^/]*$|[^/]+$/, '$1');
      const host = below ? domain : hostname;
      this.kept = this.kept.filter(
        (each) => !(each.name === name && each.host === host && each.path === path),
      );
      const ends =
        maxAge === undefined ? (expires === undefined ? Infinity : Number(expires) - Date.now()) : maxAge;
      if (ends > 0) this.kept.push({ name, value, host, below: domain !== '', path, secure });
    }
  }

  /** Headers with the cookies for an address added to those they have. */
  addTo(headers: Record<string, string>, { hostname, pathname, protocol }: URL): Record<string, string> {
    const own = this.kept.filter(
      ({ host, below, path, secure }) =>
        (host === hostname || (below && hostname.endsWith(`.${host}`))) &&
        (pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)) &&
        (!secure || protocol === 'https:'),
    );
    if (own.length === 0) return headers;
    const pairs = own.map(({ name, value }) => `${name}=${value}`);
    const given = (headers.cookie ?? '')
      .split(/;\s*/)
      .filter((pair) => pair !== '' && !own.some(({ name }) => pair.startsWith(`${name}=`)));
    return { ...headers, cookie: [...given, ...pairs].join('; ') };
  }
}
