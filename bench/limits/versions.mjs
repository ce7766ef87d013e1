// The versions that are installed, from their own package.json.
import { readFileSync } from 'node:fs';

/** @param name a package in `node_modules` beside this file */
export function versionOf(name) {
  const file = new URL(`node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}
