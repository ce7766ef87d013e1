// A command line once it is understood: which flags were given, with values of the right type.
import type { CommandName, Flag } from './flag.ts';
import { FLAGS, type FlagName } from './table.ts';

type SingleValue<F extends Flag> = F['kind'] extends 'switch'
  ? boolean
  : F['kind'] extends 'text'
    ? string
    : F extends { readonly choices: readonly (infer Choice)[] }
      ? Choice
      : F extends { readonly words: readonly (infer Word)[] }
        ? number | Word
        : number;

/** Values by flag; durations in ms, sizes in bytes, `unlimited` as Infinity. One that was not given is left out. */
export type FlagValues = {
  readonly [Name in FlagName]?: (typeof FLAGS)[Name] extends { readonly many: true }
    ? readonly SingleValue<(typeof FLAGS)[Name]>[]
    : SingleValue<(typeof FLAGS)[Name]>;
};

/** A flag or argument as written, for what depends on their order. */
export interface Word {
  readonly flag: FlagName | null;
  readonly text: string;
}

export interface CommandLine {
  readonly flags: FlagValues;
  /** What is not a flag. */
  readonly operands: readonly string[];
  /** Flags with a value, and operands, in the order given. */
  readonly words: readonly Word[];
}

export function flagsOf(command: CommandName): FlagName[] {
  return (Object.keys(FLAGS) as FlagName[]).filter(name =>
    (FLAGS[name].commands as readonly CommandName[]).includes(command),
  );
}
