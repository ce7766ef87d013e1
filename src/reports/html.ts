// The HTML report: one file that holds its program and its data, opens without a network, and shows up to five runs of
// up to millions of requests on one axis. The page's template and the compressor are handed in.
import { PacelineError } from '../base/errors.ts';
import { formatCount, formatDuration } from '../base/units.ts';
import type { RequestLine, RunHeader, Summary } from '../model/record.ts';
import { lineWithoutSecrets } from '../model/secrets.ts';
import { titleParts } from '../timeline/caption.ts';
import { type Dataset, hashOf, TEXT_NAMES } from '../timeline/codec/dataset.ts';
import { type Block, type Compress, encodeRun } from '../timeline/codec/encode.ts';
import { Gathered } from '../timeline/codec/gather.ts';
import { limitSteps } from '../timeline/found-limit.ts';
import { Attempts, type RunFacts, runFacts } from '../timeline/large/facts.ts';
import { comparedText, findingText } from '../timeline/large/finding.ts';
import { loopHeads } from '../timeline/large/loop-heads.ts';
import { Pieces } from '../timeline/large/pieces.ts';
import { packPreview, unpackPreview } from '../timeline/large/preview.ts';
import { REPORT_VERSION, type ReportHead, type RunHead } from '../timeline/large/report-head.ts';
import { shown } from '../timeline/large/spoken.ts';
import { type Diagnosis, diagnosisText } from './diagnosis.ts';
import { fallbackPicture } from './html-fallback.ts';
import { base64, jsonInHtml } from './html-text.ts';
import { escapeMarkup } from './markup.ts';
import { paceText } from './pace-text.ts';
import type { OpenReport, ReportBuilder, ReportOptions } from './report.ts';

/** More runs on one axis cannot be told apart. */
const RUNS_MAX = 5;

export interface HtmlParts {
  /** The built page, with its marks `{{title}}`, `{{caption}}`, … still in it. */
  readonly template: string;
  /** Raw deflate. */
  readonly compress: Compress;
}

/** Names of hosts stand in it. */
const DIAGNOSIS_MAX = 400;

interface RunEnd {
  readonly summary: Summary | null;
  readonly diagnoses: readonly Diagnosis[];
}

interface WrittenRun {
  readonly head: RunHead;
  readonly facts: RunFacts;
  readonly blocks: readonly Block[];
  readonly picture: string;
}

/** Binds the page and the compressor: what is left is a report like the others. */
export function htmlReport(parts: HtmlParts): OpenReport {
  return (write, options) => new HtmlReport(write, options, parts);
}

class HtmlReport implements ReportBuilder {
  readonly #write: (piece: string | Uint8Array) => void;
  readonly #options: ReportOptions;
  readonly #parts: HtmlParts;
  readonly #runs: WrittenRun[] = [];
  #left = 0;
  #run: RunHeader | null = null;
  #name = '';
  #gathered: Gathered | null = null;

  constructor(write: (piece: string | Uint8Array) => void, options: ReportOptions, parts: HtmlParts) {
    this.#write = write;
    this.#options = options;
    this.#parts = parts;
  }

