import { expect, it } from 'vitest';
import { checksumOfText } from './checksum.ts';

// As Python has them: sha256 of ' '.join(text.split()).
it.each([
  ['select 1', '822ae07d4783158bc1912bb623e5107cc9002d519e1143a9c200ed6ee18b6d0f'],
  ['  select\n\t1 \r\n', '822ae07d4783158bc1912bb623e5107cc9002d519e1143a9c200ed6ee18b6d0f'],
  ['a\u000b\u001cb\u0085c\u00a0d\u2003e\u3000f', '2278f6cde63745760a3899421d0522e392a58136735ee20dda5eecb69b8645ec'],
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['   ', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['a  \ufeffb', '676a05fa5e2aa3ca30d8c87bad46f14b832a3f813d3c08030f8dee7397f65b9c'],
  ['x\ufeffy  z', '5c520a3b969a5d08a668090d1390a65e8298d32b95441c24d9d14ff6a4693be2'],
  ['\u00e9  \u00fc\n', '2633dce95b1d3d34e2af8618a19c1835ffc4c6a38d491163979200376fe3916f'],
])('checksum of %j', (text, checksum) => expect(checksumOfText(text)).toEqual({ name: 'sha256', checksum }));
