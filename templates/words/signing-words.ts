/** What signed documents, their papers and amendments are called, wherever they are listed. */
export const signingWords = {
  sv: {
    kinds: { original: 'original', amendment: 'tilläggsavtal', copy: 'kopia' },
    papers: { contract: 'avtal', certificate: 'intyg' },
    amendments: { proposed: 'väntar', approved: 'godkänt', rejected: 'avböjt' },
  },
  en: {
    kinds: { original: 'original', amendment: 'amendment', copy: 'copy' },
    papers: { contract: 'contract', certificate: 'certificate' },
    amendments: { proposed: 'proposed', approved: 'approved', rejected: 'rejected' },
  },
} as const;
