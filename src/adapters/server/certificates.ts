// Certificates and keys of a target, from their files. In: `sslrootcert`, `sslcert` and `sslkey`. Out: their text, once it is what it should be:
// what TLS itself says of a wrong file names neither the file nor the setting.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConnectionFailure } from '../failures.ts';

interface Settings {
  text(name: string): string | undefined;
}

/** The texts, as node's TLS takes them. Throws `ConnectionFailure` that names the setting and the file. */
export function readCertificates(read: Settings, root: string): { readonly ca?: string; readonly cert?: string; readonly key?: string } {
  const [rootCert, cert, key] = [read.text('sslrootcert'), read.text('sslcert'), read.text('sslkey')];
  const ca = rootCert === undefined ? {} : { ca: certificate('sslrootcert', rootCert, root).text };
  if (cert === undefined && key === undefined) return ca;
  if (key === undefined) throw new ConnectionFailure("The target's `sslcert` has no `sslkey` beside it.", 'Write the file of the key as `sslkey`.');
  if (cert === undefined) throw new ConnectionFailure("The target's `sslkey` has no `sslcert` beside it.", 'Write the file of the certificate as `sslcert`.');
  const { text, parsed } = certificate('sslcert', cert, root);
  const keyText = textOf('sslkey', key, root);
  if (!parsed.checkPrivateKey(privateKey(key, keyText)))
    throw new ConnectionFailure(`\`sslkey\` is not the key of \`sslcert\`: ${key} and ${cert} do not belong together.`, 'Check which files belong together.');
  return { ...ca, cert: text, key: keyText };
}

function certificate(setting: string, path: string, root: string): { readonly text: string; readonly parsed: X509Certificate } {
  const text = textOf(setting, path, root);
  try {
    return { text, parsed: new X509Certificate(text) };
  } catch {
    throw new ConnectionFailure(`The file of \`${setting}\`, ${path}, is no certificate.`, 'It must be one in PEM form, -----BEGIN CERTIFICATE-----.');
  }
}

function privateKey(path: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (e) {
    if (/ENCRYPTED/.test(text) || (e as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE')
      throw new ConnectionFailure(
        `The file of \`sslkey\`, ${path}, is locked by a password, which dwt cannot give.`,
        'Write a copy without one, readable by you alone: openssl pkey -in <file> -out <copy>',
      );
    throw new ConnectionFailure(`The file of \`sslkey\`, ${path}, is no key.`, 'It must be a private key in PEM form, -----BEGIN PRIVATE KEY-----.');
  }
}

function textOf(setting: string, path: string, root: string): string {
  try {
    return readFileSync(resolve(root, path), 'utf8');
  } catch {
    throw new ConnectionFailure(`The file of \`${setting}\`, ${path}, cannot be read.`, 'Check the path; a relative one starts at the project folder.');
  }
}
