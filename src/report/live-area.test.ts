import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveArea } from './live-area.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What is written, escapes spelled out, and a size that can change. */
function screen(): { written: string[]; columns: number; area: LiveArea } {
  const it = { written: [] as string[], columns: 20, area: undefined as unknown as LiveArea };
  it.area = new LiveArea({
    write: (text) =>
      void it.written.push(
        text.replaceAll('\u001b[?2026h', '').replaceAll('\u001b[?2026l', '').replaceAll('\u001b', '^').replaceAll('\r', '\\r').replaceAll('\n', '\\n'),
      ),
    size: () => ({ columns: it.columns, rows: 10 }),
  });
  return it;
}

test('what is over before the first tick is never seen', () => {
  const { area, written } = screen();
  area.show(() => ['one']);
  vi.advanceTimersByTime(99);
  area.hide();
  expect(written).toEqual([]);
});

test('is drawn, drawn over, and removed', () => {
  const { area, written } = screen();
  area.show(() => ['one', 'two']);
  vi.advanceTimersByTime(200);
  area.hide();
  expect(written).toEqual(['one\\ntwo', '\\r^[1A^[Jone\\ntwo', '\\r^[1A^[J']);
});

test('writes other lines above itself', () => {
  const { area, written } = screen();
  area.above(() => written.push('before'));
  area.show(() => ['live']);
  vi.advanceTimersByTime(100);
  area.above(() => written.push('line\\n'));
  area.hide();
  area.above(() => written.push('after'));
  expect(written).toEqual(['before', 'live', '\\r^[J', 'line\\n', 'live', '\\r^[J', 'after']);
});

test('goes up over the rows that its lines take in a terminal that has become narrower', () => {
  const it = screen();
  it.area.show((columns) => ['\u001b[31mabcdefgh\u001b[39m'.slice(0, columns + 10), 'xy']);
  vi.advanceTimersByTime(100);
  it.columns = 3;
  vi.advanceTimersByTime(100);
  // Eight columns are three rows of three, and one for the second line.
  expect(it.written[1]!.startsWith('\\r^[3A^[J')).toBe(true);
});
