// What a run's requests are made from, as the first line of its record says it: a run goes on only from the same.
// Lines of the inputs are not part of it, they are compared one by one; nor is how fast it goes.
import { basename } from 'node:path';
import { crc32 } from '../../base/crc32.ts';
import type { InputIdentity } from '../../model/record.ts';
import { mixed } from '../../trace/done.ts';
import type { FetchPlan } from '../fetch/plan.ts';
import type { Word } from '../flags/command-line.ts';

/** So that a digest says nothing about those of other records. */
export function saltOf({ started, seed }: { readonly started: string; readonly seed: number }): string {
  return `${started} ${seed}`;
}

/**
 * @param salt of this record alone: equal secrets look different in two records
 */
export function inputIdentity(
  { defaults, inputFormat, repeat }: FetchPlan,
  words: readonly Word[],
  salt: string,
): InputIdentity {
  const { headers, body, method } = defaults;
  return {
    names: inputNames(words),
    ...{ format: inputFormat, repeat, method },
    headers: headers.length === 0 ? null : digest(salt, Buffer.from(JSON.stringify(headers))),
    body: body === null ? null : digest(salt, Buffer.from(body)),
  };
}

/** Where a file lies may differ: a folder that was moved, or another one to start from. */
function inputNames(words: readonly Word[]): string[] {
  const names: string[] = [];
  for (const { flag, text } of words) {
    if (flag === 'input') names.push(text === '-' ? '-' : basename(text));
    else if (flag === null && names.at(-1) !== 'URLs') names.push('URLs');
  }
  return names;
}

/** 16 bits of a sum: whoever guesses at a secret cannot learn more of it than that. */
function digest(salt: string, bytes: Uint8Array): string {
  const salted = Buffer.concat([Buffer.from(`${salt}\0`), bytes]);
  return (mixed(crc32(salted, 0, salted.length)) & 0xffff).toString(16).padStart(4, '0');
}

/** What differs, as the end of a sentence; null when nothing does. */
export function identityProblem(then: InputIdentity, now: InputIdentity): string | null {
  const names = (of: InputIdentity): string => of.names.join(', ').slice(0, 200) || 'none';
  const word = (text: string | null): string => text?.slice(0, 40) ?? 'none';
  if (names(then) !== names(now)) return `its inputs were ${names(then)}, now they are ${names(now)}`;
  if (then.format !== now.format)
    return `--input-format was ${word(then.format)}, now it is ${word(now.format)}`;
  if (then.repeat !== now.repeat) return `-n was ${then.repeat}, now it is ${now.repeat}`;
  if (then.method !== now.method) return `-X was ${word(then.method)}, now it is ${word(now.method)}`;
  if (then.headers !== now.headers) return 'the headers given with -H were others';
  return then.body === now.body ? null : 'the body given with -d was another';
}
