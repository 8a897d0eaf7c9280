import { AsyncLocalStorage } from 'node:async_hooks';
import { BilingualError } from '../../rules/engine/basics/bilingual-error';
import type { Language, Text } from '../../rules/engine/basics/text';

/** Of each command that runs: several may run in one process. */
const language = new AsyncLocalStorage<Language>();

/** Sets the language of a command before it begins. */
export function speak(chosen: Language): void {
  language.enterWith(chosen);
}

/** The language of the command that runs; English outside of commands. */
export const spoken = (): Language => language.getStore() ?? 'en';

/** What an error says, in the language of the command that runs if it has words in both. */
export const messageOf = (error: unknown): string =>
  error instanceof BilingualError && spoken() === 'sv' ? error.messageSv : (error as Error).message;

/** A wording in the language of the command that runs. */
export const inWords = (text: Text): string => text[spoken()];
