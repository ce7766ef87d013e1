// Loads the user's handler, wherever it is to run.
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PacelineError } from '../base/errors.ts';
import { describeThrown, type Handler } from '../engine/handler.ts';
import type { HandlerSpec } from '../model/plan.ts';

/** @throws ERR_HANDLER_LOAD when the module throws, is missing, or its default export is no function */
export async function loadHandler({ path }: HandlerSpec): Promise<Handler> {
  let exported: { readonly default?: unknown };
  try {
    exported = await import(isAbsolute(path) ? pathToFileURL(path).href : path);
  } catch (cause) {
    throw new PacelineError('ERR_HANDLER_LOAD', `${path} cannot be loaded: ${whyAndWhere(path, cause)}`, {
      cause,
    });
  }
  const handler = functionOf(exported.default);
  if (handler) return handler;
  throw new PacelineError(
    'ERR_HANDLER_LOAD',
    `${path}: expected a function as its default export, (response, context) => value.`,
  );
}

/** What went wrong and on which line; Node's own words name files of ours where the module is missing. */
export function whyAndWhere(path: string, thrown: unknown): string {
  const { code, stack } = (thrown ?? {}) as { readonly code?: unknown; readonly stack?: unknown };
  const said = describeThrown(thrown);
  if (code === 'ERR_MODULE_NOT_FOUND' && said.includes(`'${path}' imported`)) return 'there is no such file.';
  const text = typeof stack === 'string' ? stack.replaceAll('%20', ' ') : '';
  const at = text.indexOf(`${path}:`);
  const line = at < 0 ? undefined : /^\d+/.exec(text.slice(at + path.length + 1))?.[0];
  return line === undefined ? said : `${said} (line ${line})`;
}

/** A CommonJS module that was made from an ES module has its default one level deeper. */
function functionOf(exported: unknown): Handler | undefined {
  if (typeof exported === 'function') return exported as Handler;
  const inner = (exported as { readonly default?: unknown } | null | undefined)?.default;
  return typeof inner === 'function' ? (inner as Handler) : undefined;
}
