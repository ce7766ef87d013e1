// Whether certificates can be used as authorities. OpenSSL passes over those that it cannot read; then nobody would
// be trusted, and every request would say so in words that do not lead to the cause.
import { PacelineError } from '../base/errors.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/**
 * @param name what they are called where they were given: `--cacert`
 * @param pem null for none, which costs nothing
 * @throws ERR_OPTION_INVALID
 */
export function checkAuthorities(name: string, pem: string | null): void {
  if (pem === null) return;
  const blocks = pem.match(CERTIFICATE) ?? [];
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  try {
    for (const block of blocks) new X509Certificate(block);
  } catch (cause) {
    throw unreadable(name, cause);
  }
  if (blocks.length === 0) throw unreadable(name);
}

function unreadable(name: string, cause?: unknown): PacelineError {
  return new PacelineError('ERR_OPTION_INVALID', `${name} holds a certificate that cannot be read.`, {
    cause,
  });
}