  begin(run: RunHeader, name: string): void {
    this.#run = run;
    this.#name = shown(name, 80);
    if (this.#runs.length === RUNS_MAX) this.#left++;
    else this.#gathered = new Gathered();
  }

  add(line: RequestLine): void {
    this.#gathered?.add(lineWithoutSecrets(line));
  }

  end(summary: Summary | null, diagnoses: readonly Diagnosis[]): void {
    const [run, gathered] = [this.#run, this.#gathered];
    this.#gathered = null;
    if (run === null || gathered === null) return;
    this.#runs.push(this.#encode(run, gathered.end(), { summary, diagnoses }));
  }

  #encode(run: RunHeader, data: Dataset, { summary, diagnoses }: RunEnd): WrittenRun {
    const pieces = new Pieces(data);
    const facts = runFacts(pieces, new Attempts(data));
    const blocks = [...encodeRun(data, this.#parts.compress)];
    const packed = packPreview(pieces);
    const notes = notesOf(run, data, summary);
    for (const note of notes) if (note.startsWith('Left out')) this.#options.warn(note);
    const { requests, attempts, failed, wallUs } = facts;
    const head: RunHead = {
      name: this.#nameFor(run),
      title: titleParts(run, { requests, capacity: data.capacity > 0 ? data.capacity : null }),
      finding: findingText(facts),
      diagnoses: diagnoses.map(one => shown(diagnosisText(one), DIAGNOSIS_MAX)),
      faster: '',
      facts: { requests, attempts, failed, wallUs },
      extentUs: pieces.extent.toUs,
      limit: run.findsPace ? null : run.concurrency,
      limitSteps: limitSteps(summary?.pace ?? []).map(({ fromMs, limit }) => [
        Math.round(fromMs * 1000),
        limit,
      ]),
      ...{ capacity: data.capacity, doubtUs: data.doubtUs, lane: laneName(run), notes },
      loops: loopHeads(summary?.eventLoops ?? [], wallUs / 1000),
      hash: hashOf(data),
      blocks: blocks.length,
      preview: base64(this.#parts.compress(packed)),
    };
    const picture = fallbackPicture(unpackPreview(packed), head);
    return { head, facts, blocks, picture };
  }

  /** The strategy says more than a file's name, as long as it tells the runs apart. */
  #nameFor({ strategy, concurrency, findsPace }: RunHeader): string {
    const limit = findsPace ? 'auto' : strategy === 'sequential' ? null : concurrency;
    const short = limit === null ? strategy : `${strategy} ${limit}`;
    return this.#runs.some(({ head }) => head.name === short) ? `${short} (${this.#name})` : short;
  }

  finish(): void {
    if (this.#left > 0)
      this.#options.warn(
        `Left out ${formatCount(this.#left)} runs: a page shows ${RUNS_MAX} on one axis. ` +
          'Write the others to a second file.',
      );
    const runs = this.#runs.map(({ head }) => ({ ...head, faster: this.#fasterText(head) }));
    const caption = comparedText(this.#runs.map(({ head, facts }) => ({ name: head.name, facts })));
    const head: ReportHead = { version: REPORT_VERSION, caption, theme: this.#options.theme, runs };
    const fillings: Readonly<Record<string, () => void>> = {
      title: () => this.#write(escapeMarkup(titleOf(runs))),
      caption: () => this.#write(escapeMarkup(caption)),
      loading: () => this.#write(escapeMarkup(loadingText(runs))),
      picture: () => this.#write(this.#runs.map(({ picture }) => picture).join('')),
      head: () =>
        this.#write(`<script type="application/json" id="paceline-head">${jsonInHtml(head)}</script>`),
      data: () => this.#writeBlocks(),
    };
    const marks = this.#parts.template.split(/\{\{(\w+)\}\}/);
    for (const [i, part] of marks.entries()) {
      if (i % 2 === 0) this.#write(part);
      else fill(fillings, part);
    }
  }

  /** Only runs of as many requests are held against one another. */
  #fasterText({ facts }: RunHead): string {
    const walls = this.#runs.map(({ head }) => head.facts);
    const slowestUs = Math.max(...walls.map(({ wallUs }) => wallUs));
    const isFair = walls.every(({ requests }) => requests === facts.requests);
    if (!isFair || facts.wallUs === 0 || slowestUs < facts.wallUs * 1.05) return '';
    return ` · ${(slowestUs / facts.wallUs).toPrecision(3)}× faster`;
  }

  #writeBlocks(): void {
    for (const [run, { blocks }] of this.#runs.entries()) {
      for (const { kind, crc, bytes } of blocks) {
        const open = `<script type="application/octet-stream" data-run="${run}" data-kind="${kind}" data-crc="${crc}">`;
        this.#write(`${open}${base64(bytes)}</script>\n`);
      }
    }
  }
}

function fill(fillings: Readonly<Record<string, () => void>>, mark: string): void {
  const filling = fillings[mark];
  if (!filling) throw new PacelineError('ERR_BUG', `The page's template has an unknown mark '${mark}'.`);
  filling();
}

function titleOf(runs: readonly RunHead[]): string {
  return `paceline: ${runs.map(({ title }) => title.slice(0, 2).join(', ')).join(' | ') || 'no run'}`;
}

function loadingText(runs: readonly RunHead[]): string {
  const attempts = runs.reduce((sum, { facts }) => sum + facts.attempts, 0);
  return `Reading ${formatCount(attempts)} attempts.`;
}

const LANE_NAMES: Readonly<Record<string, string>> = {
  ...{ sequential: 'lane', async: 'slot', semaphore: 'permit', threads: 'lane', processes: 'lane' },
};

function laneName({ strategy }: RunHeader): string {
  return LANE_NAMES[strategy] ?? 'lane';
}

function notesOf(run: RunHeader, data: Dataset, summary: Summary | null): string[] {
  const notes: string[] = [];
  if (run.simulated) notes.push('Simulated: a modelled server and a virtual clock; nothing was sent.');
  if (summary === null)
    notes.push('The record has no last line: the run was cut off, and this is what it had.');
  else if (summary.ended !== 'complete')
    notes.push(`The run did not end by itself: ${summary.ended.replace('_', ' ')}.`);
  for (const text of summary ? paceText(summary) : []) notes.push(shown(text, DIAGNOSIS_MAX));
  const usage = summary?.usage;
  if (usage)
    notes.push(
      `CPU ${formatDuration(usage.userMs + usage.sysMs)} of ${formatDuration(usage.realMs)}, ` +
        `${formatCount(usage.processes)} ${usage.processes === 1 ? 'process' : 'processes'}.`,
    );
  for (const name of TEXT_NAMES) {
    const { detail } = data.texts[name];
    if (detail === 'none') notes.push(`Left out: too many different texts (${name}) to keep.`);
    if (detail === 'patterns')
      notes.push(`Left out: so many different texts (${name}) that digits stand as *.`);
  }
  return notes;
}
