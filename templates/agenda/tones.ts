/** Colours of the agenda, the same on paper and on screen; text on white reaches a contrast of 4.5 to 1. */
export const tones = {
  ink: '#1f2a33',
  muted: '#5c6975',
  grid: '#e1e6ea',
  wash: '#f2f6f7',
  accent: '#0e5f6d',
  gold: '#c6a23a',
  used: '#0e5f6d',
  usedArea: '#d5e6e9',
  available: '#c6a23a',
  today: '#5c6975',
  good: '#1c6b3c',
  bad: '#b3261e',
} as const;
