/** Colours of documents, on paper and on a light screen; text on white reaches a contrast of 4.5 to 1. */
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

/** The same on a screen that is dark. */
export const darkTones: Record<keyof typeof tones, string> = {
  ink: '#e4e9ed',
  muted: '#a3afb9',
  grid: '#35414b',
  wash: '#1b2228',
  accent: '#7fcbd8',
  gold: '#c6a23a',
  used: '#57b6c6',
  usedArea: '#1f3d44',
  available: '#c6a23a',
  today: '#a3afb9',
  good: '#7fd3a0',
  bad: '#ff9b92',
};
