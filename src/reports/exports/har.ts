// A run as an HTTP archive (HAR 1.2), which browsers' network panels open: an entry for each attempt, a page for each
// run. What the record does not have (headers, bodies, addresses, the parts of a connect) is empty or -1, as the format
// has it; what the format has no place for is under `_paceline`.
import { VERSION } from '../../base/version.ts';
import { isoTime } from '../../model/iso-time.ts';
import type { RequestLine, RunHeader, Summary, TryLine } from '../../model/record.ts';
import { lineWithoutSecrets } from '../../model/secrets.ts';
import { counted } from '../../timeline/caption.ts';
import { Slices } from '../../timeline/slices.ts';
import { msText } from '../../trace/instants.ts';
import type { OpenReport, ReportBuilder, ReportOptions } from '../report.ts';
import { Cap } from './cap.ts';
import { type HarTimings, harTimings } from './har-timings.ts';
import { startOf } from './run-start.ts';
import { runWords } from './run-words.ts';
import { jsonString, jsonValue, TextPieces } from './text-pieces.ts';

/** Some 40 MB. Browsers make a row of the page for each entry. */
export const HAR_ENTRIES_MAX = 50_000;

export const openHarReport: OpenReport = harUpTo(HAR_ENTRIES_MAX);

export function harUpTo(entriesMax: number): OpenReport {
  return (write, options) => new Har(write, options, entriesMax);
}

interface Page {
  readonly id: string;
  readonly title: string;
  readonly startedMs: number;
  readonly strategy: string;
  unsent: number;
}

class Har implements ReportBuilder {
  readonly #pieces: TextPieces;
  readonly #cap: Cap;
  readonly #options: ReportOptions;
  readonly #slices = new Slices();
  readonly #pages: Page[] = [];
  #page: Page = { id: '', title: '', startedMs: 0, strategy: '', unsent: 0 };
  #isFirst = true;

  constructor(write: (piece: string) => void, options: ReportOptions, entriesMax: number) {
    this.#pieces = new TextPieces(write);
    this.#options = options;
    this.#cap = new Cap(entriesMax);
    const creator = `"creator":{"name":"paceline","version":"${VERSION}"}`;
    this.#pieces.put(`{"log":{"version":"1.2",${creator},"entries":[`);
  }

  begin(run: RunHeader, name: string): void {
    const startedMs = startOf(run, name, this.#options.warn);
    const title = runWords(run, name).join(' · ');
    this.#page = { id: `run_${this.#pages.length + 1}`, title, startedMs, strategy: run.strategy, unsent: 0 };
    this.#pages.push(this.#page);
  }

  add(given: RequestLine): void {
    if (!this.#cap.takes(given.tries.length)) return;
    const line = lineWithoutSecrets(given);
    if (line.tries.length === 0) this.#page.unsent++;
    for (let place = 0; place < line.tries.length; place++) {
      this.#pieces.put(`${this.#isFirst ? '' : ','}\n${this.#entry(line, place)}`);
      this.#isFirst = false;
    }
  }

  end(_summary: Summary | null): void {}

  /** The pages come last: only now it is known which runs there are. */
  finish(): void {
    const pages = this.#pages.map(({ id, title, startedMs, unsent }) => {
      const comment = unsent === 0 ? '' : `,"comment":"${counted(unsent, 'request')} never sent: no entry"`;
      const started = `"startedDateTime":"${isoTime(startedMs)}"`;
      return `\n{${started},"id":"${id}","title":${jsonString(title)},"pageTimings":{}${comment}}`;
    });
    this.#pieces.put(`\n],"pages":[${pages.join(',')}\n]}}\n`);
    this.#pieces.flush();
    this.#cap.warn('HAR', 'write .pftrace or .csv for more', this.#options.warn);
  }

  #entry(line: RequestLine, place: number): string {
    const one = line.tries[place] as TryLine;
    const { id, startedMs } = this.#page;
    this.#slices.fill(one);
    const timings = harTimings(this.#slices, one.phasesMs);
    const url = one.url ?? line.url;
    const error =
      one.error === undefined ? '' : `,"_error":${jsonString(`${one.error.code}: ${one.error.message}`)}`;
    return (
      `{"pageref":"${id}","startedDateTime":"${isoTime(startedMs + timings.fromMs)}"` +
      `,"time":${msText(timings.totalMs)}` +
      `,"request":${requestText(line.method, url)}` +
      `,"response":${responseText(line, place, error)},"cache":{},"timings":${timingsText(timings)}` +
      `,"_paceline":${this.#ownText(line, place)}}`
    );
  }

  #ownText(line: RequestLine, place: number): string {
    const one = line.tries[place] as TryLine;
    const { permit, queue, service } = one.phasesMs;
    const fields: (readonly [name: string, value: string | number | null | undefined])[] = [
      ['request', line.index],
      ['id', line.id ?? undefined],
      ['attempt', place + 1],
      ['outcome', one.outcome],
      ['strategy', this.#page.strategy],
      ['lane', one.lane],
      ['worker', one.worker],
      ['startedMs', one.startedMs],
      ['endedMs', one.endedMs],
      ['permitMs', permit],
      ['queueMs', queue],
      ['serviceMs', service],
      ['serverWorker', one.server?.worker],
    ];
    return objectText(fields);
  }
}

function requestText(method: string, url: string): string {
  const query = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1] ?? '');
  const pairs = Array.from(
    query,
    ([name, value]) => `{"name":${jsonString(name)},"value":${jsonString(value)}}`,
  );
  return (
    `{"method":${jsonString(method)},"url":${jsonString(url)},"httpVersion":"HTTP/1.1","cookies":[],"headers":[]` +
    `,"queryString":[${pairs.join(',')}],"headersSize":-1,"bodySize":-1}`
  );
}

/** The record has the bytes of a request's last attempt only. */
function responseText(line: RequestLine, place: number, error: string): string {
  const { status } = line.tries[place] as TryLine;
  const next = line.tries[place + 1];
  const bytes = next === undefined ? line.bytes : -1;
  const leadsTo = status !== null && status >= 300 && status < 400 ? (next?.url ?? '') : '';
  return (
    `{"status":${status ?? 0},"statusText":"","httpVersion":"${status === null ? '' : 'HTTP/1.1'}"` +
    `,"cookies":[],"headers":[],"content":{"size":${Math.max(0, bytes)},"mimeType":"x-unknown"}` +
    `,"redirectURL":${jsonString(leadsTo)},"headersSize":-1,"bodySize":${bytes}${error}}`
  );
}

function timingsText({ blockedMs, sendMs, waitMs, receiveMs }: HarTimings): string {
  const blocked = blockedMs === null ? '-1' : msText(blockedMs);
  return (
    `{"blocked":${blocked},"dns":-1,"connect":-1,"ssl":-1` +
    `,"send":${msText(sendMs)},"wait":${msText(waitMs)},"receive":${msText(receiveMs)}}`
  );
}

function objectText(fields: readonly (readonly [string, string | number | null | undefined])[]): string {
  const told = fields.filter(([, value]) => value !== undefined);
  return `{${told.map(([name, value]) => `"${name}":${jsonValue(value ?? null)}`).join(',')}}`;
}
