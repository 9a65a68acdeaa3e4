// The process that runs dwt, and whether another one of this machine still lives.
import { hostname } from 'node:os';

/** Name of the machine, and the process's number on it. */
export function thisProcess(): { readonly host: string; readonly pid: number } {
  return { host: hostname(), pid: process.pid };
}

/** Whether there is a process of that number. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (e) {
    // Another user's process cannot be asked, and lives.
    return (e as NodeJS.ErrnoException).code === 'EPERM';
  }
}
