import { expect, test } from 'vitest';
import { FAKER_METHODS } from './faker-methods.ts';

// What gives a list, an object, or needs a function: it makes no cell.
const NO_CELL: ReadonlySet<string> = new Set(
  `airline.airline airline.airplane airline.airport color.cmyk color.colorByCSSColorSpace color.hsl color.hwb color.lab
  color.lch date.betweens finance.currency helpers.arrayElements helpers.enumValue helpers.multiple helpers.objectEntry
  helpers.objectKey helpers.objectValue helpers.shuffle helpers.uniqueArray image.urlLoremFlickr location.language
  location.nearbyGPSCoordinate science.chemicalElement science.unit`.split(/\s+/),
);

test('the list of methods is that of the installed faker', async () => {
  const { faker } = await import('@faker-js/faker/locale/en');
  const installed: string[] = [];
  for (const [module, owner] of Object.entries(faker as unknown as Record<string, unknown>)) {
    if (typeof owner !== 'object' || owner === null || module === 'fakerCore') continue;
    for (let p: object = owner; p !== Object.prototype; p = Object.getPrototypeOf(p) as object) {
      for (const name of Object.getOwnPropertyNames(p)) {
        if (name !== 'constructor' && typeof (owner as Record<string, unknown>)[name] === 'function') installed.push(`${module}.${name}`);
      }
    }
  }
  const listed = [...new Set(installed)].filter((name) => !NO_CELL.has(name)).sort();
  expect([...FAKER_METHODS].sort()).toEqual(listed);
});
