import { expect, test } from 'vitest';
import { duckdb } from '../adapters/duckdb/index.ts';
import { postgres } from '../adapters/postgres/index.ts';
import { openVars, redactor } from './redact.ts';

test('takes out the password of the target, also the one within its address', () => {
  const parts = redactor(postgres, { host: 'db', user: 'ada', password: 'hunter22' }, {});
  expect(parts('password "hunter22" of ada is wrong')).toBe('password "***" of ada is wrong');
  const address = redactor(postgres, { url: 'postgres://ada:p%40ss%2Fword@db/shop' }, {});
  expect(address('tried p@ss/word, p%40ss%2Fword, postgres://ada:p%40ss%2Fword@db/shop')).toBe('tried ***, ***, ***');
});

test('takes out variables of the environment that are marked as secret, and no others', () => {
  const redact = redactor(duckdb, { path: 'w.duckdb' }, { DBT_ENV_SECRET_TOKEN: 'abcd-1234', HOME: '/home/ada', DBT_ENV_SECRET_EMPTY: '' });
  expect(redact('abcd-1234 in /home/ada')).toBe('*** in /home/ada');
});

test('leaves short words whole', () => {
  expect(redactor(postgres, { password: 'a' }, {})('a table')).toBe('a table');
});

test('writes no variable whose name says that it is secret', () => {
  expect(openVars({ as_of: '2025-01-01', api_key: 'x', dbPassword: 'y', nested: { a: 1 } })).toEqual({
    as_of: '2025-01-01',
    api_key: '***',
    dbPassword: '***',
    nested: { a: 1 },
  });
});
