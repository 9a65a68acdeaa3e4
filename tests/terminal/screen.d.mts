/** Why there is no terminal to be had, or undefined. */
export function missing(): string | undefined;

export class Screen {
  constructor(o: {
    readonly width: number;
    readonly height?: number;
    readonly cwd: string;
    /** The bin/dwt.js that `dwt` runs. */
    readonly dwt: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly shell?: readonly string[];
  });
  type(text: string): void;
  press(...keys: string[]): void;
  run(line: string, seconds?: number): Promise<number>;
  begin(line: string): Promise<void>;
  prompt(n: number, seconds?: number): Promise<number>;
  sees(pattern: RegExp, seconds?: number): Promise<void>;
  resize(width: number, height?: number): void;
  text(): string;
  visible(): string;
  colored(): string;
  coloredVisible(): string;
  close(): void;
}
