// A headless Chromium for the tests of pages, and a report opened in it as a reader would: from a file, with the
// network off. Debian's Chromium is installed where that is possible; PACELINE_CHROMIUM names another.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { ensureDebianPackages } from '../../tools/debian.ts';

export function chromiumPath(): string {
  const named = process.env.PACELINE_CHROMIUM;
  if (named !== undefined) return named;
  ensureDebianPackages(['chromium'], 'test/page/');
  return '/usr/bin/chromium';
}

export interface OpenedPage {
  readonly page: Page;
  /** Errors of the page and of its console, and requests for anything but the file itself. */
  readonly complaints: readonly string[];
  /** Evaluates an expression in the page, as text, so that no type of a browser is needed here. */
  readonly ask: <Answer>(expression: string) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

/** One browser and one folder for all tests of a file. */
export class PageLab {
  readonly #folder = mkdtempSync(join(tmpdir(), 'paceline-page-'));
  #browser: Promise<Browser> | null = null;
  #count = 0;

  #open(): Promise<Browser> {
    this.#browser ??= chromium.launch({
      executablePath: chromiumPath(),
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    return this.#browser;
  }

  /** A report, as soon as it says that it is ready. @param hash what a link to a finding would end in */
  async open(html: string, options: BrowserContextOptions = {}, hash = ''): Promise<OpenedPage> {
    const opened = await this.show(html, options, hash);
    await opened.page.waitForSelector('html[data-ready]', { state: 'attached' });
    return opened;
  }

  /** Any page. */
  async show(html: string, options: BrowserContextOptions = {}, hash = ''): Promise<OpenedPage> {
    const path = join(this.#folder, `report-${this.#count++}.html`);
    writeFileSync(path, html);
    const browser = await this.#open();
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      offline: true,
      ...options,
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', error => complaints.push(String(error.stack)));
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('request', request => {
      const url = request.url();
      if (!/^(blob|data):/.test(url) && !url.startsWith(pathToFileURL(path).href))
        complaints.push(`asks for ${url}`);
    });
    await page.goto(`${pathToFileURL(path).href}${hash}`);
    const ask = <Answer>(expression: string): Promise<Answer> => page.evaluate(expression) as Promise<Answer>;
    return { page, complaints, ask, close: () => context.close() };
  }

  async close(): Promise<void> {
    await (await this.#browser)?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Waits until the page has drawn, and counted its figures anew, after whatever was done to it. */
export async function settle({ page }: OpenedPage): Promise<void> {
  await page.evaluate('new Promise(done => { paceline.app.onStill(done); paceline.app.redraw(); })');
}

export function assertQuiet({ complaints }: OpenedPage): void {
  assert.deepEqual(complaints, []);
}
