/** When the system goes down for an upgrade, and with which agreements that is shared, as the portfolio and its command say it. */
import type { Language } from '../../rules/engine/basics/text';
import type { UpgradeOfAgreement } from '../../rules/engine/upgrade/portfolio';
import { formatSpan } from './dates';

const words = {
  sv: {
    window: (span: string) => `systemet stängs ${span}`,
    shared: (others: string) => `delar installation med ${others}`,
  },
  en: {
    window: (span: string) => `the system goes down ${span}`,
    shared: (others: string) => `shares its installation with ${others}`,
  },
} as const;

/** A line for each that is known. */
export function windowLines(
  { window, shared }: Pick<UpgradeOfAgreement, 'window' | 'shared'>,
  language: Language,
): string[] {
  const say = words[language];
  return [
    ...(window ? [say.window(formatSpan(window.from, window.to, language))] : []),
    ...(shared ? [say.shared(shared.join(', '))] : []),
  ];
}
