// A real terminal to type into: tmux with a socket of its own, a bare bash in it. In: keys. Out: what is on the screen.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Why there is no terminal to be had, or undefined. */
export function missing() {
  return spawnSync('tmux', ['-V']).status === 0 ? undefined : 'These sessions need tmux (Debian: apt-get install tmux).';
}

export class Screen {
  /** @param {{width: number, height?: number, cwd: string, dwt: string, env?: Record<string, string>, shell?: string[]}} o */
  constructor(o) {
    this.folder = mkdtempSync(join(tmpdir(), 'dwt-screen-'));
    this.socket = join(this.folder, 'socket');
    this.marks = join(this.folder, 'marks');
    const bin = join(this.folder, 'bin');
    mkdirSync(bin);
    writeFileSync(this.marks, '');
    writeFileSync(join(bin, 'dwt'), `#!/bin/sh\nexec '${process.execPath}' '${o.dwt}' "$@"\n`, { mode: 0o755 });
    writeFileSync(
      join(this.folder, 'tmux.conf'),
      'set -g history-limit 20000\nset -g status off\nset -g default-terminal tmux-256color\nset -g escape-time 0\n',
    );
    const env = {
      PATH: `${bin}:${process.env.PATH}`,
      HOME: this.folder,
      LANG: 'C.UTF-8',
      PS1: '$ ',
      // Each prompt leaves the exit code before it: so it is known when a command has ended, and how.
      PROMPT_COMMAND: `echo $? >> ${this.marks}`,
      ...o.env,
    };
    const shell = o.shell ?? ['bash', '--norc', '--noprofile'];
    this.tmux(
      '-f',
      join(this.folder, 'tmux.conf'),
      'new-session',
      '-d',
      '-x',
      String(o.width),
      '-y',
      String(o.height ?? 50),
      '-c',
      o.cwd,
      'env',
      '-i',
      ...Object.entries(env).map(([k, v]) => `${k}=${v}`),
      `TERM=tmux-256color`,
      ...shell,
    );
  }

  tmux(...args) {
    return execFileSync('tmux', ['-S', this.socket, ...args], { encoding: 'utf8' });
  }

  /** Types a text as it is. */
  type(text) {
    this.tmux('send-keys', '-l', text);
  }

  /** Presses keys by tmux's names: Enter, C-c, Tab. */
  press(...keys) {
    this.tmux('send-keys', ...keys);
  }

  /** Runs a command line and waits for its end. Gives its exit code. */
  async run(line, seconds = 120) {
    await this.prompt(1);
    const before = this.prompts();
    this.type(line);
    this.press('Enter');
    return await this.prompt(before + 1, seconds);
  }

  /** Begins a command line and comes back at once. */
  async begin(line) {
    await this.prompt(1);
    this.type(line);
    this.press('Enter');
  }

  prompts() {
    return readFileSync(this.marks, 'utf8').split('\n').length - 1;
  }

  /** Waits for prompt number `n`. */
  async prompt(n, seconds = 120) {
    const end = Date.now() + seconds * 1000;
    while (this.prompts() < n) {
      if (Date.now() > end) throw new Error(`No prompt after ${seconds} s. On the screen:\n${this.text()}`);
      await sleep(20);
    }
    // What was written before the prompt is drawn a moment later.
    await sleep(60);
    return Number(readFileSync(this.marks, 'utf8').trim().split('\n').at(-1));
  }

  /** Waits for a text on the screen. */
  async sees(pattern, seconds = 60) {
    const end = Date.now() + seconds * 1000;
    while (!pattern.test(this.visible())) {
      if (Date.now() > end) throw new Error(`${pattern} did not come up in ${seconds} s. On the screen:\n${this.text()}`);
      await sleep(20);
    }
  }

  resize(width, height = 50) {
    this.tmux('resize-window', '-x', String(width), '-y', String(height));
  }

  /** The screen with what has scrolled off it, as text. */
  text() {
    return this.tmux('capture-pane', '-p', '-S', '-').trimEnd();
  }

  /** What is in sight now. */
  visible() {
    return this.tmux('capture-pane', '-p').trimEnd();
  }

  /** As `text`, with colours. */
  colored() {
    return this.tmux('capture-pane', '-e', '-p', '-S', '-').trimEnd();
  }

  /** What is in sight now, with colours. */
  coloredVisible() {
    return this.tmux('capture-pane', '-e', '-p').trimEnd();
  }

  close() {
    spawnSync('tmux', ['-S', this.socket, 'kill-server']);
    // The shell may write its last mark while it dies.
    for (let attempt = 0; attempt < 20; attempt++)
      try {
        return rmSync(this.folder, { recursive: true, force: true });
      } catch {
        spawnSync('sleep', ['0.1']);
      }
  }
}
