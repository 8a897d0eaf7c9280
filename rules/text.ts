/** A wording in both languages our own people read. */
export interface Text {
  sv: string;
  en: string;
}
