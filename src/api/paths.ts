// Where a path lies, on any machine: drives and backslashes are Windows' own.
import platform, { type PlatformPath } from 'node:path';

/** Whether a path is a folder or lies somewhere below it. Both are absolute. */
export function isInside(folder: string, path: string, on: PlatformPath = platform): boolean {
  const way = on.relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${on.sep}`) || on.isAbsolute(way));
}

/** A path relative to a folder, with `/`, as people read it everywhere. On another drive it stays absolute. */
export function shownFrom(folder: string, path: string, on: PlatformPath = platform): string {
  return on.relative(folder, path).replaceAll(on.sep, '/');
}
