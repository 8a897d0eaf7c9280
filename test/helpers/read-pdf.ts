/** Reads a PDF with PDF.js, another library than the one that wrote it; in another process, as it is an ES module. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

export interface ReadPdf {
  /** Text of each page, blanks and line breaks as single blanks. */
  pages: string[];
  title: string;
  language: string;
  created: string;
  tagged: boolean;
  /** Number of elements of each kind in the structure. */
  elements: Record<string, number>;
  /** Alternative texts of figures. */
  alternatives: string[];
  bookmarks: string[];
}

const script = `
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { readFileSync } from 'node:fs';
const fonts = 'node_modules/pdfjs-dist/standard_fonts/';
const pdf = await getDocument({ data: new Uint8Array(readFileSync(0)), standardFontDataUrl: fonts, verbosity: 0 }).promise;
const elements = {};
const alternatives = [];
const visit = ({ role, alt, children = [] }) => {
  if (role) elements[role] = (elements[role] ?? 0) + 1;
  if (alt) alternatives.push(alt);
  children.forEach(visit);
};
const pages = [];
for (let number = 1; number <= pdf.numPages; number++) {
  const page = await pdf.getPage(number);
  const { items } = await page.getTextContent();
  pages.push(items.map(({ str }) => str).join(' ').replace(/\\s+/g, ' ').trim());
  visit((await page.getStructTree()) ?? {});
}
const { info } = await pdf.getMetadata();
const marks = await pdf.getMarkInfo();
const outline = (await pdf.getOutline()) ?? [];
process.stdout.write(JSON.stringify({ pages, title: info.Title, language: info.Language, created: info.CreationDate,
  tagged: marks?.Marked === true, elements, alternatives, bookmarks: outline.map(({ title }) => title) }));
`;

export function readPdf(pdf: Buffer): ReadPdf {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: path.resolve(__dirname, '../..'),
    input: pdf,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the PDF cannot be read: ${stderr}`);
  return JSON.parse(stdout) as ReadPdf;
}
