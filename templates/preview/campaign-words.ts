/** The words of a campaign's calendar. */
import { counted } from '../../rules/engine/basics/counted';

export const campaignWords = {
  sv: {
    title: (product: string, release: string) => `Årets utrullning: ${product} ${release}`,
    days: (from: string, to: string) => `${from} till ${to}`,
    counts: (placed: number, not: number, passed: number) =>
      `${counted(placed, ['avtal har', 'avtal har'])} en tid, ${not} får inte plats, ${passed} berörs inte.`,
    round: (name: string) => `Omgång: ${name}`,
    upgrades: (count: number) => counted(count, ['uppgradering', 'uppgraderingar']),
    week: (week: number, monday: string) => `vecka ${week}, från ${monday}`,
    people: (consultant: string, onCall: string, present: string, morning: string) =>
      onCall === consultant && present === consultant
        ? `${consultant}, även jour, och på plats ${morning}`
        : `${consultant}; jour: ${onCall}; på plats ${morning}: ${present}`,
    fixed: 'överenskommen',
    notPlaced: 'Får inte plats',
    next: (window: string) => `nästa lediga: ${window}`,
    problems: 'Att ta ställning till',
    left: 'Lediga tider',
    windows: (count: number) => (count === 0 ? 'ingen kvar' : `${count} kvar`),
    passed: 'Berörs inte',
    moved: 'Faser som flyttas av tiderna',
    calendars: 'Årets utrullningar',
    inForce: (day: string) => `Som reglerna gäller ${day}`,
    none: 'Ingen utrullning gäller som inte är slut.',
    signs: '= tiden gäller; + tiden är föreslagen och gäller efter npx serviceavtal apply.',
  },
  en: {
    title: (product: string, release: string) => `The campaign: ${product} ${release}`,
    days: (from: string, to: string) => `${from} to ${to}`,
    counts: (placed: number, not: number, passed: number) =>
      `${counted(placed, ['agreement has', 'agreements have'])} a window, ${not} ${not === 1 ? 'does' : 'do'} not fit, ${passed} ${passed === 1 ? 'is' : 'are'} not concerned.`,
    round: (name: string) => `Round: ${name}`,
    upgrades: (count: number) => counted(count, ['upgrade', 'upgrades']),
    week: (week: number, monday: string) => `week ${week}, from ${monday}`,
    people: (consultant: string, onCall: string, present: string, morning: string) =>
      onCall === consultant && present === consultant
        ? `${consultant}, also on call, and present on ${morning}`
        : `${consultant}; on call: ${onCall}; present on ${morning}: ${present}`,
    fixed: 'agreed',
    notPlaced: 'Does not fit',
    next: (window: string) => `next free: ${window}`,
    problems: 'To decide',
    left: 'Windows left',
    windows: (count: number) => (count === 0 ? 'none left' : `${count} left`),
    passed: 'Not concerned',
    moved: 'Phases that the windows move',
    calendars: 'The campaigns',
    inForce: (day: string) => `As the rules are in force on ${day}`,
    none: 'No campaign is in force that has not ended.',
    signs: '= the window is kept; + the window is proposed, and holds after npx serviceavtal apply.',
  },
};
