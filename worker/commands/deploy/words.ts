/** What `serviceavtal deploy` says. */
import { counted } from '../../../rules/engine/basics/counted';
import type { Language } from '../../../rules/engine/basics/text';
import type { Kind } from '../../deploy/sample';
import type { Version } from '../../temporal/deployment';

const states: Record<Version['state'], Record<Language, string>> = {
  current: { sv: 'gäller', en: 'current' },
  ramping: { sv: 'prövas', en: 'ramping' },
  draining: { sv: 'ersatt, töms', en: 'replaced, draining' },
  drained: { sv: 'ersatt, tom', en: 'replaced, drained' },
  inactive: { sv: 'har inte gällt', en: 'not in force yet' },
};

export const stateWord = (state: Version['state'], language: Language): string => states[state][language];

export const said = {
  sv: {
    none: 'Temporal känner ingen version av programmet än: den första starten ger den.',
    served: 'körs',
    notServed: 'körs inte',
    runs: (runs: number, agreements: number) =>
      `${counted(runs, ['arbetsflöde', 'arbetsflöden'])}, varav ${counted(agreements, ['avtal', 'avtal'])}`,
    noRuns: 'inga arbetsflöden',
    unwell: (ids: readonly string[]) => `mår inte bra: ${ids.join(', ')}`,
    raised: (agreement: string, what: string) => `behöver åtgärd sedan dess: ${agreement}, ${what}`,
    canStop: 'inget körs på den: dess process behövs inte mer',
    unversioned: (runs: number) =>
      `${counted(runs, ['arbetsflöde', 'arbetsflöden'])} utan version: de går över till den som gäller vid sitt nästa steg`,
    checking: (build: string, of: number, all: number) =>
      `Prövar ${of === all ? of : `${of} av ${all}`} historiker med version ${build} …`,
    kind: ({ type, build, upTo, running, chosen }: Kind) =>
      `  ${type} på ${build ?? 'ingen version'}, ${upTo === undefined ? 'de längsta historikerna' : `högst ${counted(upTo, ['händelse', 'händelser'])}`}: ${chosen.length} av ${running}`,
    notReplayed: (count: number) =>
      `Det var ett urval; ${counted(count, ['historik', 'historiker'])} är inte prövade. Alla prövas med --all.`,
    checked: (of: number, bad: number) =>
      bad === 0
        ? `Alla ${of} kan gå vidare.`
        : `${bad} av ${of} kan inte gå vidare. Låt deras version köras vidare bredvid: de byter själva vid en punkt då inget är på gång.`,
    which: (choices: readonly string[]) =>
      `förväntade en version som körs och inte gäller, hittade ${choices.length === 0 ? 'ingen: starta den först' : choices.join(', ')}`,
    notServedNow: (build: string) => `version ${build} körs inte: starta den först`,
    isCurrent: (build: string) => `Version ${build} gäller redan, och allt körs på den.`,
    askRamp: (build: string, count: number, of: number) => `Flytta ${count} av ${of} avtal till ${build}?`,
    askPromote: (build: string, count: number) =>
      `Låta ${build} gälla, och flytta ${counted(count, ['avtal eller annat arbetsflöde', 'avtal och andra arbetsflöden'])}?`,
    askRollback: (build: string) => `Låta nya avtal börja på ${build} igen?`,
    stopRamp: (build: string) => `Sluta flytta till ${build}?`,
    troubled: (build: string) =>
      `på ${build} är det något som inte mår bra (se ovan): bota det, eller lägg till --anyway`,
    progress: (done: number, of: number) => `  ${done} av ${of}`,
    isNow: (build: string) => `Nya avtal börjar på ${build}.`,
    moved: (moved: number, build: string) =>
      `${counted(moved, ['arbetsflöde', 'arbetsflöden'])} flyttades till ${build}.`,
    late: (ids: readonly string[]) => `Flyttar när det som är på gång är klart: ${ids.join(', ')}`,
    failing: (ids: readonly string[]) =>
      `Stoppat, och resten är inte flyttat: ${ids.join(', ')} kan inte göra sitt nästa steg där. Gå tillbaka med: npx serviceavtal deploy rollback`,
    overtaken: 'Stoppat, och resten är inte flyttat: en annan version gäller nu.',
    gone: (runs: number) =>
      `${counted(runs, ['arbetsflöde', 'arbetsflöden'])} på versioner som inte körs: den som gäller tar över dem av sig själv`,
    rampOver: (build: string) => `Inget mer flyttas till ${build}.`,
    stay: (runs: number, build: string) =>
      `${counted(runs, ['arbetsflöde', 'arbetsflöden'])} stannar på ${build}, också vid avtalsårets slut: låt dess process köras.`,
    followLater: (ids: readonly string[], build: string) =>
      `resten av deras avtal är flyttat till ${build}, och de följer efter när det som är på gång är klart: ${ids.join(', ')}. Till dess prövas ${build}; kör sedan npx serviceavtal deploy rollback igen`,
    noEarlier: 'det finns ingen version att gå tillbaka till: ingen annan har gällt',
    unchanged: 'Inget är ändrat.',
  },
  en: {
    none: 'Temporal knows no version of the program yet: the first start gives it one.',
    served: 'runs',
    notServed: 'does not run',
    runs: (runs: number, agreements: number) =>
      `${counted(runs, ['workflow', 'workflows'])}, of which ${counted(agreements, ['agreement', 'agreements'])}`,
    noRuns: 'no workflows',
    unwell: (ids: readonly string[]) => `not well: ${ids.join(', ')}`,
    raised: (agreement: string, what: string) => `needs attention since then: ${agreement}, ${what}`,
    canStop: 'nothing is on it: its process is not needed any more',
    unversioned: (runs: number) =>
      `${counted(runs, ['workflow', 'workflows'])} of no version: they go to the current one at their next task`,
    checking: (build: string, of: number, all: number) =>
      `Replaying ${of === all ? of : `${of} of ${all}`} histories with version ${build} …`,
    kind: ({ type, build, upTo, running, chosen }: Kind) =>
      `  ${type} on ${build ?? 'no version'}, ${upTo === undefined ? 'the longest histories' : `at most ${counted(upTo, ['event', 'events'])}`}: ${chosen.length} of ${running}`,
    notReplayed: (count: number) =>
      `That was a sample; ${counted(count, ['history was', 'histories were'])} not replayed. --all replays every one.`,
    checked: (of: number, bad: number) =>
      bad === 0
        ? `All ${of} can go on.`
        : `${bad} of ${of} cannot go on. Let their version run on beside: they change by themselves at a point where nothing is under way.`,
    which: (choices: readonly string[]) =>
      `expected a version that runs and is not current, found ${choices.length === 0 ? 'none: start it first' : choices.join(', ')}`,
    notServedNow: (build: string) => `version ${build} does not run: start it first`,
    isCurrent: (build: string) => `Version ${build} is current already, and everything is on it.`,
    askRamp: (build: string, count: number, of: number) =>
      `Move ${count} of ${counted(of, ['agreement', 'agreements'])} to ${build}?`,
    askPromote: (build: string, count: number) =>
      `Make ${build} current, and move ${counted(count, ['agreement or other workflow', 'agreements and other workflows'])}?`,
    askRollback: (build: string) => `Have new agreements begin on ${build} again?`,
    stopRamp: (build: string) => `Move no more to ${build}?`,
    troubled: (build: string) => `something is not well on ${build} (see above): cure it, or add --anyway`,
    progress: (done: number, of: number) => `  ${done} of ${of}`,
    isNow: (build: string) => `New agreements begin on ${build}.`,
    moved: (moved: number, build: string) =>
      `${counted(moved, ['workflow was', 'workflows were'])} moved to ${build}.`,
    late: (ids: readonly string[]) => `To move when what is under way is done: ${ids.join(', ')}`,
    failing: (ids: readonly string[]) =>
      `Stopped, and the rest is not moved: ${ids.join(', ')} cannot do the next task there. To go back: npx serviceavtal deploy rollback`,
    overtaken: 'Stopped, and the rest is not moved: another version is current now.',
    gone: (runs: number) =>
      `${counted(runs, ['workflow is', 'workflows are'])} on versions that do not run: the current one takes them over by itself`,
    rampOver: (build: string) => `No more is moved to ${build}.`,
    stay: (runs: number, build: string) =>
      `${counted(runs, ['workflow stays', 'workflows stay'])} on ${build}, at the year's end too: keep its process running.`,
    followLater: (ids: readonly string[], build: string) =>
      `the rest of their agreements was moved to ${build}, and they follow when what is under way is done: ${ids.join(', ')}. Until then ${build} ramps; then run npx serviceavtal deploy rollback again`,
    noEarlier: 'there is no version to go back to: no other has been current',
    unchanged: 'Nothing was changed.',
  },
} as const;
