// One server of each kind for a whole run of vitest. Out: DWT_POSTGRES_URL and DWT_MYSQL_URL in the environment of the test
// files, or DWT_<ENGINE>_MISSING with the reason. Servers that the environment names already are taken as they are.
import { requiredEngines } from './engines.ts';
import { EngineMissing, startMariaDb, startPostgres, type TestServer } from './engines-servers.ts';

const servers: TestServer[] = [];

/** Starts what is not named, both at once. */
export async function setup(): Promise<void> {
  const starts = [
    ['postgres', 'DWT_POSTGRES_URL', startPostgres],
    ['mysql', 'DWT_MYSQL_URL', startMariaDb],
  ] as const;
  await Promise.all(
    starts.map(async ([name, variable, start]) => {
      if (process.env[variable]) return;
      try {
        const server = await start();
        servers.push(server);
        process.env[variable] = server.url;
      } catch (e) {
        if (!(e instanceof EngineMissing) || requiredEngines().includes(name)) throw e;
        process.env[`DWT_${name.toUpperCase()}_MISSING`] = e.message;
        console.warn(`Tests on ${name} are skipped. ${e.message}`);
      }
    }),
  );
}

/** Stops what was started. */
export async function teardown(): Promise<void> {
  await Promise.all(servers.splice(0).map((s) => s.stop()));
}
