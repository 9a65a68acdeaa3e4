// Which node starts next among those that may: the one that stands first in the order.

/** Positions that may start, smallest first: a binary heap. */
export class ReadyQueue {
  private readonly heap: number[] = [];

  constructor(items: readonly number[]) {
    for (const i of items) this.push(i);
  }

  get size(): number {
    return this.heap.length;
  }

  push(item: number): void {
    const { heap } = this;
    let i = heap.push(item) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (heap[up]! <= item) break;
      heap[i] = heap[up]!;
      i = up;
    }
    heap[i] = item;
  }

  pop(): number | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let down = 2 * i + 1;
      if (down >= heap.length) break;
      if (down + 1 < heap.length && heap[down + 1]! < heap[down]!) down++;
      if (heap[down]! >= last) break;
      heap[i] = heap[down]!;
      i = down;
    }
    heap[i] = last;
    return top;
  }
}
