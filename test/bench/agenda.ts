/** Milliseconds to make the agenda of a full year as PDF. */
import { agendaDocument } from '../../templates/agenda/document';
import { documentPdf } from '../../templates/documents/pdf';
import { fullAgenda } from '../templates/agenda-example';
import type { Measured } from './measured';
import { median } from './statistics';

/** Measures the agenda, the first time left out: then the fonts are read. */
export async function measureAgenda(repetitions: number): Promise<Measured> {
  const document = agendaDocument(fullAgenda(), 'sv');
  const values: number[] = [];
  for (let count = 0; count <= repetitions; count += 1) {
    const start = performance.now();
    await documentPdf(document);
    if (count > 0) values.push(performance.now() - start);
  }
  return {
    id: 'agenda-pdf',
    name: 'agenda as PDF',
    unit: 'ms',
    product: median(values),
    goal: { of: 'product', below: 200 },
    values,
  };
}
