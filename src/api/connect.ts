// The way to the warehouse. A failure names the target and its place in the project file. A project that stays open (watch)
// keeps a server's connections between runs; a file that only one process may hold is let go each time.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Adapter, Warehouse } from '../adapters/adapter.ts';
import { ConnectionFailure } from '../adapters/failures.ts';
import { error, Failure } from '../diagnostics/diagnostic.ts';
import { placeResolver } from '../parse/yaml.ts';
import type { Target } from '../project/project.ts';
import type { Host } from './options.ts';

export interface Place {
  readonly root: string;
  readonly adapter: Adapter;
  readonly target: Target;
  readonly host: Host;
}

export interface ConnectRequest {
  readonly threads: number;
  readonly readOnly?: boolean;
}

/** A warehouse in use; to be released when it no longer is. */
export interface Lease {
  readonly warehouse: Warehouse;
  readonly release: () => Promise<void>;
}

/** Opens the warehouse. Throws `Failure`. */
export async function connect(p: Place, o: ConnectRequest): Promise<Warehouse> {
  try {
    return await p.adapter.connect(p.target.settings, {
      root: p.root,
      cwd: p.host.cwd,
      threads: o.threads,
      signal: p.host.signal,
      ...(o.readOnly === undefined ? {} : { readOnly: o.readOnly }),
    });
  } catch (e) {
    if (p.host.signal.aborted) throw new Failure(error('execute/cancelled', 'The opening of the warehouse was interrupted.'));
    if (!(e instanceof ConnectionFailure)) throw e;
    const file = existsSync(join(p.root, 'project.yml')) ? 'project.yml' : 'dbt_project.yml';
    const span = placeResolver(p.root)({ yaml: file, path: ['targets', p.target.name], on: 'key' });
    throw new Failure(error('execute/connection', e.message, { span, ...(e.help === undefined ? {} : { help: e.help }) }));
  }
}

/** Connections of a project. */
export class Connections {
  private readonly place: Place;
  /** Whether a server's connections are kept between uses. */
  keep = false;
  private kept: { readonly warehouse: Warehouse; readonly threads: number } | undefined;

  constructor(place: Place) {
    this.place = place;
  }

  /** Opens the warehouse, or takes the one that was kept. Throws `Failure`. */
  async acquire(o: ConnectRequest): Promise<Lease> {
    const keeps = this.keep && !this.place.adapter.capabilities.exclusiveFile;
    // One more than nodes: for what is recorded of them.
    const threads = keeps ? Math.max(o.threads, this.place.target.threads + 1) : o.threads;
    const { kept } = this;
    this.kept = undefined;
    let warehouse: Warehouse;
    if (kept !== undefined && kept.threads >= threads && (await alive(kept.warehouse))) warehouse = kept.warehouse;
    else {
      await kept?.warehouse.close();
      warehouse = await connect(this.place, { ...o, threads });
    }
    return {
      warehouse,
      release: async () => {
        if (keeps && this.kept === undefined) this.kept = { warehouse, threads };
        else await warehouse.close();
      },
    };
  }

  /** Works with the warehouse. Throws `Failure`. */
  async use<T>(o: ConnectRequest, work: (w: Warehouse) => Promise<T>): Promise<T> {
    const lease = await this.acquire(o);
    try {
      return await work(lease.warehouse);
    } finally {
      await lease.release();
    }
  }

  /** Hands what is kept to the connections of the same project read again, where its target is the same. */
  handOver(to: Connections): void {
    to.keep = this.keep;
    const same = JSON.stringify(this.place.target) === JSON.stringify(to.place.target);
    if (same && this.kept !== undefined) {
      to.kept = this.kept;
      this.kept = undefined;
    }
  }

  async close(): Promise<void> {
    const { kept } = this;
    this.kept = undefined;
    await kept?.warehouse.close();
  }
}

/** How long a kept connection may take to show that it lives: a network that forgot it says nothing at all. */
const SIGN_OF_LIFE_MS = 5000;

/** A server may have gone since, or the way to it. */
async function alive(w: Warehouse): Promise<boolean> {
  const asked = async (): Promise<boolean> => {
    const session = await w.session();
    try {
      await session.query('select 1 as one');
    } finally {
      await session.release();
    }
    return true;
  };
  const late = new AbortController();
  const silence = pause(SIGN_OF_LIFE_MS, false, { signal: late.signal }).catch(() => false);
  try {
    return await Promise.race([asked(), silence]);
  } catch {
    return false;
  } finally {
    late.abort();
  }
}
