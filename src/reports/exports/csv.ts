// A run as CSV for spreadsheets: the rows that `fetch --format csv` prints, one for each request, and one more column
// that tells the runs of a file apart.
import type { RequestLine, RunHeader } from '../../model/record.ts';
import { lineWithoutSecrets } from '../../model/secrets.ts';
import { settledOf } from '../../trace/settled-of.ts';
import { csvHead, csvLine, textCell } from '../csv-line.ts';
import type { OpenReport, ReportBuilder } from '../report.ts';
import { TextPieces } from './text-pieces.ts';

export const openCsv: OpenReport = write => new Csv(write);

class Csv implements ReportBuilder {
  readonly #pieces: TextPieces;
  #runCell = '';

  constructor(write: (piece: string) => void) {
    this.#pieces = new TextPieces(write);
    this.#pieces.put(`${csvHead()},run\r\n`);
  }

  begin(_run: RunHeader, name: string): void {
    this.#runCell = textCell(name);
  }

  add(line: RequestLine): void {
    this.#pieces.put(`${csvLine(settledOf(lineWithoutSecrets(line)))},${this.#runCell}\r\n`);
  }

  end(): void {}

  finish(): void {
    this.#pieces.flush();
  }
}
