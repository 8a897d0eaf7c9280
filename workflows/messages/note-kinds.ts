/** What a note for the next agenda is about. */
export const noteKinds = ['training', 'proposal', 'upgrade', 'other'] as const;
