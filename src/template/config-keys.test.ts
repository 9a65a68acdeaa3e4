// The arguments of config() and where they stand.
import { expect, test } from 'vitest';
import { configKeys, parseTemplate } from './template.ts';

test('keys and texts are found wherever the call stands', () => {
  const source = "{% if true %}\n{{ config(a='x', b=['y', 'z'], c=1) }}\n{% endif %}{{ other(a='q') }}{% do config(d={'k': 'v'}) %}";
  const found = configKeys(parseTemplate(source, 'm.sql')).map((k) => [
    k.key,
    k.span.line,
    k.span.column,
    ...k.texts.map((t) => `${t.text}@${t.span.line}:${t.span.column}`),
  ]);
  expect(found).toEqual([
    ['a', 2, 11, 'x@2:13'],
    ['b', 2, 18, 'y@2:21', 'z@2:26'],
    ['c', 2, 32],
    ['d', 3, 43, 'v@3:51'],
  ]);
});
