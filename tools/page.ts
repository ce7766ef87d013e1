// The page of the HTML report as one text: markup, style and program, with marks where a report fills in its data. The
// program runs because its hash stands in the content security policy, and nothing else does.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { PAGE } from './entries.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/** Browsers that have what the page needs; all of them since 2023 or earlier. */
const TARGET = 'es2023';

/** @param minify false leaves the names, for whoever looks for where the time goes */
export async function bundlePage(minify = true): Promise<string> {
  const folder = join(ROOT, PAGE, '..');
  const script = await bundleScript(minify);
  const style = readFileSync(join(folder, 'page.css'), 'utf8').replace(/\s*\n\s*/g, '\n');
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const parts: Readonly<Record<string, string>> = { script, style, csp: policy };
  return readFileSync(join(folder, 'page.html'), 'utf8').replace(
    /\{\{(script|style|csp)\}\}/g,
    (_, name: string) => parts[name] ?? '',
  );
}

async function bundleScript(minify: boolean): Promise<string> {
  const build = await rolldown({
    cwd: ROOT,
    input: PAGE,
    platform: 'browser',
    transform: { target: TARGET },
  });
  const { output } = await build.generate({ format: 'iife', minify, codeSplitting: false });
  await build.close();
  const stranger = output[0].moduleIds.find(id => id.includes('/node_modules/'));
  if (stranger !== undefined) throw new Error(`${stranger} would be in the page; nothing foreign may be.`);
  const code = output[0].code.trim();
  if (/<\/script|<!--/i.test(code)) throw new Error('The page’s program would end its own script element.');
  return code;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
