// The bugs that tools/mutants.ts plants, by file.
import { AROUND_ENGINE } from './mutants-around.ts';
import { IN_ENGINE } from './mutants-engine.ts';

/** A text that stands exactly once in the file, and what takes its place. */
export type Bugs = readonly (readonly [from: string, to: string])[];

export const MUTANTS: Readonly<Record<string, Bugs>> = { ...AROUND_ENGINE, ...IN_ENGINE };
