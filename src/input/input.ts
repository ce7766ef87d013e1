// What comes out of the reading of inputs: a request, the reason why there is none, or a request that is whole
// once the files it names have been read.
import { PacelineError } from '../base/errors.ts';
import { type HttpRequest, InvalidInput } from '../model/request.ts';

export type Input = HttpRequest | InvalidInput;

/** Where something stands, for messages; called only when there is something to say. */
export type Place = () => string;

/** A request whose body, or part of it, stands in files of its own. */
export class NeedsFiles {
  /** As written: relative to the folder of the input. */
  readonly paths: readonly string[];
  readonly place: Place;
  /** What the record can say should a file be missing. */
  readonly about: About;
  /** Puts the request together; the contents come in the order of `paths`. @throws ERR_INPUT_… */
  readonly complete: (contents: readonly Uint8Array[]) => HttpRequest;

  constructor(
    paths: readonly string[],
    place: Place,
    about: About,
    complete: (contents: readonly Uint8Array[]) => HttpRequest,
  ) {
    this.paths = paths;
    this.place = place;
    this.about = about;
    this.complete = complete;
  }
}

/** What the record can still say of an input that cannot be sent. */
export interface About {
  readonly url?: string;
  readonly id?: string | number | null;
}

/** The outcome of a mistake in the input; any other error is thrown on. */
export function invalidInput(error: unknown, place: Place, about: About = {}): InvalidInput {
  if (!(error instanceof PacelineError)) throw error;
  // A field's duration is checked by the same code as a flag's; here it is the input that is wrong.
  const code = error.code.startsWith('ERR_INPUT_') ? error.code : 'ERR_INPUT_FIELD';
  return new InvalidInput({ ...about, code, message: `${place()}: ${error.message}` });
}
