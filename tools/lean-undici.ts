// Keeps out of the bundle what undici's HTTP/1 client requires but our requests never reach. Loading
// `node:http2` alone (it brings tls, crypto and repl parts) takes longer than starting Node does.
// Each row must match at least once, or the build fails: an undici that moved its files is noticed here.
import { copyFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'rolldown';

interface Replacement {
  /** What undici's file says in `require(…)`, without a `.js` ending. */
  readonly required: RegExp;
  readonly why: string;
  readonly code: string;
}

const REPLACEMENTS: readonly Replacement[] = [
  {
    required: /(^|\/)client-h2$/,
    why: 'we never offer h2 in ALPN, so this is never called',
    code: `module.exports = () => { throw new Error('HTTP/2 is not part of this build of paceline'); };`,
  },
  {
    required: /\/web\/fetch\/body$/,
    why: 'only for bodies that are FormData, Blob or web streams; ours are bytes',
    code: `module.exports = { extractBody() { throw new TypeError('paceline sends bodies as bytes only'); } };`,
  },
  {
    required: /\/web\/fetch\/formdata$/,
    why: 'side effects of the fetch API',
    code: 'module.exports = {};',
  },
  {
    required: /\/web\/webidl$/,
    why: 'asked once whether a body is FormData; it never is',
    code: 'module.exports = { webidl: { is: { FormData: () => false } } };',
  },
  {
    required: /(^|\/)parser-h1$/,
    why: 'the experimental second parser, off unless asked for',
    code: 'module.exports = { H1Parser: undefined, getMiloEnabled: () => false };',
  },
  {
    required: /\/llhttp\/constants$/,
    why: 'only its tables ERROR and TYPE are read',
    code: parserConstants(),
  },
  {
    required: /^node:http$/,
    why: 'asked for two names only; the figure is the default of Node',
    code: 'module.exports = { maxHeaderSize: 16384, IncomingMessage: class IncomingMessage {} };',
  },
  {
    required: /^node:assert$/,
    why: 'the comparing half of node:assert is 17 built-in modules; undici calls the plain form only',
    code: `module.exports = (holds, message) => {
      if (!holds) throw message instanceof Error ? message : new Error(message || 'undici: an assertion failed');
    };`,
  },
];

/** Two of its forty tables are used; making the others takes a millisecond or two in each worker. */
function parserConstants(): string {
  const { ERROR, TYPE } = createRequire(import.meta.url)('undici/lib/llhttp/constants.js');
  return `module.exports = ${JSON.stringify({ ERROR, TYPE })};`;
}

/** Used on processors whose Node has no WebAssembly SIMD; kept as a file of its own that others never read. */
const FALLBACK_PARSER = 'llhttp-wasm.cjs';
const STUB = '\0lean-undici:';

export interface LeanUndici {
  readonly plugin: Plugin;
  /** Throws when a row of the table replaced nothing. */
  assertAllUsed(): void;
}

export function leanUndici(): LeanUndici {
  const used = new Set<number>();
  const plugin: Plugin = {
    name: 'lean-undici',
    resolveId(source, importer) {
      if (!importer?.includes('/undici/')) return null;
      const required = source.replace(/\.js$/, '');
      if (required.endsWith('/llhttp-wasm')) return { id: `./${FALLBACK_PARSER}`, external: true };
      const index = REPLACEMENTS.findIndex(replacement => replacement.required.test(required));
      if (index === -1) return null;
      used.add(index);
      return STUB + index;
    },
    load(id) {
      if (!id.startsWith(STUB)) return null;
      return { code: REPLACEMENTS[Number(id.slice(STUB.length))]?.code ?? '', moduleType: 'js' };
    },
  };
  return {
    plugin,
    assertAllUsed() {
      for (const [index, { required, why }] of REPLACEMENTS.entries()) {
        if (used.has(index)) continue;
        throw new Error(
          `tools/lean-undici.ts replaces ${required} (${why}), but undici no longer requires it. Check the row.`,
        );
      }
    },
  };
}

/** Puts the fallback parser beside the bundle. */
export function copyFallbackParser(distDir: string): void {
  const require = createRequire(import.meta.url);
  copyFileSync(require.resolve('undici/lib/llhttp/llhttp-wasm.js'), join(distDir, FALLBACK_PARSER));
}
