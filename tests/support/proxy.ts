// A TCP proxy in front of a server that passes, delays, cuts or swallows what goes through it, as a bad network does. TLS is not looked
// into: connections that are to be cut at a statement must do without.
import { createServer, connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface Proxy {
  readonly port: number;
  /** The address of a server with the proxy in its place. */
  through(url: string): string;
  /** `pass` by default; `swallow` takes connections and bytes and gives none on, in either direction; `refuse` hangs up on new connections. */
  mode: 'pass' | 'swallow' | 'refuse';
  /** Each piece from the server waits so long. */
  delayMs: number;
  /** Asked for each piece that a client sends, with all that its connection sent before: true passes it on and hangs up on the client when the server answers. */
  cutAt: ((sent: string, before: string) => boolean) | undefined;
  /** Connections that were cut. */
  readonly cuts: number;
  /** Connections that were opened. */
  readonly opened: number;
  /** Swallows from now on what goes through the connections there are, as a router does that forgot them; new ones pass. */
  forget(): void;
  /** Ends the connections there are. */
  cutAll(): void;
  close(): Promise<void>;
}

export async function startProxy(url: string): Promise<Proxy> {
  const { hostname, port: to } = new URL(url);
  const sockets = new Set<Socket>();
  const forgotten = new WeakSet<Socket>();
  const state = { mode: 'pass' as Proxy['mode'], delayMs: 0, cutAt: undefined as Proxy['cutAt'], cuts: 0, opened: 0 };
  const server = createServer((client) => {
    state.opened++;
    client.on('error', () => undefined);
    if (state.mode === 'refuse') {
      client.destroy();
      return;
    }
    sockets.add(client);
    client.once('close', () => sockets.delete(client));
    // What is swallowed from the start never reaches the server.
    if (state.mode === 'swallow') return;
    const backend = connect({ host: hostname, port: Number(to) });
    backend.on('error', () => client.destroy());
    let before = '';
    let cut = false;
    client.on('data', (data) => {
      if (state.mode === 'swallow' || forgotten.has(client)) return;
      const sent = data.toString('latin1');
      if (state.cutAt?.(sent, before) === true) cut = true;
      before += sent;
      backend.write(data);
    });
    let order = Promise.resolve();
    backend.on('data', (data) => {
      if (state.mode === 'swallow' || forgotten.has(client)) return;
      if (cut) {
        state.cuts++;
        client.resetAndDestroy();
        backend.destroy();
        return;
      }
      order = order.then(async () => {
        if (state.delayMs > 0) await pause(state.delayMs);
        client.write(data);
      });
    });
    client.once('close', () => backend.destroy());
    backend.once('close', () => void order.then(() => state.mode !== 'swallow' && !forgotten.has(client) && client.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return Object.assign(state, {
    port,
    through(address: string) {
      const through = new URL(address);
      through.port = String(port);
      return through.href;
    },
    forget() {
      for (const s of sockets) forgotten.add(s);
    },
    cutAll() {
      for (const s of sockets) s.destroy();
    },
    async close() {
      for (const s of sockets) s.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
