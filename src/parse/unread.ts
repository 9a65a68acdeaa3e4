// Files of which something could not be used: what they define is not said to be missing.

/** What such a file names as its own may exist. */
export class Unread {
  readonly files: ReadonlySet<string>;
  private readonly readText: (file: string) => string;
  private texts: readonly { readonly stem: string; readonly text: string }[] | undefined;

  constructor(files: readonly string[], readText: (file: string) => string) {
    this.files = new Set(files);
    this.readText = readText;
  }

  /** Whether one of the files is called so (or is a version of it), or has an entry or a block of that name. */
  mayHold(name: string): boolean {
    return this.defines(name) || this.read().some(({ stem, text }) => stem === name || stem.startsWith(`${name}_v`) || entryOf(name).test(defining(text)));
  }

  /** Whether one of the files has a block of that name, such as a macro. */
  defines(name: string): boolean {
    return this.read().some(({ text }) => blockOf(name).test(text));
  }

  private read(): readonly { readonly stem: string; readonly text: string }[] {
    return (this.texts ??= [...this.files].map((file) => ({ stem: file.replace(/^.*\//, '').replace(/\.\w+$/, ''), text: this.textOf(file) })));
  }

  private textOf(file: string): string {
    try {
      return this.readText(file);
    } catch {
      return '';
    }
  }
}

/** What describes models, seeds and macros defines none of them, but for the versions of a model. */
const DESCRIBING = /^["']?(models|seeds|analyses|macros)["']?\s*:/;

/** The part of a property file whose entries are there because it says so. */
function defining(text: string): string {
  if (/\bversions["']?\s*:/.test(text)) return text;
  let describes = false;
  return text
    .split('\n')
    .filter((line) => {
      if (/^["']?[\w-]+["']?\s*:/.test(line)) describes = DESCRIBING.test(line);
      return !describes;
    })
    .join('\n');
}

function entryOf(name: string): RegExp {
  return new RegExp(`\\b(?:name|defined_in)["']?\\s*:\\s*["']?${literally(name)}(?!\\w)`);
}

function blockOf(name: string): RegExp {
  return new RegExp(`\\b(?:macro|test|snapshot|materialization|docs)\\s+${literally(name)}(?!\\w)`);
}

function literally(name: string): string {
  return name.replace(/[^\w]/g, '\\$&');
}
